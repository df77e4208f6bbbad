/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_symbols.h"
#include "transcall/kobj/orc.h"
#include "transcall/kobj/stack.h"
#include "transcall/kobj/wchan.h"

/* Text of 1 KiB: a scheduler function that schedule() calls, schedule() itself, two others. */
#define TEXT      (FAKE_BASE + 0x1000)
#define INNER     (TEXT + 0x100)
#define SCHEDULE  (TEXT + 0x180)
#define SCHED_END (TEXT + 0x200)
#define WAITER    (TEXT + 0x200)
#define LAST      (TEXT + 0x300)
#define ETEXT     (TEXT + 0x400)
#define FRAME     56 /* struct inactive_task_frame */

static const struct fake_named symbols[] = {
	{TEXT, "T_stext"},    {INNER, "t__schedule"}, {SCHEDULE, "Tschedule"},
	{WAITER, "Tdo_wait"}, {LAST, "Tother"},       {ETEXT, "T_etext"},
};

/* Numbers of registers: until 6.15 and since. */
struct numbers {
	unsigned sp, bp, previous_sp, sp_indirect, bp_indirect;
	unsigned call, type_bits;
};
static const struct numbers old_numbers = {5, 4, 1, 9, 8, 0, 2};
static const struct numbers new_numbers = {3, 4, 8, 9, 10, 2, 3};

static struct fake_guest g;
static gva_t task, stack, orc_entries;
static const struct numbers *n;

static uint16_t packed(unsigned sp_reg, unsigned bp_reg, unsigned type)
{
	return (uint16_t)(sp_reg | bp_reg << 4 | type << 8);
}

static void set_entry(unsigned index, int16_t sp_offset, int16_t bp_offset, uint16_t rest)
{
	fake_write(&g, gva_add(orc_entries, 6 * index), &sp_offset, 2);
	fake_write(&g, gva_add(orc_entries, 6 * index + 2), &bp_offset, 2);
	fake_write(&g, gva_add(orc_entries, 6 * index + 4), &rest, 2);
}

/* One entry for each function: all are entered with nothing but the return address on the stack. */
static void write_orc(void)
{
	static const uint64_t starts[] = {TEXT, INNER, SCHEDULE, WAITER, LAST};
	gva_t ips = fake_symbol(&g, S___start_orc_unwind_ip, 4 * 5);
	gva_t lookup = fake_symbol(&g, S_orc_lookup, 4 * 6);

	fake_symbol_at(&g, S___stop_orc_unwind_ip, gva_add(ips, 4 * 5));
	fake_symbol_at(&g, S_orc_lookup_end, gva_add(lookup, 4 * 6));
	orc_entries = fake_symbol(&g, S___start_orc_unwind, 6 * 5);
	for (unsigned i = 0; i < 5; i++) {
		gva_t at = gva_add(ips, 4 * i);

		fake_u32(&g, at, (uint32_t)(starts[i] - at.v));
		set_entry(i, 8, 0, packed(n->sp, 0, n->call));
	}
	/* Blocks of 256 bytes: from the entry that covers their start. */
	static const uint32_t first[] = {0, 1, 3, 4, 4, 4};
	for (unsigned i = 0; i < 6; i++)
		fake_u32(&g, gva_add(lookup, 4 * i), first[i]);
}

static void write_task(void)
{
	fake_field(&g, F_task_struct_state, 0, 4);
	fake_field(&g, F_task_struct_on_rq, 4, 4);
	fake_field(&g, F_task_struct_stack, 8, 8);
	fake_field(&g, F_thread_sp, 16, 8);
	fake_field(&g, F_inactive_task_frame_bp, 40, 8);
	fake_field(&g, F_inactive_task_frame_ret_addr, 48, 8);
	stack = fake_alloc(&g, STACK_BYTES, 64);
	task = fake_alloc(&g, 64, 64);
	fake_set(&g, task, F_task_struct_state, 1);
	fake_set(&g, task, F_task_struct_stack, stack.v);
	fake_set(&g, task, F_thread_sp, stack.v + 0x1000);
	fake_u64(&g, gva_add(stack, 0x1000 + 48), INNER + 5);
}

