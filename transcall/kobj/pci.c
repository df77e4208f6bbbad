/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PCI devices. Input: attacker-controlled. */
#include "transcall/kobj/pci.h"

#include <string.h>

#include "transcall/kobj/class.h"

#define RESOURCE_BUSY 0x80000000u /* IORESOURCE_BUSY, include/linux/ioport.h */

static const struct err *resources_read(const struct kernel *k, struct pci_device *d)
{
	gva_t at = kfield_at(k, d->at, F_pci_dev_resource);

	for (unsigned i = 0; i < PCI_RESOURCES; i++) {
		struct pci_resource *r = &d->resources[i];

		TRY(kfield_uint(k, at, F_resource_start, &r->start));
		TRY(kfield_uint(k, at, F_resource_end, &r->end));
		TRY(kfield_uint(k, at, F_resource_flags, &r->flags));
		at = gva_add(at, k->profile->sizes[SIZE_resource]);
	}
	return NULL;
}

/* pci_dev_driver(): where a region is in use without one, pci_compat_driver. */
static const struct err *driver_read(const struct kernel *k, struct pci_device *d)
{
	gva_t driver, name;

	*d->driver = 0;
	TRY(kfield_ptr(k, d->at, F_pci_dev_driver, &driver));
	if (!gva_is_null(driver)) {
		TRY(kfield_ptr(k, driver, F_pci_driver_name, &name));
		return kread_str(k, name, d->driver, sizeof(d->driver));
	}
	for (unsigned i = 0; i < PCI_RESOURCES; i++)
		if (d->resources[i].flags & RESOURCE_BUSY)
			strcpy(d->driver, "compat");
	return NULL;
}

static const struct err *numbers_read(const struct kernel *k, struct pci_device *d)
{
	uint64_t number, devfn, vendor, id, irq;
	gva_t bus;

	TRY(kfield_ptr(k, d->at, F_pci_dev_bus, &bus));
	TRY(kfield_uint(k, bus, F_pci_bus_number, &number));
	TRY(kfield_uint(k, d->at, F_pci_dev_devfn, &devfn));
	TRY(kfield_uint(k, d->at, F_pci_dev_vendor, &vendor));
	TRY(kfield_uint(k, d->at, F_pci_dev_id, &id));
	TRY(kfield_uint(k, d->at, F_pci_dev_irq, &irq));
	d->bus = (uint8_t)number;
	d->devfn = (uint8_t)devfn;
	d->vendor = (uint16_t)vendor;
	d->id = (uint16_t)id;
	d->irq = (uint32_t)irq;
	return NULL;
}

const struct err *pci_devices_init(struct list_iter *it, const struct kernel *k)
{
	return bus_devices_init(it, k, S_pci_bus_type);
}

const struct err *pci_devices_next(struct list_iter *it, const struct kernel *k,
				   struct pci_device *ret)
{
	gva_t device;

	*ret = (struct pci_device){0};
	TRY(bus_devices_next(it, k, &device));
	if (gva_is_null(device))
		return NULL;
	ret->at = kfield_container(k, device, F_pci_dev_device);
	TRY(numbers_read(k, ret));
	TRY(resources_read(k, ret));
	return driver_read(k, ret);
}
