/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Terminals. Input: attacker-controlled. */
#include "transcall/kobj/tty.h"

#include <stdio.h>
#include <string.h>

#define MINOR_BITS 20 /* include/linux/kdev_t.h */
#define MINOR_MASK ((1u << MINOR_BITS) - 1)

static const struct err *number_read(const struct kernel *k, gva_t object, enum field_id id,
				     uint32_t *ret)
{
	uint64_t v;

	TRY(kfield_uint(k, object, id, &v));
	*ret = (uint32_t)v;
	return NULL;
}

static const struct err *name_read(const struct kernel *k, gva_t driver, enum field_id id,
				   const char *none, char ret[static TTY_NAME_BYTES])
{
	gva_t at;

	TRY(kfield_ptr(k, driver, id, &at));
	if (!gva_is_null(at))
		return kread_str(k, at, ret, TTY_NAME_BYTES);
	snprintf(ret, TTY_NAME_BYTES, "%s", none);
	return NULL;
}

const struct err *tty_driver_read(const struct kernel *k, gva_t at, struct tty_driver *ret)
{
	ret->at = at;
	TRY(name_read(k, at, F_tty_driver_driver_name, "unknown", ret->driver_name));
	TRY(name_read(k, at, F_tty_driver_name, "(null)", ret->name));
	TRY(number_read(k, at, F_tty_driver_name_base, &ret->name_base));
	TRY(number_read(k, at, F_tty_driver_major, &ret->major));
	TRY(number_read(k, at, F_tty_driver_minor_start, &ret->minor_start));
	TRY(number_read(k, at, F_tty_driver_num, &ret->num));
	TRY(number_read(k, at, F_tty_driver_type, &ret->type));
	return number_read(k, at, F_tty_driver_subtype, &ret->subtype);
}

const struct err *tty_drivers_init(struct list_iter *it, const struct kernel *k)
{
	return list_init(it, k, kernel_symbol(k, S_tty_drivers));
}

const struct err *tty_drivers_next(struct list_iter *it, const struct kernel *k, gva_t *ret)
{
	if (it->steps > TTY_DRIVERS_MAX) {
		it->next = it->head; /* the end */
		it->steps = 0;
		return ERR(ERR_RACE, "more than %u terminal drivers", TTY_DRIVERS_MAX);
	}
	TRY(list_next(it, k, ret));
	if (!gva_is_null(*ret))
		*ret = kfield_container(k, *ret, F_tty_driver_tty_drivers);
	return NULL;
}

/* NR_LDISCS */
unsigned tty_ldisc_count(const struct kernel *k)
{
	return profile_has(k->profile, F_tty_ldisc_ops_lookahead) ? 31 : 30;
}

const struct err *tty_ldisc_name(const struct kernel *k, unsigned number,
				 char ret[static TTY_NAME_BYTES])
{
	gva_t ops;

	TRY(kread_ptr(k, gva_add(kernel_symbol(k, S_tty_ldiscs), 8 * (uint64_t)number), &ops));
	if (gva_is_null(ops))
		return ERR(ERR_ABSENT, "no line discipline %u", number);
	return name_read(k, ops, F_tty_ldisc_ops_name, "???", ret);
}

/* tty_devnum() */
const struct err *tty_read(const struct kernel *k, gva_t at, struct tty *ret)
{
	uint32_t major, minor_start, index;
	gva_t driver;

	ret->at = at;
	TRY(kfield_ptr(k, at, F_tty_struct_driver, &driver));
	TRY(kfield_ptr(k, at, F_tty_struct_pgrp, &ret->pgrp));
	TRY(kfield_str(k, at, F_tty_struct_name, ret->name, sizeof(ret->name)));
	TRY(number_read(k, at, F_tty_struct_index, &index));
	TRY(number_read(k, driver, F_tty_driver_major, &major));
	TRY(number_read(k, driver, F_tty_driver_minor_start, &minor_start));
	uint32_t device = (major << MINOR_BITS | minor_start) + index;
	ret->major = device >> MINOR_BITS;
	ret->minor = device & MINOR_MASK;
	return NULL;
}

const struct err *tty_of_task(const struct kernel *k, const struct task *t, struct tty *ret)
{
	gva_t at;

	*ret = (struct tty){0};
	if (gva_is_null(t->sighand)) /* lock_task_sighand() */
		return NULL;
	TRY(kfield_ptr(k, t->signal, F_signal_struct_tty, &at));
	return gva_is_null(at) ? NULL : tty_read(k, at, ret);
}

void tty_path(const struct tty *tty, char *ret, size_t size_bytes)
{
	/* Unix98 slaves are named "pts7" and lie in a filesystem of their own */
	if (tty->major >= TTY_PTS_MAJOR && tty->major < TTY_PTS_MAJOR + TTY_PTS_MAJORS &&
	    strncmp(tty->name, "pts", 3) == 0)
		snprintf(ret, size_bytes, "pts/%s", tty->name + 3);
	else
		snprintf(ret, size_bytes, "%s", tty->name);
}
