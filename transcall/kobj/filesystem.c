/* SPDX-License-Identifier: GPL-2.0-or-later */
/* File system types. Input: attacker-controlled. */
#include "transcall/kobj/filesystem.h"

#define TYPES_MAX       512u
#define FS_REQUIRES_DEV 1u

const struct err *filesystem_iter_init(struct filesystem_iter *it, const struct kernel *k)
{
	gva_t head = kernel_symbol(k, S_file_systems);

	*it = (struct filesystem_iter){.linked = profile_has(k->profile, F_file_system_type_next)};
	return it->linked ? kread_ptr(k, head, &it->next) : hlist_init(&it->list, k, head);
}

static const struct err *step(struct filesystem_iter *it, const struct kernel *k, gva_t *ret)
{
	gva_t node;

	if (it->linked) {
		*ret = it->next;
		it->next = gva(0); /* an error is the end */
		if (it->steps++ == TYPES_MAX)
			return ERR(ERR_RACE, "the list of file systems does not end");
		return gva_is_null(*ret) ? NULL
					 : kfield_ptr(k, *ret, F_file_system_type_next, &it->next);
	}
	TRY(list_next(&it->list, k, &node));
	*ret = gva_is_null(node) ? node : kfield_container(k, node, F_file_system_type_list);
	return NULL;
}

const struct err *filesystem_iter_next(struct filesystem_iter *it, const struct kernel *k,
				       struct filesystem *ret, bool *ret_end)
{
	uint64_t flags;
	gva_t at, name;

	TRY(step(it, k, &at));
	*ret_end = gva_is_null(at);
	if (*ret_end)
		return NULL;
	TRY(kfield_ptr(k, at, F_file_system_type_name, &name));
	TRY(kread_str(k, name, ret->name, sizeof(ret->name)));
	TRY(kfield_uint(k, at, F_file_system_type_flags, &flags));
	ret->needs_device = flags & FS_REQUIRES_DEV;
	return NULL;
}
