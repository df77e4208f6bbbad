/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server - vmmd's socket: the callers' requests, the VM's events, the pause deadline, in one loop.
 */
#ifndef VMMD_SERVER_H
#define VMMD_SERVER_H

#include "vmm/core/core.h"
#include "vmm/vmmd/connection.h"
#include "vmm/vmmd/host.h"

#define SERVER_CONNECTIONS_MAX 256 /* as many as remotetransd has by default */

/* What must be in secret memory (secret.h). */
struct server_secrets {
	struct core core;
	struct caller callers[SERVER_CONNECTIONS_MAX];
};

struct server {
	struct server_secrets *secrets; /* borrowed */
	struct host *host;              /* borrowed; attached */
	struct vm vm;
	int listen_fd;
	int signal_fd;
	const char *socket_path;
	uint64_t attach_at_ns; /* when to look for a new QEMU; 0: attached */
	uint64_t accept_at_ns; /* when to take callers again; 0: now */
	bool accept_failed;    /* and the operator was told */
	struct connection connections[SERVER_CONNECTIONS_MAX];
	struct store store;
	/* tell the operator; borrowed */
	void (*say)(const char *format, ...) PRINTF(1, 2);
};

/**
 * server_open() - create the socket, for its owner only, and catch SIGINT and SIGTERM
 * @secrets: its core is initialised
 */
MUST_CHECK const struct err *server_open(struct server *s, struct server_secrets *secrets,
					 struct host *host, const char *socket_path,
					 uint32_t deadline_ms);

/* Serve until a signal asks to stop; then the VM runs and the socket is gone. */
MUST_CHECK const struct err *server_run(struct server *s);

/* Also after a failed server_open(). */
void server_close(struct server *s);

#endif
