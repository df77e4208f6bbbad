/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * class - the devices of a class or a bus (drivers/base/class.c, bus.c), in the order in which they
 * were added.
 */
#ifndef TC_KOBJ_CLASS_H
#define TC_KOBJ_CLASS_H

#include "transcall/kobj/list.h"

#define CLASS_DEVICES_MAX 65536

/* @class: the struct class's symbol. Return: NULL; ABSENT: no such class; RACE; FAULT; fatal. */
MUST_CHECK const struct err *class_devices_init(struct list_iter *it, const struct kernel *k,
						enum symbol_id class);
/* @ret: a struct device; null: the end. */
MUST_CHECK const struct err *class_devices_next(struct list_iter *it, const struct kernel *k,
						gva_t *ret);

/* The same of a bus; @bus: the struct bus_type's symbol. */
MUST_CHECK const struct err *bus_devices_init(struct list_iter *it, const struct kernel *k,
					      enum symbol_id bus);
MUST_CHECK const struct err *bus_devices_next(struct list_iter *it, const struct kernel *k,
					      gva_t *ret);

#endif
