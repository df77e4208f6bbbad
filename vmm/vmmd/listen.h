/* SPDX-License-Identifier: GPL-2.0-or-later */
/* listen - the descriptors that vmmd's loop waits on: its socket and its signals. */
#ifndef VMMD_LISTEN_H
#define VMMD_LISTEN_H

#include "remotetrans/base/err.h"

/**
 * listen_unix() - a listening socket at @path, mode 0600
 *
 * A socket that is left over from a dead process is replaced; one that is served is not.
 */
MUST_CHECK const struct err *listen_unix(const char *path, int *ret_fd);

/* A descriptor that becomes readable with SIGINT or SIGTERM; SIGPIPE is ignored. */
MUST_CHECK const struct err *listen_signals(int *ret_fd);

#endif