/* A task in __schedule(), called by schedule(), called by do_wait(). */
static void set_up(const struct numbers *numbers)
{
	n = numbers;
	fake_guest_init(&g);
	g.used = FAKE_BYTES / 4; /* text: nothing is read of it */
	fake_modules(&g);
	fake_kallsyms(&g, FAKE_RELATIVE, symbols, 6);
	fake_symbol_at(&g, S__stext, gva(TEXT));
	fake_symbol_at(&g, S__etext, gva(ETEXT));
	fake_symbol_at(&g, S__end, gva(ETEXT + 0x1000));
	fake_symbol_at(&g, S___sched_text_start, gva(INNER));
	fake_symbol_at(&g, S___sched_text_end, gva(SCHED_END));
	fake_symbol_at(&g, S_schedule, gva(LAST)); /* shows how registers are numbered */
	fake_symbol_at(&g, S___get_wchan, gva(TEXT));
	fake_field(&g, F_orc_entry_type, 4, 4);
	g.p.fields[F_orc_entry_type].bit_offset = 8;
	g.p.fields[F_orc_entry_type].bit_size = (uint8_t)n->type_bits;
	write_orc();
	write_task();
	/* __schedule() keeps 16 bytes, schedule() none. */
	set_entry(1, 24, 0, packed(n->sp, 0, n->call));
	set_entry(2, 8, 0, packed(n->sp, 0, n->call));
	fake_u64(&g, gva_add(stack, 0x1000 + FRAME + 16), SCHEDULE + 9);
	fake_u64(&g, gva_add(stack, 0x1000 + FRAME + 24), WAITER + 0x44);
}

static void check_wchan(const char *expected)
{
	char name[WCHAN_NAME_BYTES] = "";

	CHECK_OK(wchan_name(&g.k, task, name, sizeof(name)));
	CU_ASSERT_STRING_EQUAL(name, expected);
}

TEST(wchan, is_the_first_function_outside_the_scheduler)
{
	set_up(&old_numbers);
	check_wchan("do_wait");
	set_up(&new_numbers);
	check_wchan("do_wait");
}

TEST(wchan, is_nothing_for_tasks_that_do_not_sleep)
{
	set_up(&old_numbers);
	fake_set(&g, task, F_task_struct_state, 0);
	check_wchan("0");
	fake_set(&g, task, F_task_struct_state, 0x200); /* waking */
	check_wchan("0");
	fake_set(&g, task, F_task_struct_state, 1);
	fake_set(&g, task, F_task_struct_on_rq, 1);
	check_wchan("0");
}

TEST(wchan, stays_in_the_scheduler_when_the_stack_ends_there)
{
	set_up(&new_numbers);
	set_entry(2, 0, 0, packed(0, 0, 1)); /* end of stack */
	check_wchan("schedule");
	set_up(&old_numbers);
	set_entry(2, 0, 0, packed(0, 0, 0)); /* undefined register */
	check_wchan("schedule");
}

TEST(wchan, is_nothing_when_an_address_is_no_code)
{
	set_up(&old_numbers);
	fake_u64(&g, gva_add(stack, 0x1000 + FRAME + 24), FAKE_BASE + 4);
	check_wchan("0");
}

TEST(wchan, follows_frame_pointers_where_orc_says_so)
{
	set_up(&new_numbers);
	/* __schedule() saved its caller's bp below the return address, and counts from bp. */
	fake_u64(&g, gva_add(stack, 0x1000 + 40), stack.v + 0x2000);
	set_entry(1, 16, -16, packed(n->bp, n->previous_sp, n->call));
	fake_u64(&g, gva_add(stack, 0x2000), stack.v + 0x2100);
	fake_u64(&g, gva_add(stack, 0x2008), SCHEDULE + 1);
	/* schedule() again, from the bp that was saved. */
	set_entry(2, 16, -16, packed(n->bp, n->previous_sp, n->call));
	fake_u64(&g, gva_add(stack, 0x2108), LAST + 1);
	check_wchan("other");
}

