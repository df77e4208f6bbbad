/* SPDX-License-Identifier: GPL-2.0-or-later */
/* acpi - devices that firmware describes as able to wake the machine (drivers/acpi/proc.c). */
#ifndef TC_KOBJ_ACPI_H
#define TC_KOBJ_ACPI_H

#include "transcall/kobj/list.h"

#define ACPI_WAKERS_MAX 4096 /* devices, and nodes of a device */
#define ACPI_NAME_BYTES 64

struct acpi_waker {
	gva_t at;   /* struct acpi_device; null: the end */
	bool valid; /* else it is not shown */
	bool enabled;
	uint64_t sleep_state; /* the deepest from which it wakes */
	char id[ACPI_NAME_BYTES];
};

/* Return: NULL; ABSENT: the kernel has no ACPI; RACE; FAULT; fatal. */
MUST_CHECK const struct err *acpi_wakers_init(struct list_iter *it, const struct kernel *k);
MUST_CHECK const struct err *acpi_wakers_next(struct list_iter *it, const struct kernel *k,
					      struct acpi_waker *ret);

/* A device of another bus that a waker stands for. */
struct acpi_node {
	gva_t at; /* struct acpi_device_physical_node; null: the end */
	bool enabled;
	char bus[ACPI_NAME_BYTES]; /* "no-bus": it is on none */
	char name[ACPI_NAME_BYTES];
};

MUST_CHECK const struct err *acpi_nodes_init(struct list_iter *it, const struct kernel *k,
					     const struct acpi_waker *waker);
MUST_CHECK const struct err *acpi_nodes_next(struct list_iter *it, const struct kernel *k,
					     struct acpi_node *ret);

#endif
