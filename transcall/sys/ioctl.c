/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ioctl, which are interface requests but for one. Input: the tool's arguments. */
#include <errno.h>
#include <net/if.h>
#include <sys/ioctl.h>

#include "transcall/proc/workset.h"
#include "transcall/sys/sys.h"

#define INTERFACES_MAX 1024 /* that one SIOCGIFCONF tells of */

/* One interface: asked and answered in the same struct ifreq. */
static const struct err *interface(struct sys *s, const struct call *call, struct answer *ret)
{
	unsigned request = (unsigned)call->args[1];
	struct ifreq io;
	int errnum;

	if (tracee_read(&call->who, call->args[2], &io, sizeof(io))) {
		answer_error(ret, EFAULT);
		return NULL;
	}
	TRY(vfs_want_sets(&s->vfs, WORKSET_NETWORK));
	TRY(guest_ifreq(s->guest, request, &io, &errnum));
	if (errnum == 0)
		errnum = tracee_write(&call->who, call->args[2], &io, sizeof(io));
	if (errnum == EPERM)
		netlink_refuse(s);
	answer_written(ret, errnum);
	return NULL;
}

/* SIOCGIFCONF: as many as there is room for; without a buffer, how many there are. */
static const struct err *interfaces(struct sys *s, const struct call *call, struct answer *ret)
{
	static struct ifreq list[INTERFACES_MAX];
	size_t count, room;
	struct ifconf conf;
	int errnum;

	if (tracee_read(&call->who, call->args[2], &conf, sizeof(conf))) {
		answer_error(ret, EFAULT);
		return NULL;
	}
	TRY(vfs_want_sets(&s->vfs, WORKSET_NETWORK));
	TRY(guest_interfaces(s->guest, list, INTERFACES_MAX, &count));
	count = count < INTERFACES_MAX ? count : INTERFACES_MAX;
	room = conf.ifc_len > 0 ? (size_t)conf.ifc_len / sizeof(list[0]) : 0;
	if (conf.ifc_buf)
		count = count < room ? count : room;
	conf.ifc_len = (int)(count * sizeof(list[0]));
	errnum = conf.ifc_buf ? tracee_write(&call->who, (uintptr_t)conf.ifc_buf, list,
					     count * sizeof(list[0]))
			      : 0;
	if (errnum == 0)
		errnum = tracee_write(&call->who, call->args[2], &conf, sizeof(conf));
	answer_written(ret, errnum);
	return NULL;
}

const struct err *sys_ioctl(struct sys *s, const struct call *call, struct answer *ret)
{
	if ((call->args[1] & 0xffffff00) == 0xb700) /* NSIO, include/uapi/linux/nsfs.h */
		return sys_ns_ioctl(s, call, ret);
	switch ((uint32_t)call->args[1]) {
	case TIOCSPGRP:
		return sys_set_foreground(s, call, ret);
	case SIOCGIFCONF:
		return interfaces(s, call, ret);
	default:
		return interface(s, call, ret);
	}
}
