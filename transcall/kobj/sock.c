/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets. Input: attacker-controlled. */
#include "transcall/kobj/sock.h"

#define NSEC_PER_SEC  1000000000u
#define MSEC_PER_SEC  1000u
#define NSEC_PER_TICK 10000000u /* USER_HZ is 100 */

const struct err *sock_read_head(const struct kernel *k, gva_t at, struct sock_head *ret)
{
	uint64_t family, state, refcnt;

	ret->at = at;
	TRY(kfield_ptr(k, at, F_sock_net, &ret->net));
	TRY(kfield_uint(k, at, F_sock_family, &family));
	TRY(kfield_uint(k, at, F_sock_state, &state));
	TRY(kfield_uint(k, at, F_sock_refcnt, &refcnt));
	ret->family = (uint16_t)family;
	ret->state = (uint8_t)state;
	ret->refcnt = (uint32_t)refcnt;
	return NULL;
}

/* sock_i_uid(), sock_i_ino(): of the inode in the struct socket_alloc around @socket. */
static const struct err *inode_owner(const struct kernel *k, gva_t socket, uint32_t *ret_uid,
				     uint64_t *ret_ino)
{
	gva_t alloc = kfield_container(k, socket, F_socket_alloc_socket);
	gva_t inode = kfield_at(k, alloc, F_socket_alloc_inode);
	uint64_t uid = 0;

	*ret_ino = 0;
	if (!gva_is_null(socket)) {
		TRY(kfield_uint(k, inode, F_inode_uid, &uid));
		TRY(kfield_uint(k, inode, F_inode_ino, ret_ino));
	}
	*ret_uid = (uint32_t)uid;
	return NULL;
}

const struct err *sock_owner(const struct kernel *k, gva_t at, uint32_t *ret_uid, uint64_t *ret_ino)
{
	uint64_t uid;
	gva_t socket;

	if (profile_has(k->profile, F_sock_ino)) {
		TRY(kfield_uint(k, at, F_sock_uid, &uid));
		*ret_uid = (uint32_t)uid;
		return kfield_uint(k, at, F_sock_ino, ret_ino);
	}
	TRY(kfield_ptr(k, at, F_sock_socket, &socket));
	return inode_owner(k, socket, ret_uid, ret_ino);
}

/* sk_drops_read() */
static const struct err *drops_read(const struct kernel *k, gva_t at, uint32_t *ret)
{
	gva_t counters = gva(0);
	uint64_t a, b = 0;

	if (profile_has(k->profile, F_sock_drop_counters))
		TRY(kfield_ptr(k, at, F_sock_drop_counters, &counters));
	if (gva_is_null(counters))
		TRY(kfield_uint(k, at, F_sock_drops, &a));
	else {
		TRY(kfield_uint(k, counters, F_numa_drop_counters_drops0, &a));
		TRY(kfield_uint(k, counters, F_numa_drop_counters_drops1, &b));
	}
	*ret = (uint32_t)(a + b);
	return NULL;
}

const struct err *sock_read(const struct kernel *k, gva_t at, struct ksock *ret)
{
	uint64_t type, protocol;
	int64_t rmem, wmem;

	TRY(sock_read_head(k, at, &ret->head));
	TRY(kfield_ptr(k, at, F_sock_socket, &ret->socket));
	TRY(kfield_uint(k, at, F_sock_type, &type));
	TRY(kfield_uint(k, at, F_sock_protocol, &protocol));
	TRY(kfield_int(k, at, F_sock_rmem_alloc, &rmem));
	TRY(kfield_int(k, at, F_sock_wmem_alloc, &wmem));
	ret->type = (uint16_t)type;
	ret->protocol = (uint16_t)protocol;
	ret->rmem = (int32_t)rmem;
	ret->wmem = (int32_t)(wmem - 1); /* sk_wmem_alloc_get(): one for the socket itself */
	TRY(drops_read(k, at, &ret->drops));
	return sock_owner(k, at, &ret->uid, &ret->ino);
}

/* sk_fullsock() */
bool sock_is_full(const struct sock_head *head)
{
	return head->state != SOCK_STATE_TIME_WAIT && head->state != SOCK_STATE_NEW_SYN_RECV;
}

const struct err *sock_read_details(const struct kernel *k, const struct sock_head *head,
				    struct sock_details *ret)
{
	uint64_t ifindex, shutdown, v6only, mark, max_backlog;

	*ret = (struct sock_details){0};
	TRY(kfield_uint(k, head->at, F_sock_cookie, &ret->cookie));
	TRY(kfield_uint(k, head->at, F_sock_bound_dev_if, &ifindex));
	ret->ifindex = (uint32_t)ifindex;
	if (!sock_is_full(head))
		return NULL;
	TRY(kfield_uint(k, head->at, F_sock_shutdown, &shutdown));
	TRY(kfield_uint(k, head->at, F_sock_ipv6only, &v6only));
	TRY(kfield_uint(k, head->at, F_sock_mark, &mark));
	TRY(kfield_uint(k, head->at, F_sock_max_ack_backlog, &max_backlog));
	ret->shutdown = (uint8_t)shutdown;
	ret->v6only = v6only;
	ret->mark = (uint32_t)mark;
	ret->max_backlog = (uint32_t)max_backlog;
	return NULL;
}

/* sk_get_meminfo() */
const struct err *sock_read_memory(const struct kernel *k, gva_t at,
				   uint32_t ret[static SOCK_MEMORY_KINDS])
{
	static const enum field_id fields[SOCK_DROPS] = {
		[SOCK_RMEM] = F_sock_rmem_alloc,       [SOCK_RCVBUF] = F_sock_rcvbuf,
		[SOCK_WMEM] = F_sock_wmem_alloc,       [SOCK_SNDBUF] = F_sock_sndbuf,
		[SOCK_FORWARD] = F_sock_forward_alloc, [SOCK_QUEUED] = F_sock_wmem_queued,
		[SOCK_OPTIONS] = F_sock_omem_alloc,    [SOCK_BACKLOG] = F_sock_backlog_len,
	};
	uint64_t v;

	for (unsigned i = 0; i < SOCK_DROPS; i++) {
		TRY(kfield_uint(k, at, fields[i], &v));
		ret[i] = (uint32_t)v;
	}
	ret[SOCK_WMEM]--; /* sk_wmem_alloc_get(): one for the socket itself */
	return drops_read(k, at, &ret[SOCK_DROPS]);
}

const struct err *sock_ms_until(const struct kernel *k, uint64_t expires, uint32_t *ret)
{
	uint64_t now;

	TRY(kread_u64(k, kernel_symbol(k, S_jiffies), &now));
	*ret = (int64_t)(expires - now) < 0 ? 0
					    : (uint32_t)((expires - now) * MSEC_PER_SEC / k->hz);
	return NULL;
}

uint64_t sock_clock_ticks(const struct kernel *k, uint64_t jiffies)
{
	return jiffies * (NSEC_PER_SEC / k->hz) / NSEC_PER_TICK;
}

const struct err *sock_ticks_until(const struct kernel *k, uint64_t expires, uint64_t *ret)
{
	uint64_t now;

	TRY(kread_u64(k, kernel_symbol(k, S_jiffies), &now));
	*ret = (int64_t)(expires - now) < 0 ? 0 : sock_clock_ticks(k, expires - now);
	return NULL;
}
