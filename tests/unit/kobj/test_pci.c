/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/class.h"
#include "transcall/kobj/pci.h"

static struct fake_guest g;
static gva_t bus, devices, subsys;

static void members(void)
{
	FAKE_MEMBERS(&g, {F_subsys_private_devices, 16}, {F_device_private_bus_node, 16},
		     {F_device_private_bus_list, 8}, {F_device_private_device, 8},
		     {F_subsys_private_bus, 8}, {F_subsys_private_entry, 16}, {F_kset_list, 16});
	FAKE_MEMBERS(&g, {F_pci_dev_device, 64}, {F_pci_dev_bus, 8}, {F_pci_dev_devfn, 4},
		     {F_pci_dev_vendor, 2}, {F_pci_dev_id, 2}, {F_pci_dev_irq, 4},
		     {F_pci_dev_driver, 8}, {F_pci_dev_resource, 64 * PCI_RESOURCES});
	fake_field(&g, F_resource_start, 0, 8);
	fake_field(&g, F_resource_end, 8, 8);
	fake_field(&g, F_resource_flags, 16, 8);
	g.p.sizes[SIZE_resource] = 64;
	fake_field(&g, F_pci_driver_name, 16, 8);
	fake_field(&g, F_pci_bus_number, 8, 1);
}

/* A bus that says itself where its devices are, as until 6.3. */
static void set_up(void)
{
	fake_guest_init(&g);
	members();
	subsys = fake_object(&g);
	devices = kfield_at(&g.k, subsys, F_subsys_private_devices);
	fake_list(&g, devices);
	fake_field(&g, F_bus_type_p, 8, 8);
	bus = fake_symbol(&g, S_pci_bus_type, 64);
	fake_set(&g, bus, F_bus_type_p, subsys.v);
}

static gva_t region(gva_t device, unsigned i)
{
	return gva_add(kfield_at(&g.k, device, F_pci_dev_resource), 64 * (uint64_t)i);
}

static gva_t add_device(gva_t *ret_private)
{
	gva_t device = fake_object(&g), number = fake_object(&g);

	*ret_private = fake_object(&g);
	fake_set(&g, number, F_pci_bus_number, 3);
	fake_set(&g, device, F_pci_dev_bus, number.v);
	fake_set(&g, device, F_pci_dev_devfn, 0x108); /* an unsigned int of which 8 bits count */
	fake_set(&g, device, F_pci_dev_vendor, 0x8086);
	fake_set(&g, device, F_pci_dev_id, 0x2922);
	fake_set(&g, device, F_pci_dev_irq, 24);
	fake_set(&g, region(device, 6), F_resource_start, 0xc0000);
	fake_set(&g, *ret_private, F_device_private_device,
		 kfield_at(&g.k, device, F_pci_dev_device).v);
	fake_list_add(&g, devices, kfield_at(&g.k, *ret_private, F_device_private_bus_node));
	return device;
}

static const struct err *first(struct pci_device *ret)
{
	struct list_iter it;

	TRY(pci_devices_init(&it, &g.k));
	return pci_devices_next(&it, &g.k, ret);
}

TEST(pci, a_device_has_numbers_regions_and_perhaps_a_driver)
{
	struct pci_device d;
	gva_t device, private, driver;

	set_up();
	device = add_device(&private);
	CHECK_OK(first(&d));
	CU_ASSERT_EQUAL(d.bus, 3);
	CU_ASSERT_EQUAL(d.devfn, 8);
	CU_ASSERT_EQUAL(d.vendor, 0x8086);
	CU_ASSERT_EQUAL(d.id, 0x2922);
	CU_ASSERT_EQUAL(d.irq, 24);
	CU_ASSERT_EQUAL(d.resources[6].start, 0xc0000);
	CU_ASSERT_STRING_EQUAL(d.driver, "");
	fake_set(&g, region(device, 2), F_resource_flags, 0x80000000);
	CHECK_OK(first(&d));
	CU_ASSERT_STRING_EQUAL(d.driver, "compat");
	driver = fake_object(&g);
	fake_set(&g, driver, F_pci_driver_name, fake_str(&g, "ahci").v);
	fake_set(&g, device, F_pci_dev_driver, driver.v);
	CHECK_OK(first(&d));
	CU_ASSERT_STRING_EQUAL(d.driver, "ahci");
}

TEST(pci, devices_that_are_going_are_not_shown)
{
	struct pci_device d;
	struct list_iter it;
	gva_t going, staying;

	set_up();
	add_device(&going);
	fake_set(&g, going, F_device_private_bus_list, devices.v | 1);
	add_device(&staying);
	CHECK_OK(pci_devices_init(&it, &g.k));
	CHECK_OK(pci_devices_next(&it, &g.k, &d));
	CU_ASSERT(!gva_is_null(d.at));
	CHECK_OK(pci_devices_next(&it, &g.k, &d));
	CU_ASSERT(gva_is_null(d.at));
}

TEST(pci, a_bus_that_does_not_say_where_its_devices_are_is_looked_for)
{
	struct pci_device d;
	gva_t set, private;

	set_up();
	add_device(&private);
	g.p.fields[F_bus_type_p] = (struct field){0};
	set = fake_object(&g);
	fake_variable(&g, S_bus_kset, set.v);
	fake_list(&g, kfield_at(&g.k, set, F_kset_list));
	CHECK_ERR(first(&d), ERR_ABSENT);
	fake_list_add(&g, kfield_at(&g.k, set, F_kset_list),
		      kfield_at(&g.k, subsys, F_subsys_private_entry));
	CHECK_ERR(first(&d), ERR_ABSENT); /* another bus */
	fake_set(&g, subsys, F_subsys_private_bus, bus.v);
	CHECK_OK(first(&d));
	CU_ASSERT_EQUAL(d.id, 0x2922);
}

TEST(pci, devices_without_end_are_a_race_and_one_of_nowhere_a_fault)
{
	struct pci_device d;
	struct list_iter it;
	gva_t private, node;
	const struct err *e = NULL;

	set_up();
	add_device(&private);
	node = kfield_at(&g.k, private, F_device_private_bus_node);
	fake_u64(&g, node, node.v);
	CHECK_OK(pci_devices_init(&it, &g.k));
	for (unsigned i = 0; !e && i <= CLASS_DEVICES_MAX; i++)
		e = pci_devices_next(&it, &g.k, &d);
	CHECK_ERR(e, ERR_RACE);
	set_up();
	add_device(&private);
	fake_set(&g, private, F_device_private_device, 0x1000);
	CHECK_ERR(first(&d), ERR_FAULT);
}
