/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * confinement - what remotetransd's processes may still ask of the kernel, once they serve.
 *
 * The listener takes connections and starts processes; a client's process speaks on the connection
 * that it has, opens files for reading, connects to unix sockets, and stores new profiles; the
 * attester opens the TPM. The walk's child has a filter of its own (walk_confine.c). None of them
 * can execute a program, trace another process, or reach the network anew.
 */
#ifndef RT_SERVER_CONFINEMENT_H
#define RT_SERVER_CONFINEMENT_H

#include "remotetrans/server/config.h"

/* Files may change in the folder of profiles alone; and what the backends of the configured VMs
 * need (struct backend_needs) stays allowed. Return: NULL, USAGE, SYSTEM. */
MUST_CHECK const struct err *confinement_listener(const struct server_config *c);

/* In processes that the confined listener has started. */
MUST_CHECK const struct err *confinement_client(const struct server_config *c);
MUST_CHECK const struct err *confinement_attester(const struct server_config *c);

#endif
