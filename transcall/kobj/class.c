/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Classes of devices. Input: attacker-controlled. */
#include "transcall/kobj/class.h"

#define KNODE_DEAD 1 /* lib/klist.c: in klist_node.n_klist */

/* class_to_subsys(): since 6.4 the class does not say it; all classes are looked through. */
static const struct err *subsys_search(const struct kernel *k, gva_t class, gva_t *ret)
{
	struct list_iter it;
	gva_t set, entry, of;

	TRY(kread_ptr(k, kernel_symbol(k, S_class_kset), &set));
	TRY(list_init(&it, k, kfield_at(k, set, F_kset_list)));
	for (;;) {
		TRY(list_next(&it, k, &entry));
		if (gva_is_null(entry))
			return ERR_AT(ERR_ABSENT, class.v, "the class is not registered");
		*ret = kfield_container(k, entry, F_subsys_private_entry);
		TRY(kfield_ptr(k, *ret, F_subsys_private_class, &of));
		if (gva_equal(of, class))
			return NULL;
	}
}

const struct err *class_devices_init(struct list_iter *it, const struct kernel *k,
				     enum symbol_id class)
{
	gva_t at = kernel_symbol(k, class), subsys;

	if (profile_has(k->profile, F_class_p))
		TRY(kfield_ptr(k, at, F_class_p, &subsys));
	else
		TRY(subsys_search(k, at, &subsys));
	return list_init(it, k, kfield_at(k, subsys, F_subsys_private_devices));
}

const struct err *class_devices_next(struct list_iter *it, const struct kernel *k, gva_t *ret)
{
	for (;;) {
		gva_t list, node;

		*ret = gva(0);
		TRY(list_next(it, k, &node));
		if (gva_is_null(node))
			return NULL;
		if (it->steps > CLASS_DEVICES_MAX)
			return ERR_AT(ERR_RACE, node.v, "a class has too many devices");
		node = kfield_container(k, node, F_device_private_class_node);
		TRY(kfield_ptr(k, node, F_device_private_class_list, &list));
		if (!(list.v & KNODE_DEAD))
			return kfield_ptr(k, node, F_device_private_device, ret);
	}
}
