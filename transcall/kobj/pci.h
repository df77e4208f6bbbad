/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pci - PCI devices, as the kernel found and numbered them (drivers/pci/probe.c). */
#ifndef TC_KOBJ_PCI_H
#define TC_KOBJ_PCI_H

#include "transcall/kobj/list.h"

#define PCI_RESOURCES  7 /* PCI_ROM_RESOURCE + 1: six regions and the ROM */
#define PCI_NAME_BYTES 64

struct pci_resource {
	uint64_t start, end, flags; /* flags: IORESOURCE_* */
};

struct pci_device {
	gva_t at; /* struct pci_dev; null: the end */
	uint8_t bus, devfn;
	uint16_t vendor, id;
	uint32_t irq;
	struct pci_resource resources[PCI_RESOURCES];
	char driver[PCI_NAME_BYTES]; /* "": no driver */
};

/* In the order of /proc/bus/pci/devices. Return: NULL; ABSENT: there is no such bus; RACE; ... */
MUST_CHECK const struct err *pci_devices_init(struct list_iter *it, const struct kernel *k);
MUST_CHECK const struct err *pci_devices_next(struct list_iter *it, const struct kernel *k,
					      struct pci_device *ret);

#endif
