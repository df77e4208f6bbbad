/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/bus/pci/devices (drivers/pci/proc.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/pci.h"
#include "transcall/proc/view.h"

#define REGION_FLAGS 0x0fu /* PCI_REGION_FLAG_MASK */

static void device_print(const struct pci_device *d, FILE *out)
{
	fprintf(out, "%02x%02x\t%04x%04x\t%" PRIx32, d->bus, d->devfn, d->vendor, d->id, d->irq);
	for (unsigned i = 0; i < PCI_RESOURCES; i++)
		fprintf(out, "\t%16" PRIx64,
			d->resources[i].start | (d->resources[i].flags & REGION_FLAGS));
	for (unsigned i = 0; i < PCI_RESOURCES; i++) {
		const struct pci_resource *r = &d->resources[i];

		fprintf(out, "\t%16" PRIx64, r->start < r->end ? r->end - r->start + 1 : 0);
	}
	fprintf(out, "\t%s\n", d->driver);
}

const struct err *bus_pci_devices(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct pci_device device;
	struct list_iter it;

	(void)node;
	TRY(pci_devices_init(&it, view->kernel));
	for (;;) {
		const struct err *e = pci_devices_next(&it, view->kernel, &device);

		if (!e && gva_is_null(device.at))
			return NULL;
		if (!e)
			device_print(&device, out);
		TRY(view_pass_over(view, e));
	}
}
