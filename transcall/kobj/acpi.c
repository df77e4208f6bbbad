/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices that wake the machine. Input: attacker-controlled. */
#include "transcall/kobj/acpi.h"

#include <string.h>

/* device_may_wakeup() */
static const struct err *device_may_wakeup(const struct kernel *k, gva_t device, bool *ret)
{
	uint64_t can;
	gva_t source = gva(0);

	TRY(kfield_uint(k, device, F_device_can_wakeup, &can));
	if (profile_has(k->profile, F_device_wakeup))
		TRY(kfield_ptr(k, device, F_device_wakeup, &source));
	*ret = can && !gva_is_null(source);
	return NULL;
}

/* The next entry of a list whose links are @member; null: the end. */
static const struct err *entry_next(struct list_iter *it, const struct kernel *k,
				    enum field_id member, gva_t *ret)
{
	gva_t link;

	*ret = gva(0);
	if (it->steps > ACPI_WAKERS_MAX)
		return ERR_AT(ERR_RACE, it->head.v, "more than %u wakers", ACPI_WAKERS_MAX);
	TRY(list_next(it, k, &link));
	if (!gva_is_null(link))
		*ret = kfield_container(k, link, member);
	return NULL;
}

const struct err *acpi_wakers_init(struct list_iter *it, const struct kernel *k)
{
	gva_t list = kernel_symbol(k, S_acpi_wakeup_device_list);

	if (gva_is_null(list) || !profile_has(k->profile, F_acpi_device_wakeup_list))
		return ERR(ERR_ABSENT, "the guest's kernel has no ACPI");
	return list_init(it, k, list);
}

const struct err *acpi_wakers_next(struct list_iter *it, const struct kernel *k,
				   struct acpi_waker *ret)
{
	uint64_t valid;

	*ret = (struct acpi_waker){0};
	TRY(entry_next(it, k, F_acpi_device_wakeup_list, &ret->at));
	if (gva_is_null(ret->at))
		return NULL;
	TRY(kfield_uint(k, ret->at, F_acpi_device_wakeup_valid, &valid));
	ret->valid = valid != 0;
	TRY(kfield_uint(k, ret->at, F_acpi_device_sleep_state, &ret->sleep_state));
	TRY(kfield_str(k, ret->at, F_acpi_device_bus_id, ret->id, sizeof(ret->id)));
	return device_may_wakeup(k, kfield_at(k, ret->at, F_acpi_device_dev), &ret->enabled);
}

const struct err *acpi_nodes_init(struct list_iter *it, const struct kernel *k,
				  const struct acpi_waker *waker)
{
	return list_init(it, k, kfield_at(k, waker->at, F_acpi_device_nodes));
}

/* The string that a member points to; "" where it points to none. */
static const struct err *text_read(const struct kernel *k, gva_t object, enum field_id id,
				   char ret[static ACPI_NAME_BYTES])
{
	gva_t at;

	*ret = 0;
	TRY(kfield_ptr(k, object, id, &at));
	return gva_is_null(at) ? NULL : kread_str(k, at, ret, ACPI_NAME_BYTES);
}

static const struct err *node_read(const struct kernel *k, gva_t device, struct acpi_node *ret)
{
	gva_t bus;

	TRY(device_may_wakeup(k, device, &ret->enabled));
	TRY(text_read(k, device, F_device_name, ret->name));
	TRY(kfield_ptr(k, device, F_device_bus, &bus));
	strcpy(ret->bus, "no-bus");
	return gva_is_null(bus) ? NULL : text_read(k, bus, F_bus_type_name, ret->bus);
}

const struct err *acpi_nodes_next(struct list_iter *it, const struct kernel *k,
				  struct acpi_node *ret)
{
	gva_t device = gva(0);

	while (gva_is_null(device)) {
		*ret = (struct acpi_node){0};
		TRY(entry_next(it, k, F_acpi_device_physical_node_link, &ret->at));
		if (gva_is_null(ret->at))
			return NULL;
		TRY(kfield_ptr(k, ret->at, F_acpi_device_physical_node_dev, &device));
	}
	return node_read(k, device, ret);
}
