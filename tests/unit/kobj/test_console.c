/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/console.h"

#include <string.h>

#define UART_FUNCTION UINT64_C(0xffffffff81000010)

static struct fake_guest g;
static gva_t head, serial;

/* ttyS1 of a driver with devices 4:64 to 4:67; consoles linked by pointers, as until 6.1. */
static void set_up(void)
{
	gva_t uart, driver;

	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_console_name, 16}, {F_console_index, 2}, {F_console_flags, 2},
		     {F_console_read, 8}, {F_console_write, 8}, {F_console_unblank, 8},
		     {F_console_device, 8}, {F_console_data, 8}, {F_console_next, 8});
	FAKE_MEMBERS(&g, {F_uart_driver_tty_driver, 8}, {F_tty_driver_major, 4},
		     {F_tty_driver_minor_start, 4});
	head = fake_symbol(&g, S_console_list, 8);
	fake_symbol_at(&g, S_uart_console_device, gva(UART_FUNCTION));
	driver = fake_object(&g);
	fake_set(&g, driver, F_tty_driver_major, 4);
	fake_set(&g, driver, F_tty_driver_minor_start, 64);
	uart = fake_object(&g);
	fake_set(&g, uart, F_uart_driver_tty_driver, driver.v);
	serial = fake_object(&g);
	fake_write(&g, kfield_at(&g.k, serial, F_console_name), "ttyS", 5);
	fake_set(&g, serial, F_console_index, 1);
	fake_set(&g, serial, F_console_flags, CONSOLE_ENABLED | CONSOLE_CONSDEV);
	fake_set(&g, serial, F_console_write, 1);
	fake_set(&g, serial, F_console_device, UART_FUNCTION);
	fake_set(&g, serial, F_console_data, uart.v);
	fake_u64(&g, head, serial.v);
}

static const struct err *first(struct console *ret)
{
	struct console_iter it;

	TRY(console_iter_init(&it, &g.k));
	return console_iter_next(&it, &g.k, ret);
}

TEST(console, a_serial_line_has_its_drivers_device)
{
	struct console_iter it;
	struct console c;

	set_up();
	CHECK_OK(console_iter_init(&it, &g.k));
	CHECK_OK(console_iter_next(&it, &g.k, &c));
	CU_ASSERT_STRING_EQUAL(c.name, "ttyS");
	CU_ASSERT_EQUAL(c.index, 1);
	CU_ASSERT_EQUAL(c.flags, CONSOLE_ENABLED | CONSOLE_CONSDEV);
	CU_ASSERT(!c.reads && c.writes && !c.unblanks && c.has_device);
	CU_ASSERT_EQUAL(c.major, 4);
	CU_ASSERT_EQUAL(c.minor, 65);
	CHECK_OK(console_iter_next(&it, &g.k, &c));
	CU_ASSERT(gva_is_null(c.at));
}

TEST(console, a_device_of_an_unknown_function_is_not_made_up)
{
	struct console c;

	set_up();
	fake_set(&g, serial, F_console_device, UART_FUNCTION + 16);
	CHECK_ERR(first(&c), ERR_ABSENT);
	fake_set(&g, serial, F_console_device, 0);
	CHECK_OK(first(&c));
	CU_ASSERT(!c.has_device);
}

/* Since 6.2: an hlist. */
TEST(console, links_may_be_nodes)
{
	struct console c;

	set_up();
	fake_field(&g, F_console_node, 512, 16);
	fake_u64(&g, head, serial.v + 512);
	CHECK_OK(first(&c));
	CU_ASSERT_STRING_EQUAL(c.name, "ttyS");
}

TEST(console, a_list_without_end_is_a_race_and_one_to_nowhere_a_fault)
{
	struct console_iter it;
	const struct err *e;
	struct console c;

	set_up();
	fake_set(&g, serial, F_console_next, serial.v);
	CHECK_OK(console_iter_init(&it, &g.k));
	do
		e = console_iter_next(&it, &g.k, &c);
	while (!e && !gva_is_null(c.at));
	CHECK_ERR(e, ERR_RACE);
	fake_u64(&g, head, 0x1000);
	CHECK_ERR(first(&c), ERR_FAULT);
}