TEST(wchan, follows_indirect_stack_pointers)
{
	set_up(&new_numbers);
	/* The word at sp points at the caller's frame. */
	set_entry(1, 8, 0, packed(n->sp_indirect, 0, n->call));
	fake_u64(&g, gva_add(stack, 0x1000 + FRAME), stack.v + 0x3000);
	fake_u64(&g, gva_add(stack, 0x3000), LAST + 2);
	check_wchan("other");
}

TEST(wchan, takes_code_without_an_entry_for_one_with_frame_pointers)
{
	struct stack_walk w;

	set_up(&new_numbers);
	CHECK_OK(stack_walk_init(&w, &g.k, task));
	w.ip = ETEXT + 0x10;
	w.bp = stack.v + 0x2000;
	fake_u64(&g, gva_add(stack, 0x2008), WAITER);
	CHECK_OK(stack_walk_next(&w));
	CU_ASSERT(!w.done);
	CU_ASSERT_EQUAL(w.ip, WAITER);
	CU_ASSERT_EQUAL(w.sp, stack.v + 0x2010);
}

TEST(wchan, never_reads_outside_the_stack)
{
	set_up(&new_numbers);
	set_entry(1, 16, 0, packed(n->bp, 0, n->call));
	fake_u64(&g, gva_add(stack, 0x1000 + 40), task.v); /* bp leads away */
	check_wchan("__schedule");
	fake_set(&g, task, F_thread_sp, stack.v + STACK_BYTES);
	check_wchan("0");
	fake_set(&g, task, F_thread_sp, stack.v - 8);
	check_wchan("0");
	fake_set(&g, task, F_task_struct_stack, 0); /* freed */
	check_wchan("0");
}

TEST(wchan, ends_on_a_stack_that_does_not_grow)
{
	set_up(&new_numbers);
	/* Every frame of schedule() is 0 bytes long: the walk would stand still. */
	set_entry(1, 0, 0, packed(n->sp, 0, n->call));
	check_wchan("__schedule");
}

TEST(wchan, ends_on_a_scheduler_that_calls_itself_for_ever)
{
	set_up(&new_numbers);
	for (unsigned i = 0; i < 0x1000; i += 8)
		fake_u64(&g, gva_add(stack, 0x1000 + FRAME + i), SCHEDULE + 1);
	check_wchan("schedule");
}

TEST(wchan, walks_frame_pointers_as_old_kernels_did)
{
	set_up(&old_numbers);
	g.p.has_symbol[S___get_wchan] = false;
	check_wchan("0"); /* bp is 0: no frame */
	fake_u64(&g, gva_add(stack, 0x1000 + 40), stack.v + 0x2000);
	fake_u64(&g, gva_add(stack, 0x2000), stack.v + 0x2200);
	fake_u64(&g, gva_add(stack, 0x2008), SCHEDULE + 1);
	fake_u64(&g, gva_add(stack, 0x2208), WAITER + 1);
	check_wchan("do_wait");
	fake_u64(&g, gva_add(stack, 0x2000), stack.v + 0x2000); /* points at itself */
	check_wchan("0");
}

TEST(orc, finds_the_entry_of_each_instruction)
{
	struct orc_entry e;

	set_up(&new_numbers);
	set_entry(3, 64, -32, packed(n->sp, n->previous_sp, n->call));
	CHECK_OK(orc_find(&g.k, gva(WAITER), &e));
	CU_ASSERT_EQUAL(e.sp_offset, 64);
	CU_ASSERT_EQUAL(e.bp_offset, -32);
	CU_ASSERT_EQUAL(e.sp_base, ORC_BASE_SP);
	CU_ASSERT_EQUAL(e.bp_base, ORC_BASE_PREVIOUS_SP);
	CHECK_OK(orc_find(&g.k, gva(WAITER - 1), &e));
	CU_ASSERT_EQUAL(e.sp_offset, 8);
	CHECK_OK(orc_find(&g.k, gva(LAST - 1), &e));
	CU_ASSERT_EQUAL(e.sp_offset, 64);
	CHECK_ERR(orc_find(&g.k, gva(TEXT - 1), &e), ERR_ABSENT);
	CHECK_ERR(orc_find(&g.k, gva(ETEXT), &e), ERR_ABSENT);
}

