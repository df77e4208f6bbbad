/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resource - who has which physical addresses and I/O ports (kernel/resource.c). */
#ifndef TC_KOBJ_RESOURCE_H
#define TC_KOBJ_RESOURCE_H

#include "transcall/kobj/kernel.h"

#define RESOURCE_NAME_BYTES 128
#define RESOURCE_DEPTH_MAX  64
#define RESOURCES_MAX       65536

struct resource {
	gva_t at; /* null: the end */
	uint64_t start, end;
	char name[RESOURCE_NAME_BYTES]; /* "<BAD>": it has none */
	unsigned depth;                 /* 0: directly below the root */
};

struct resource_iter {
	gva_t above[RESOURCE_DEPTH_MAX]; /* whose siblings come after what is below it */
	unsigned depth;
	gva_t next;
	uint32_t steps;
};

/* Walk over all below @root, a struct resource, each before what is below it. */
MUST_CHECK const struct err *resource_iter_init(struct resource_iter *it, const struct kernel *k,
						gva_t root);
/* Return: NULL; RACE: too deep, or without end; FAULT; fatal. After an error comes the end. */
MUST_CHECK const struct err *resource_iter_next(struct resource_iter *it, const struct kernel *k,
						struct resource *ret);

#endif
