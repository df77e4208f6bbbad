/* SPDX-License-Identifier: GPL-2.0-or-later */
/* family - which netlink protocols the tool can open. */
#ifndef TC_NETLINK_FAMILY_H
#define TC_NETLINK_FAMILY_H

/* 0, or the errno that socket(AF_NETLINK, ..., @protocol) fails with. */
int netlink_family_errno(int protocol);

#endif
