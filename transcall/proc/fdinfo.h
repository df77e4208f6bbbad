/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fdinfo - the lines of fdinfo that only some kinds of files have (file_operations.show_fdinfo). */
#ifndef TC_PROC_FDINFO_H
#define TC_PROC_FDINFO_H

#include "transcall/kobj/file.h"
#include "transcall/proc/tree.h"

/* Says so where a kind of file has lines that cannot be rebuilt. */
MUST_CHECK const struct err *fdinfo_render_kind(struct proc_view *view, const struct kfile *file,
						FILE *out);

typedef const struct err *fdinfo_fn(struct proc_view *view, const struct kfile *file, FILE *out);
fdinfo_fn fdinfo_epoll;                    /* fdinfo_epoll.c */
fdinfo_fn fdinfo_inotify, fdinfo_fanotify; /* fdinfo_notify.c */
fdinfo_fn fdinfo_timerfd;                  /* fdinfo_timer.c */
fdinfo_fn fdinfo_socket;                   /* fdinfo_socket.c */

/* A device number as the kernel keeps it. */
unsigned fdinfo_sdev(dev_t dev);

#endif
