/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sizes and layout of an mm_struct. Input: attacker-controlled. */
#include "transcall/kobj/mm.h"

/* mm_types_task.h: the same since 4.5 */
enum { FILEPAGES, ANONPAGES, SWAPENTS, SHMEMPAGES, COUNTERS };

#define DUMPABLE_MASK 3u /* MMF_DUMPABLE_MASK */
#define DUMP_USER     1u /* SUID_DUMP_USER */
#define DISABLE_THP   24 /* MMF_DISABLE_THP, since 6.18 MMF_DISABLE_THP_COMPLETELY */

static uint64_t positive(int64_t v)
{
	return v < 0 ? 0 : (uint64_t)v;
}

/* percpu_counter_read_positive(), or percpu_counter_sum_positive() */
static const struct err *percpu_counter(const struct kernel *k, gva_t at, bool exact, uint64_t *ret)
{
	int64_t sum;
	gva_t parts;

	TRY(kfield_int(k, at, F_percpu_counter_count, &sum));
	TRY(kfield_ptr(k, at, F_percpu_counter_counters, &parts));
	for (unsigned cpu = 0; exact && cpu < k->cpu_count; cpu++) {
		uint32_t part;

		TRY(kread_u32(k, gva_add(parts, k->percpu_base[cpu]), &part));
		sum = (int64_t)((uint64_t)sum + (uint64_t)(int64_t)(int32_t)part);
	}
	*ret = positive(sum);
	return NULL;
}

static const struct err *counter_read(const struct kernel *k, gva_t mm, unsigned number, bool exact,
				      uint64_t *ret)
{
	uint64_t v;

	if (!profile_has(k->profile, F_mm_struct_rss_stat_count))
		return percpu_counter(
			k,
			gva_add(kfield_at(k, mm, F_mm_struct_rss_stat),
				(uint64_t)number * k->profile->sizes[SIZE_percpu_counter]),
			exact, ret);
	TRY(kread_u64(k, gva_add(kfield_at(k, mm, F_mm_struct_rss_stat_count), 8 * number), &v));
	*ret = positive((int64_t)v);
	return NULL;
}

const struct err *mm_read_counters(const struct kernel *k, gva_t mm, bool exact,
				   struct mm_counters *ret)
{
	TRY(counter_read(k, mm, FILEPAGES, exact, &ret->file));
	TRY(counter_read(k, mm, ANONPAGES, exact, &ret->anon));
	TRY(counter_read(k, mm, SWAPENTS, exact, &ret->swap));
	return counter_read(k, mm, SHMEMPAGES, exact, &ret->shmem);
}

/* A member and where its value goes. */
struct slot {
	enum field_id id;
	uint64_t *to;
};

static const struct err *slots_read(const struct kernel *k, gva_t mm, const struct slot *slots,
				    size_t count)
{
	for (size_t i = 0; i < count; i++)
		TRY(kfield_uint(k, mm, slots[i].id, slots[i].to));
	return NULL;
}

const struct err *mm_read_sizes(const struct kernel *k, gva_t mm, struct mm_sizes *ret)
{
	const struct slot slots[] = {
		{F_mm_struct_total_vm, &ret->total_vm},
		{F_mm_struct_hiwater_vm, &ret->hiwater_vm},
		{F_mm_struct_hiwater_rss, &ret->hiwater_rss},
		{F_mm_struct_locked_vm, &ret->locked_vm},
		{F_mm_struct_pinned_vm, &ret->pinned_vm},
		{F_mm_struct_data_vm, &ret->data_vm},
		{F_mm_struct_exec_vm, &ret->exec_vm},
		{F_mm_struct_stack_vm, &ret->stack_vm},
		{F_mm_struct_pgtables_bytes, &ret->pgtables_bytes},
		{F_mm_struct_hugetlb_usage, &ret->hugetlb_pages},
	};

	return slots_read(k, mm, slots, sizeof(slots) / sizeof(slots[0]));
}

const struct err *mm_read_layout(const struct kernel *k, gva_t mm, struct mm_layout *ret)
{
	const struct slot slots[] = {
		{F_mm_struct_start_code, &ret->start_code},
		{F_mm_struct_end_code, &ret->end_code},
		{F_mm_struct_start_data, &ret->start_data},
		{F_mm_struct_end_data, &ret->end_data},
		{F_mm_struct_start_brk, &ret->start_brk},
		{F_mm_struct_brk, &ret->brk},
		{F_mm_struct_start_stack, &ret->start_stack},
		{F_mm_struct_arg_start, &ret->arg_start},
		{F_mm_struct_arg_end, &ret->arg_end},
		{F_mm_struct_env_start, &ret->env_start},
		{F_mm_struct_env_end, &ret->env_end},
	};

	return slots_read(k, mm, slots, sizeof(slots) / sizeof(slots[0]));
}

/* What exec leaves to the task, since 7.x. */
static const struct err *exec_state_read(const struct kernel *k, gva_t task, bool *ret_open,
					 gva_t *ret_user_ns)
{
	uint64_t dumpable;
	gva_t state;

	TRY(kfield_ptr(k, task, F_task_struct_exec_state, &state));
	TRY(kfield_uint(k, state, F_task_exec_state_dumpable, &dumpable));
	*ret_open = dumpable == DUMP_USER;
	return kfield_ptr(k, state, F_task_exec_state_user_ns, ret_user_ns);
}

const struct err *mm_dump_state(const struct kernel *k, const struct task *t, bool *ret_open,
				gva_t *ret_user_ns)
{
	uint64_t flags;

	*ret_user_ns = gva(0);
	*ret_open = false;
	if (profile_has(k->profile, F_task_struct_exec_state))
		return exec_state_read(k, t->at, ret_open, ret_user_ns);
	if (gva_is_null(t->mm))
		return NULL;
	TRY(kfield_uint(k, t->mm, F_mm_struct_flags, &flags));
	*ret_open = (flags & DUMPABLE_MASK) == DUMP_USER;
	return kfield_ptr(k, t->mm, F_mm_struct_user_ns, ret_user_ns);
}

const struct err *mm_thp_disabled(const struct kernel *k, gva_t mm, bool *ret)
{
	uint64_t flags;

	TRY(kfield_uint(k, mm, F_mm_struct_flags, &flags));
	*ret = flags >> DISABLE_THP & 1;
	return NULL;
}

const struct err *mm_space(const struct kernel *k, gva_t mm, struct memspace *ret)
{
	*ret = k->space;
	return kfield_ptr(k, mm, F_mm_struct_pgd, &ret->pgd);
}
