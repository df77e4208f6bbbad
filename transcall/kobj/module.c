/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel modules. Input: attacker-controlled. */
#include "transcall/kobj/module.h"

#define REFERENCES_BASE 1  /* MODULE_REF_BASE, kernel/module */
#define REGIONS_MAX     16 /* MOD_MEM_NUM_TYPES is 7; the first is text */

/* Since 6.4 a module's memory is an array of regions. */
static const struct err *read_regions(const struct kernel *k, gva_t at, struct kmodule *ret)
{
	uint32_t one = k->profile->sizes[SIZE_module_memory];
	uint32_t all = k->profile->fields[F_module_mem].size_bytes;
	gva_t region = kfield_at(k, at, F_module_mem);

	for (uint32_t i = 0; one && i < all / one && i < REGIONS_MAX; i++) {
		uint64_t size;

		TRY(kfield_uint(k, region, F_module_memory_size, &size));
		if (i == 0) {
			TRY(kfield_ptr(k, region, F_module_memory_base, &ret->base));
			ret->text_bytes = size;
		}
		ret->size_bytes += (uint32_t)size;
		region = gva_add(region, one);
	}
	return NULL;
}

static const struct err *read_layouts(const struct kernel *k, gva_t at, struct kmodule *ret)
{
	uint64_t core, init;

	TRY(kfield_uint(k, at, F_module_core_size, &core));
	TRY(kfield_uint(k, at, F_module_init_size, &init));
	TRY(kfield_uint(k, at, F_module_core_text_size, &ret->text_bytes));
	ret->size_bytes = (uint32_t)(core + init);
	return kfield_ptr(k, at, F_module_core_base, &ret->base);
}

const struct err *module_read(const struct kernel *k, gva_t at, struct kmodule *ret)
{
	uint64_t state;
	int64_t references;
	gva_t start, end;

	*ret = (struct kmodule){.at = at};
	TRY(kfield_uint(k, at, F_module_state, &state));
	TRY(kfield_str(k, at, F_module_name, ret->name, sizeof(ret->name)));
	TRY(kfield_int(k, at, F_module_refcnt, &references));
	TRY(kfield_uint(k, at, F_module_taints, &ret->taints));
	TRY(kfield_ptr(k, at, F_module_init, &start));
	TRY(kfield_ptr(k, at, F_module_exit, &end));
	ret->state = state < MODULE_UNFORMED ? (enum module_state)state : MODULE_UNFORMED;
	ret->references = (int32_t)(references - REFERENCES_BASE);
	ret->permanent = !gva_is_null(start) && gva_is_null(end);
	if (profile_has(k->profile, F_module_mem))
		return read_regions(k, at, ret);
	return read_layouts(k, at, ret);
}

const struct err *modules_init(struct list_iter *it, const struct kernel *k)
{
	return list_init(it, k, kernel_symbol(k, S_modules));
}

const struct err *modules_next(struct list_iter *it, const struct kernel *k, gva_t *ret)
{
	TRY(list_next(it, k, ret));
	if (!gva_is_null(*ret))
		*ret = kfield_container(k, *ret, F_module_list);
	return NULL;
}

const struct err *module_users_init(struct list_iter *it, const struct kernel *k, gva_t module)
{
	return list_init(it, k, kfield_at(k, module, F_module_source_list));
}

const struct err *module_users_next(struct list_iter *it, const struct kernel *k, gva_t *ret)
{
	gva_t link;

	TRY(list_next(it, k, &link));
	*ret = gva(0);
	if (gva_is_null(link))
		return NULL;
	return kfield_ptr(k, kfield_container(k, link, F_module_use_source_list),
			  F_module_use_source, ret);
}

const struct err *module_of_text(const struct kernel *k, gva_t address, gva_t *ret)
{
	struct list_iter it;
	struct kmodule m;

	TRY(modules_init(&it, k));
	for (;;) {
		TRY(modules_next(&it, k, ret));
		if (gva_is_null(*ret))
			return NULL;
		TRY(module_read(k, *ret, &m));
		if (m.state != MODULE_UNFORMED && address.v - m.base.v < m.text_bytes)
			return NULL;
	}
}
