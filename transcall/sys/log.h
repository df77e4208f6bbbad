/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log - /dev/kmsg for a tool that opens it. */
#ifndef TC_SYS_LOG_H
#define TC_SYS_LOG_H

#include "transcall/netlink/ends.h"

/**
 * log_open() - a descriptor of which each read() gives one record of @text
 * @ret_fd: out: owned by the caller
 *
 * At the end of the records reading ends, too, whether the tool would wait for new ones or not.
 * Return: 0, or an errno; the tool may ask syslog(2) then.
 */
int log_open(struct ends *ends, const char *text, size_t len_bytes, int *ret_fd);

#endif
