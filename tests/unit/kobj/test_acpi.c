/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/acpi.h"

static struct fake_guest g;
static gva_t wakers, button, nodes;

/* One device, PWRB, that stands for no other. */
static void set_up(void)
{
	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_device_can_wakeup, 1}, {F_device_wakeup, 8}, {F_device_name, 8},
		     {F_device_bus, 8});
	fake_field(&g, F_bus_type_name, 8, 8);
	FAKE_MEMBERS(&g, {F_acpi_device_wakeup_list, 16}, {F_acpi_device_bus_id, 8},
		     {F_acpi_device_wakeup_valid, 1}, {F_acpi_device_sleep_state, 8},
		     {F_acpi_device_nodes, 16}, {F_acpi_device_dev, 256});
	FAKE_MEMBERS(&g, {F_acpi_device_physical_node_link, 16},
		     {F_acpi_device_physical_node_dev, 8});
	wakers = fake_symbol(&g, S_acpi_wakeup_device_list, 16);
	fake_list(&g, wakers);
	button = fake_object(&g);
	fake_write(&g, kfield_at(&g.k, button, F_acpi_device_bus_id), "PWRB", 5);
	fake_set(&g, button, F_acpi_device_wakeup_valid, 1);
	fake_set(&g, button, F_acpi_device_sleep_state, 4);
	nodes = kfield_at(&g.k, button, F_acpi_device_nodes);
	fake_list(&g, nodes);
	fake_list_add(&g, wakers, kfield_at(&g.k, button, F_acpi_device_wakeup_list));
}

static gva_t add_node(gva_t device)
{
	gva_t node = fake_object(&g);

	fake_set(&g, node, F_acpi_device_physical_node_dev, device.v);
	fake_list_add(&g, nodes, kfield_at(&g.k, node, F_acpi_device_physical_node_link));
	return node;
}

static void enable(gva_t device)
{
	fake_set(&g, device, F_device_can_wakeup, 1);
	fake_set(&g, device, F_device_wakeup, 1);
}

static const struct err *first(struct acpi_waker *ret)
{
	struct list_iter it;

	TRY(acpi_wakers_init(&it, &g.k));
	return acpi_wakers_next(&it, &g.k, ret);
}

static const struct err *first_node(struct acpi_node *ret)
{
	struct acpi_waker waker = {.at = button};
	struct list_iter it;

	TRY(acpi_nodes_init(&it, &g.k, &waker));
	return acpi_nodes_next(&it, &g.k, ret);
}

TEST(acpi, a_waker_has_an_id_a_state_and_may_be_enabled)
{
	struct acpi_waker w;
	gva_t device;

	set_up();
	CHECK_OK(first(&w));
	CU_ASSERT(w.valid && !w.enabled);
	CU_ASSERT_EQUAL(w.sleep_state, 4);
	CU_ASSERT_STRING_EQUAL(w.id, "PWRB");
	device = kfield_at(&g.k, button, F_acpi_device_dev);
	fake_set(&g, device, F_device_can_wakeup, 1); /* and nobody asked it to */
	CHECK_OK(first(&w));
	CU_ASSERT(!w.enabled);
	enable(device);
	CHECK_OK(first(&w));
	CU_ASSERT(w.enabled);
}

TEST(acpi, a_waker_stands_for_devices_of_buses)
{
	gva_t device, bus;
	struct acpi_node n;

	set_up();
	CHECK_OK(first_node(&n));
	CU_ASSERT(gva_is_null(n.at));
	add_node(gva(0)); /* passed over */
	device = fake_object(&g);
	fake_set(&g, device, F_device_name, fake_str(&g, "0000:00:1d.0").v);
	enable(device);
	add_node(device);
	CHECK_OK(first_node(&n));
	CU_ASSERT(n.enabled);
	CU_ASSERT_STRING_EQUAL(n.bus, "no-bus");
	CU_ASSERT_STRING_EQUAL(n.name, "0000:00:1d.0");
	bus = fake_object(&g);
	fake_set(&g, bus, F_bus_type_name, fake_str(&g, "pci").v);
	fake_set(&g, device, F_device_bus, bus.v);
	CHECK_OK(first_node(&n));
	CU_ASSERT_STRING_EQUAL(n.bus, "pci");
}

TEST(acpi, wakers_without_end_are_a_race_and_a_node_of_nowhere_a_fault)
{
	gva_t link, node;
	struct acpi_node n;
	struct acpi_waker w;
	struct list_iter it;
	const struct err *e = NULL;

	set_up();
	add_node(gva(0x1000));
	CHECK_ERR(first_node(&n), ERR_FAULT);
	set_up();
	node = add_node(gva(0));
	link = kfield_at(&g.k, node, F_acpi_device_physical_node_link);
	fake_u64(&g, link, link.v);
	CHECK_ERR(first_node(&n), ERR_RACE);
	link = kfield_at(&g.k, button, F_acpi_device_wakeup_list);
	fake_u64(&g, link, link.v);
	CHECK_OK(acpi_wakers_init(&it, &g.k));
	for (unsigned i = 0; !e && i <= ACPI_WAKERS_MAX; i++)
		e = acpi_wakers_next(&it, &g.k, &w);
	CHECK_ERR(e, ERR_RACE);
	g.p.fields[F_acpi_device_wakeup_list] = (struct field){0};
	CHECK_ERR(first(&w), ERR_ABSENT);
}
