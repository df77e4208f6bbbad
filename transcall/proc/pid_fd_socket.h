/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pid_fd_socket - what getxattr(2) tells of a socket through /proc/PID/fd/N. */
#ifndef TC_PROC_PID_FD_SOCKET_H
#define TC_PROC_PID_FD_SOCKET_H

#include "transcall/proc/tree.h"

/* ABSENT: @node is no socket's descriptor. The name is cut to @size_bytes - 1. */
MUST_CHECK const struct err *pid_fd_socket_protocol(struct proc_view *view,
						    const struct proc_node *node, char *ret,
						    size_t size_bytes);

#endif
