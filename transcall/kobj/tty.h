/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tty - terminals: the drivers' list, and the controlling terminal of a process. */
#ifndef TC_KOBJ_TTY_H
#define TC_KOBJ_TTY_H

#include "transcall/kobj/list.h"
#include "transcall/kobj/task.h"

#define TTY_NAME_BYTES  64
#define TTY_DRIVERS_MAX 256
#define TTY_PTS_MAJOR   136 /* UNIX98_PTY_SLAVE_MAJOR, and how many majors follow */
#define TTY_PTS_MAJORS  8

struct tty_driver {
	gva_t at;
	char driver_name[TTY_NAME_BYTES]; /* "pty_slave" */
	char name[TTY_NAME_BYTES];        /* "pts": devices are /dev/NAME, but /dev/pts/N */
	uint32_t name_base, major, minor_start, num, type, subtype;
};
MUST_CHECK const struct err *tty_driver_read(const struct kernel *k, gva_t at,
					     struct tty_driver *ret);

/* Walk over the list tty_drivers; @ret null: the end. */
MUST_CHECK const struct err *tty_drivers_init(struct list_iter *it, const struct kernel *k);
MUST_CHECK const struct err *tty_drivers_next(struct list_iter *it, const struct kernel *k,
					      gva_t *ret);

/*
 * Line discipline @number (< tty_ldisc_count()): its name, "???" where it has none.
 * ABSENT: it is not registered.
 */
unsigned tty_ldisc_count(const struct kernel *k);
MUST_CHECK const struct err *tty_ldisc_name(const struct kernel *k, unsigned number,
					    char ret[static TTY_NAME_BYTES]);

/* A terminal that a process controls. */
struct tty {
	gva_t at; /* struct tty_struct; null: none */
	uint32_t major, minor;
	gva_t pgrp;                /* struct pid of its foreground process group */
	char name[TTY_NAME_BYTES]; /* tty_struct.name: "pts0", "tty1" */
};

MUST_CHECK const struct err *tty_read(const struct kernel *k, gva_t at, struct tty *ret);

/* The controlling terminal of @t's process; ret->at null: none. */
MUST_CHECK const struct err *tty_of_task(const struct kernel *k, const struct task *t,
					 struct tty *ret);

/* Path below /dev: "pts/0", "tty1", "ttyS0". */
void tty_path(const struct tty *tty, char *ret, size_t size_bytes);

#endif
