/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Device numbers. Input: attacker-controlled. */
#include "transcall/kobj/devnum.h"

#include <string.h>

#define HASH_SIZE 255   /* CHRDEV_MAJOR_HASH_SIZE, BLKDEV_MAJOR_HASH_SIZE */
#define STEPS_MAX 65536 /* entries looked at in one walk */

/* The two tables are alike: hashed by major, chained. */
static const struct {
	enum symbol_id table;
	enum field_id next, major, name;
} kinds[] = {
	[DEVNUM_CHAR] = {S_chrdevs, F_char_device_struct_next, F_char_device_struct_major,
			 F_char_device_struct_name},
	[DEVNUM_BLOCK] = {S_major_names, F_blk_major_name_next, F_blk_major_name_major,
			  F_blk_major_name_name},
};

static const struct err *number_read(const struct kernel *k, gva_t at, enum field_id id,
				     uint32_t *ret)
{
	uint64_t number;

	TRY(kfield_uint(k, at, id, &number));
	*ret = (uint32_t)number;
	return NULL;
}

void devnum_majors_init(struct devnum_iter *it, enum devnum_kind kind)
{
	*it = (struct devnum_iter){.kind = kind};
}

/* The next entry of any major whose chain is walked; null: the chain has ended. */
static const struct err *chain_next(struct devnum_iter *it, const struct kernel *k, gva_t *ret)
{
	gva_t table = kernel_symbol(k, kinds[it->kind].table);

	if (it->steps++ == STEPS_MAX) {
		it->major = DEVNUM_CHAR_MAJORS; /* the end */
		return ERR_AT(ERR_RACE, table.v, "a table of device numbers does not end");
	}
	if (!it->is_in_chain)
		TRY(kread_ptr(k, gva_add(table, 8 * (uint64_t)(it->major % HASH_SIZE)), &it->next));
	it->is_in_chain = true;
	*ret = it->next;
	return gva_is_null(*ret) ? NULL : kfield_ptr(k, *ret, kinds[it->kind].next, &it->next);
}

static const struct err *majors_step(struct devnum_iter *it, const struct kernel *k,
				     struct devnum *ret)
{
	while (it->major < DEVNUM_CHAR_MAJORS) {
		TRY(chain_next(it, k, &ret->at));
		if (gva_is_null(ret->at)) {
			it->major++;
			it->is_in_chain = false;
			continue;
		}
		TRY(number_read(k, ret->at, kinds[it->kind].major, &ret->number));
		if (ret->number == it->major)
			return kfield_str(k, ret->at, kinds[it->kind].name, ret->name,
					  sizeof(ret->name));
	}
	ret->at = gva(0);
	return NULL;
}

const struct err *devnum_majors_next(struct devnum_iter *it, const struct kernel *k,
				     struct devnum *ret)
{
	const struct err *e = majors_step(it, k, ret);

	if (e && e->kind == ERR_FAULT) { /* the rest of the chain is lost */
		it->major++;
		it->is_in_chain = false;
	}
	return e;
}

const struct err *devnum_misc_init(struct list_iter *it, const struct kernel *k)
{
	return list_init(it, k, kernel_symbol(k, S_misc_list));
}

const struct err *devnum_misc_next(struct list_iter *it, const struct kernel *k, struct devnum *ret)
{
	gva_t name;

	if (it->steps > DEVNUM_MISC_MAX) {
		it->next = it->head; /* the end */
		it->steps = 0;
		return ERR(ERR_RACE, "more than %u misc devices", DEVNUM_MISC_MAX);
	}
	TRY(list_next(it, k, &ret->at));
	if (gva_is_null(ret->at))
		return NULL;
	ret->at = kfield_container(k, ret->at, F_miscdevice_list);
	TRY(number_read(k, ret->at, F_miscdevice_minor, &ret->number));
	TRY(kfield_ptr(k, ret->at, F_miscdevice_name, &name));
	ret->name[0] = 0;
	return gva_is_null(name) ? NULL : kread_str(k, name, ret->name, sizeof(ret->name));
}

const struct err *devnum_fb_read(const struct kernel *k, unsigned index, struct devnum *ret)
{
	gva_t table = kernel_symbol(k, S_registered_fb);

	TRY(kread_ptr(k, gva_add(table, 8 * (uint64_t)index), &ret->at));
	if (gva_is_null(ret->at))
		return NULL;
	TRY(number_read(k, ret->at, F_fb_info_node, &ret->number));
	return kfield_str(k, ret->at, F_fb_info_id, ret->name, sizeof(ret->name));
}
