/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tasks by their sets of control groups. Input: attacker-controlled. */
#include "transcall/kobj/cssset.h"

#define BUCKETS       128 /* 1 << CSS_SET_HASH_BITS, kernel/cgroup/cgroup.c; since 2.6.24 */
#define POINTER_BYTES 8
#define SETS_MAX      (1u << 20) /* far more than groups can be told apart */

static const enum field_id lists[] = {F_css_set_tasks, F_css_set_mg_tasks, F_css_set_dying_tasks};
#define LISTS (sizeof(lists) / sizeof(lists[0]))

const struct err *cssset_iter_init(struct cssset_iter *it, const struct kernel *k)
{
	it->set = gva(0);
	it->sets_seen = 0;
	return hashwalk_init(&it->sets, kernel_symbol(k, S_css_set_table), BUCKETS, POINTER_BYTES);
}

/* Another count than the kernel's shows that the table is no such one. */
static const struct err *check_count(const struct cssset_iter *it, const struct kernel *k)
{
	uint32_t count;

	TRY(kread_u32(k, kernel_symbol(k, S_css_set_count), &count));
	if (count != it->sets_seen)
		return ERR(ERR_RACE, "%u sets of control groups, of which %u were found", count,
			   it->sets_seen);
	return NULL;
}

/* Go to the next list; it->set null: there is none. */
static const struct err *next_list(struct cssset_iter *it, const struct kernel *k)
{
	if (gva_is_null(it->set) || ++it->list == LISTS) {
		TRY(hashwalk_next(&it->sets, k, &it->set));
		if (gva_is_null(it->set))
			return check_count(it, k);
		if (it->sets_seen++ == SETS_MAX)
			return ERR_AT(ERR_RACE, it->set.v, "sets of control groups do not end");
		it->set = kfield_container(k, it->set, F_css_set_hlist);
		it->list = 0;
	}
	if (!profile_has(k->profile, lists[it->list]))
		return next_list(it, k);
	return list_init(&it->tasks, k, kfield_at(k, it->set, lists[it->list]));
}

const struct err *cssset_iter_next(struct cssset_iter *it, const struct kernel *k, gva_t *ret)
{
	*ret = gva(0);
	for (;;) {
		if (!gva_is_null(it->set))
			TRY(list_next(&it->tasks, k, ret));
		if (!gva_is_null(*ret)) {
			*ret = kfield_container(k, *ret, F_task_struct_cg_list);
			return NULL;
		}
		TRY(next_list(it, k));
		if (gva_is_null(it->set))
			return NULL;
	}
}
