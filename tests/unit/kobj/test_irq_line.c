/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/irq.h"

static struct fake_guest g;
static gva_t desc, chip, counts;

/* One line of a chip, with a handler; counted as before 6.10. */
static void set_up(void)
{
	gva_t action;

	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_irq_desc_status, 4}, {F_irq_desc_action, 8}, {F_irq_desc_kstat_irqs, 8},
		     {F_irq_desc_hwirq, 8}, {F_irq_desc_name, 8}, {F_irq_desc_chip, 8},
		     {F_irq_desc_domain, 8}, {F_irq_desc_state, 4}, {F_irq_desc_affinity, 8},
		     {F_irq_desc_pending_mask, 8}, {F_irq_desc_affinity_hint, 8});
	FAKE_MEMBERS(&g, {F_irq_chip_name, 8}, {F_irq_chip_print, 8});
	FAKE_MEMBERS(&g, {F_irqaction_name, 8}, {F_irqaction_next, 8});
	fake_field(&g, F_task_struct_cpus_mask, 0, 1024);
	fake_symbol_at(&g, S_chained_action, gva(0x5000));
	desc = fake_object(&g);
	chip = fake_object(&g);
	action = fake_object(&g);
	counts = fake_alloc(&g, 64, 8);
	fake_set(&g, chip, F_irq_chip_name, fake_str(&g, "IO-APIC").v);
	fake_set(&g, action, F_irqaction_name, fake_str(&g, "timer").v);
	fake_set(&g, desc, F_irq_desc_chip, chip.v);
	fake_set(&g, desc, F_irq_desc_domain, 1);
	fake_set(&g, desc, F_irq_desc_hwirq, 2);
	fake_set(&g, desc, F_irq_desc_name, fake_str(&g, "edge").v);
	fake_set(&g, desc, F_irq_desc_action, action.v);
	fake_set(&g, desc, F_irq_desc_kstat_irqs, counts.v);
	fake_u32(&g, counts, 183);
}

TEST(irq_line, has_a_chip_a_flow_and_handlers)
{
	char name[IRQ_NAME_BYTES];
	struct irq_line line;
	uint32_t count;
	gva_t next;

	set_up();
	CHECK_OK(irq_line_read(&g.k, desc, &line));
	CU_ASSERT(!line.is_hidden && line.has_chip && line.has_domain);
	CU_ASSERT_STRING_EQUAL(line.chip, "IO-APIC");
	CU_ASSERT_STRING_EQUAL(line.flow, "edge");
	CU_ASSERT_EQUAL(line.hwirq, 2);
	CHECK_OK(irq_action_read(&g.k, line.action, name, &next));
	CU_ASSERT_STRING_EQUAL(name, "timer");
	CU_ASSERT(gva_is_null(next));
	CHECK_OK(irq_count_on(&g.k, line.counts, 0, &count));
	CU_ASSERT_EQUAL(count, 183);
}

static bool is_hidden(void)
{
	struct irq_line line = {.is_hidden = false};

	CHECK_OK(irq_line_read(&g.k, desc, &line));
	return line.is_hidden;
}

TEST(irq_line, is_hidden_where_nothing_handles_it_and_nothing_came)
{
	set_up();
	fake_set(&g, desc, F_irq_desc_action, 0);
	CU_ASSERT(!is_hidden());
	fake_u32(&g, counts, 0);
	CU_ASSERT(is_hidden());
	set_up();
	fake_set(&g, desc, F_irq_desc_action, 0x5000);
	fake_field(&g, F_irqstat_cnt, 0, 4); /* as since 6.10 */
	CU_ASSERT(is_hidden());
	set_up();
	fake_set(&g, desc, F_irq_desc_status, 1u << 20);
	CU_ASSERT(is_hidden());
}

TEST(irq_line, of_a_chip_that_prints_itself_is_not_made_up)
{
	struct irq_line line;

	set_up();
	fake_set(&g, chip, F_irq_chip_print, 1);
	CHECK_ERR(irq_line_read(&g.k, desc, &line), ERR_ABSENT);
	fake_set(&g, desc, F_irq_desc_chip, 0x1000);
	CHECK_ERR(irq_line_read(&g.k, desc, &line), ERR_FAULT);
}

TEST(irq_line, affinity_is_what_was_asked_for_last)
{
	gva_t now = gva(0), asked;
	struct cpu_set set;

	set_up();
	g.k.cpu_count = 4;
	now = fake_alloc(&g, 8, 8);
	asked = fake_alloc(&g, 8, 8);
	fake_u64(&g, now, 3);
	fake_u64(&g, asked, 8);
	fake_set(&g, desc, F_irq_desc_affinity, now.v);
	fake_set(&g, desc, F_irq_desc_pending_mask, asked.v);
	CHECK_OK(irq_affinity(&g.k, desc, &set));
	CU_ASSERT_EQUAL(set.bits[0], 3);
	fake_set(&g, desc, F_irq_desc_state, 1u << 8);
	CHECK_OK(irq_affinity(&g.k, desc, &set));
	CU_ASSERT_EQUAL(set.bits[0], 8);
	CHECK_OK(irq_affinity_hint(&g.k, desc, &set));
	CU_ASSERT_EQUAL(set.bits[0], 0);
}
