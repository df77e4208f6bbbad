/* SPDX-License-Identifier: GPL-2.0-or-later */
/* input - input devices and what handles them (drivers/input/input.c). */
#ifndef TC_KOBJ_INPUT_H
#define TC_KOBJ_INPUT_H

#include "transcall/kobj/list.h"

#define INPUT_NAME_BYTES 128
#define INPUT_PATH_BYTES 512
#define INPUT_MAX        4096 /* devices, handlers, handlers of a device */

struct input_device {
	gva_t at; /* struct input_dev; null: the end */
	uint16_t bus, vendor, product, version;
	char name[INPUT_NAME_BYTES], phys[INPUT_NAME_BYTES], unique[INPUT_NAME_BYTES];
	char path[INPUT_PATH_BYTES]; /* below /sys */
};

struct input_handler {
	gva_t at; /* null: the end */
	char name[INPUT_NAME_BYTES];
	bool filters, has_minor;
	int32_t minor;
};

MUST_CHECK const struct err *input_devices_init(struct list_iter *it, const struct kernel *k);
MUST_CHECK const struct err *input_devices_next(struct list_iter *it, const struct kernel *k,
						struct input_device *ret);

/* Names of the handles by which @device is handled; "": the end. */
MUST_CHECK const struct err *input_handles_init(struct list_iter *it, const struct kernel *k,
						gva_t device);
MUST_CHECK const struct err *input_handles_next(struct list_iter *it, const struct kernel *k,
						char ret[static INPUT_NAME_BYTES]);

MUST_CHECK const struct err *input_handlers_init(struct list_iter *it, const struct kernel *k);
MUST_CHECK const struct err *input_handlers_next(struct list_iter *it, const struct kernel *k,
						 struct input_handler *ret);

#endif
