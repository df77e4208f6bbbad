/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bootlog - the log of events that this host was measured by: the firmware's or Xen's, then those
 * of every vmmd (vmm_events=).
 */
#ifndef RT_SERVER_BOOTLOG_H
#define RT_SERVER_BOOTLOG_H

#include "remotetrans/server/config.h"

#define BOOTLOG_XEN     "xen" /* event_log=: ask the hypervisor */
#define BOOTLOG_DEFAULT "/sys/kernel/security/tpm0/binary_bios_measurements"

/* Does a client's process ask the hypervisor for it? */
bool bootlog_is_xen(const struct server_config *c);

/* With the privileges that we start with: only root may read the firmware's. One that cannot be
 * opened is told to the operator now, and to whoever asks for it. */
void bootlog_open(const struct server_config *c);

/* All of it as it is now. @ret: out, RTLAUNCH_LOG_BYTES_MAX. Return: NULL; USAGE, SYSTEM, PEER. */
MUST_CHECK const struct err *bootlog_read(const struct server_config *c, uint8_t *ret,
					  size_t *ret_len_bytes);

#endif
