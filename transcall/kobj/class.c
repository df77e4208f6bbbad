/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices of a class or a bus. Input: attacker-controlled. */
#include "transcall/kobj/class.h"

#define KNODE_DEAD 1 /* lib/klist.c: in klist_node.n_klist */

/*
 * class_to_subsys(), bus_to_subsys(): since 6.4 the class or bus at @owner does not say it; all of
 * the kset at @kset are looked through.
 */
static const struct err *subsys_search(const struct kernel *k, enum symbol_id kset,
				       enum field_id member, gva_t owner, gva_t *ret)
{
	struct list_iter it;
	gva_t set, entry, of;

	TRY(kread_ptr(k, kernel_symbol(k, kset), &set));
	TRY(list_init(&it, k, kfield_at(k, set, F_kset_list)));
	for (;;) {
		TRY(list_next(&it, k, &entry));
		if (gva_is_null(entry))
			return ERR_AT(ERR_ABSENT, owner.v, "the class or bus is not registered");
		*ret = kfield_container(k, entry, F_subsys_private_entry);
		TRY(kfield_ptr(k, *ret, member, &of));
		if (gva_equal(of, owner))
			return NULL;
	}
}

/* The next device of a klist whose nodes are @node; @list: the node's own pointer to the klist. */
static const struct err *device_next(struct list_iter *it, const struct kernel *k,
				     enum field_id node, enum field_id list, gva_t *ret)
{
	for (;;) {
		gva_t private, of;

		*ret = gva(0);
		TRY(list_next(it, k, &private));
		if (gva_is_null(private))
			return NULL;
		if (it->steps > CLASS_DEVICES_MAX)
			return ERR_AT(ERR_RACE, private.v, "a class or bus has too many devices");
		private = kfield_container(k, private, node);
		TRY(kfield_ptr(k, private, list, &of));
		if (!(of.v & KNODE_DEAD))
			return kfield_ptr(k, private, F_device_private_device, ret);
	}
}

const struct err *class_devices_init(struct list_iter *it, const struct kernel *k,
				     enum symbol_id class)
{
	gva_t at = kernel_symbol(k, class), subsys;

	if (profile_has(k->profile, F_class_p))
		TRY(kfield_ptr(k, at, F_class_p, &subsys));
	else
		TRY(subsys_search(k, S_class_kset, F_subsys_private_class, at, &subsys));
	return list_init(it, k, kfield_at(k, subsys, F_subsys_private_devices));
}

const struct err *class_devices_next(struct list_iter *it, const struct kernel *k, gva_t *ret)
{
	return device_next(it, k, F_device_private_class_node, F_device_private_class_list, ret);
}

const struct err *bus_devices_init(struct list_iter *it, const struct kernel *k, enum symbol_id bus)
{
	gva_t at = kernel_symbol(k, bus), subsys;

	if (profile_has(k->profile, F_bus_type_p))
		TRY(kfield_ptr(k, at, F_bus_type_p, &subsys));
	else
		TRY(subsys_search(k, S_bus_kset, F_subsys_private_bus, at, &subsys));
	return list_init(it, k, kfield_at(k, subsys, F_subsys_private_devices));
}

const struct err *bus_devices_next(struct list_iter *it, const struct kernel *k, gva_t *ret)
{
	return device_next(it, k, F_device_private_bus_node, F_device_private_bus_list, ret);
}
