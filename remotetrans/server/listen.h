/* SPDX-License-Identifier: GPL-2.0-or-later */
/* listen - accept clients, one process each: what one of them breaks, the others do not notice. */
#ifndef RT_SERVER_LISTEN_H
#define RT_SERVER_LISTEN_H

#include "remotetrans/server/config.h"

/* Serve until SIGTERM or SIGINT. Return: NULL; USAGE, SYSTEM: cannot start. */
MUST_CHECK const struct err *listen_run(const struct server_config *config);

#endif
