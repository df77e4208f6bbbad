/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tcpinfo - struct tcp_info (include/uapi/linux/tcp.h) of a TCP socket, as ss -i shows it. */
#ifndef TC_KOBJ_TCPINFO_H
#define TC_KOBJ_TCPINFO_H

#include <linux/tcp.h>

#include "transcall/kobj/sock.h"

/**
 * tcpinfo_read() - tcp_get_info()
 * @head: a full socket
 * @ret_len_bytes: out: how much of @ret this guest's kernel would tell
 */
MUST_CHECK const struct err *tcpinfo_read(const struct kernel *k, const struct sock_head *head,
					  struct tcp_info *ret, size_t *ret_len_bytes);

#endif