TEST(orc, knows_frames_with_saved_registers)
{
	struct orc_entry e;

	set_up(&new_numbers);
	set_entry(3, 0, 0, packed(n->sp, 0, n->call + 1));
	CHECK_OK(orc_find(&g.k, gva(WAITER), &e));
	CU_ASSERT_EQUAL(e.frame, ORC_FRAME_REGS);
	set_entry(3, 0, 0, packed(n->sp, 0, 7));
	CHECK_OK(orc_find(&g.k, gva(WAITER), &e));
	CU_ASSERT_EQUAL(e.frame, ORC_FRAME_END);
}

TEST(orc, refuses_lookups_that_lead_nowhere)
{
	struct orc_entry e;

	set_up(&new_numbers);
	gva_t lookup = gva(g.p.symbols[S_orc_lookup]);
	fake_u32(&g, gva_add(lookup, 4 * 2), 5); /* there are five entries */
	CHECK_ERR(orc_find(&g.k, gva(WAITER), &e), ERR_FAULT);
	fake_u32(&g, gva_add(lookup, 4 * 2), 3);
	fake_u32(&g, gva_add(lookup, 4 * 3), UINT32_MAX);
	CHECK_ERR(orc_find(&g.k, gva(WAITER), &e), ERR_FAULT);
	fake_u32(&g, gva_add(lookup, 4 * 3), 1);
	CHECK_ERR(orc_find(&g.k, gva(WAITER), &e), ERR_FAULT);
}

/* The words that the walk needs of struct pt_regs at @at, interrupted at @ip with stack @sp. */
static void write_regs(uint64_t at, uint64_t ip, uint64_t cs, uint64_t sp)
{
	fake_u64(&g, gva(at + 128), ip);
	fake_u64(&g, gva(at + 136), cs);
	fake_u64(&g, gva(at + 152), sp);
}

TEST(stack, goes_on_in_kernel_code_that_was_interrupted)
{
	struct stack_walk w;
	uint64_t regs;

	set_up(&new_numbers);
	regs = stack.v + 0x1000 + FRAME + 24; /* schedule() is where an interrupt left off */
	set_entry(2, 0, 0, packed(n->sp, 0, n->call + 1));
	write_regs(regs, LAST + 7, 0x10, stack.v + 0x2000);
	CHECK_OK(stack_walk_init(&w, &g.k, task));
	CHECK_OK(stack_walk_next(&w));
	CU_ASSERT_EQUAL(w.ip, SCHEDULE + 9);
	CHECK_OK(stack_walk_next(&w));
	CU_ASSERT(!w.done && w.signal);
	CU_ASSERT_EQUAL(w.ip, LAST + 7);
	CU_ASSERT_EQUAL(w.sp, stack.v + 0x2000);
}

TEST(stack, ends_where_a_process_entered_the_kernel)
{
	struct stack_walk w;

	set_up(&new_numbers);
	set_entry(2, 0, 0, packed(n->sp, 0, n->call + 1));
	write_regs(stack.v + 0x1000 + FRAME + 24, 0x401000, 0x33, stack.v + 0x2000);
	CHECK_OK(stack_walk_init(&w, &g.k, task));
	CHECK_OK(stack_walk_next(&w));
	CHECK_OK(stack_walk_next(&w));
	CU_ASSERT(w.done);
	/* registers whose stack pointer goes back would be walked for ever */
	write_regs(stack.v + 0x1000 + FRAME + 24, LAST, 0x10, stack.v + 0x1000);
	CHECK_OK(stack_walk_init(&w, &g.k, task));
	CHECK_OK(stack_walk_next(&w));
	CHECK_OK(stack_walk_next(&w));
	CU_ASSERT(w.done);
}
