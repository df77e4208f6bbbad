/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log - /dev/kmsg for a tool that opens it. */
#ifndef TC_SYS_LOG_H
#define TC_SYS_LOG_H

#include <stddef.h>

/**
 * log_open() - a descriptor of which each read() gives one record of @text
 *
 * At the end of the records reading ends, too, whether the tool would wait for new ones or not.
 * Return: the descriptor; -1: so many records do not fit (an ordinary user's pipe holds 256), and
 * the tool may ask syslog(2).
 */
int log_open(const char *text, size_t len_bytes);

#endif
