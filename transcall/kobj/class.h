/* SPDX-License-Identifier: GPL-2.0-or-later */
/* class - the devices of a class (drivers/base/class.c), in the order in which they were added. */
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

#endif
