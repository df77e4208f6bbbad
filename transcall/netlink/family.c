/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * No netlink protocol is answered: each would tell of this machine's kernel. EPROTONOSUPPORT is
 * what a kernel without the protocol says; ss and netstat then read /proc/net.
 */
#include "transcall/netlink/family.h"

#include <errno.h>

int netlink_family_errno(int protocol)
{
	(void)protocol;
	return EPROTONOSUPPORT;
}
