/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Physical addresses and I/O ports. Input: attacker-controlled. */
#include "transcall/kobj/resource.h"

#include <string.h>

const struct err *resource_iter_init(struct resource_iter *it, const struct kernel *k, gva_t root)
{
	it->depth = 0;
	it->steps = 0;
	return kfield_ptr(k, root, F_resource_child, &it->next);
}

static const struct err *read_one(const struct kernel *k, gva_t at, struct resource *ret)
{
	gva_t name;

	ret->at = at;
	TRY(kfield_uint(k, at, F_resource_start, &ret->start));
	TRY(kfield_uint(k, at, F_resource_end, &ret->end));
	TRY(kfield_ptr(k, at, F_resource_name, &name));
	if (!gva_is_null(name))
		return kread_str(k, name, ret->name, sizeof(ret->name));
	memcpy(ret->name, "<BAD>", sizeof("<BAD>"));
	return NULL;
}

/* next_resource(): what is below @at, else what is beside it or beside what it is in. */
static const struct err *go_on(struct resource_iter *it, const struct kernel *k, gva_t at)
{
	gva_t child;

	TRY(kfield_ptr(k, at, F_resource_child, &child));
	if (!gva_is_null(child)) {
		if (it->depth == RESOURCE_DEPTH_MAX)
			return ERR_AT(ERR_RACE, at.v, "resources in resources are too deep");
		it->above[it->depth++] = at;
		it->next = child;
		return NULL;
	}
	TRY(kfield_ptr(k, at, F_resource_sibling, &it->next));
	while (gva_is_null(it->next) && it->depth)
		TRY(kfield_ptr(k, it->above[--it->depth], F_resource_sibling, &it->next));
	return NULL;
}

const struct err *resource_iter_next(struct resource_iter *it, const struct kernel *k,
				     struct resource *ret)
{
	gva_t at = it->next;

	ret->at = it->next = gva(0);
	if (gva_is_null(at))
		return NULL;
	if (it->steps++ == RESOURCES_MAX)
		return ERR_AT(ERR_RACE, at.v, "resources do not end");
	ret->depth = it->depth;
	TRY(read_one(k, at, ret));
	return go_on(it, k, at);
}
