/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RTM_GETADDR (net/ipv4/devinet.c, net/ipv6/addrconf.c). Input: attacker-controlled. */
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "transcall/kobj/inet6addr.h"
#include "transcall/kobj/inetaddr.h"
#include "transcall/kobj/netdev.h"
#include "transcall/proc/answers.h"
#include "transcall/proc/view.h"

#define IPV6_BYTES   16
#define BOOT_SECONDS 300u /* jiffies begin that long before they wrap around */
#define CLOCK_HZ     100u /* USER_HZ */

/* inet6_ifaddr.scope (include/net/ipv6.h: IPV6_ADDR_LOOPBACK, LINKLOCAL, SITELOCAL) */
#define SCOPE_HOST 0x10
#define SCOPE_LINK 0x20
#define SCOPE_SITE 0x40

/* Jiffies since boot, in 1/100 s. */
static uint32_t clock_of(const struct kernel *k, uint64_t jiffies)
{
	uint32_t start = (uint32_t) - (BOOT_SECONDS * k->hz);

	return (uint32_t)((jiffies - start) * CLOCK_HZ / k->hz);
}

static const struct err *times_put(const struct kernel *k, struct inetaddr_times t, bool forever,
				   struct nlmsg *m)
{
	struct ifa_cacheinfo info = {.ifa_prefered = INETADDR_FOREVER,
				     .ifa_valid = INETADDR_FOREVER,
				     .cstamp = clock_of(k, t.created),
				     .tstamp = clock_of(k, t.updated)};

	if (!forever) {
		TRY(inetaddr_times_left(k, &t));
		info.ifa_prefered = t.preferred;
		info.ifa_valid = t.valid;
	}
	nlmsg_attr(m, IFA_CACHEINFO, &info, sizeof(info));
	return NULL;
}

/* --- IPv4 ----------------------------------------------------------------------------------- */

/* inet_fill_ifaddr() */
static const struct err *inet_put(const struct kernel *k, const struct inetaddr *a, int32_t index,
				  struct nlmsg *m, FILE *out)
{
	struct ifaddrmsg body = {.ifa_family = AF_INET,
				 .ifa_prefixlen = a->prefix_len,
				 .ifa_flags = (uint8_t)a->flags,
				 .ifa_scope = a->scope,
				 .ifa_index = (uint32_t)index};

	nlmsg_begin(m, RTM_NEWADDR, &body, sizeof(body));
	if (a->address)
		nlmsg_attr_u32(m, IFA_ADDRESS, a->address);
	if (a->local)
		nlmsg_attr_u32(m, IFA_LOCAL, a->local);
	if (a->broadcast)
		nlmsg_attr_u32(m, IFA_BROADCAST, a->broadcast);
	if (a->label[0])
		nlmsg_attr_text(m, IFA_LABEL, a->label);
	if (a->protocol)
		nlmsg_attr_u8(m, IFA_PROTO, a->protocol);
	nlmsg_attr_u32(m, IFA_FLAGS, a->flags);
	if (a->priority)
		nlmsg_attr_u32(m, IFA_RT_PRIORITY, a->priority);
	TRY(times_put(k, a->times, a->flags & IFA_F_PERMANENT, m));
	return nlmsg_end(m, out);
}

static const struct err *inet_of_dev(const struct kernel *k, gva_t dev, int32_t index,
				     struct nlmsg *m, FILE *out)
{
	struct inetaddr_iter it;
	struct inetaddr a;
	bool end;

	TRY(inetaddr_iter_init(&it, k, dev));
	for (;;) {
		TRY(inetaddr_iter_next(&it, k, &a, &end));
		if (end)
			return NULL;
		TRY(inet_put(k, &a, index, m, out));
	}
}

/* --- IPv6 ----------------------------------------------------------------------------------- */

/* rt_scope() */
static uint8_t scope_of(uint16_t scope)
{
	if (scope & SCOPE_HOST)
		return RT_SCOPE_HOST;
	if (scope & SCOPE_LINK)
		return RT_SCOPE_LINK;
	return scope & SCOPE_SITE ? RT_SCOPE_SITE : RT_SCOPE_UNIVERSE;
}

/* inet6_fill_ifaddr() */
static const struct err *inet6_put(const struct kernel *k, const struct inet6addr_more *a,
				   int32_t index, struct nlmsg *m, FILE *out)
{
	static const uint8_t none[IPV6_BYTES];
	bool has_peer = memcmp(a->peer, none, IPV6_BYTES) != 0;
	struct ifaddrmsg body = {.ifa_family = AF_INET6,
				 .ifa_prefixlen = (uint8_t)a->addr.prefix_len,
				 .ifa_flags = (uint8_t)a->addr.flags,
				 .ifa_scope = scope_of(a->addr.scope),
				 .ifa_index = (uint32_t)index};

	nlmsg_begin(m, RTM_NEWADDR, &body, sizeof(body));
	if (has_peer)
		nlmsg_attr(m, IFA_LOCAL, a->addr.bytes, IPV6_BYTES);
	nlmsg_attr(m, IFA_ADDRESS, has_peer ? a->peer : a->addr.bytes, IPV6_BYTES);
	if (a->priority)
		nlmsg_attr_u32(m, IFA_RT_PRIORITY, a->priority);
	TRY(times_put(k, a->times,
		      a->addr.flags & IFA_F_PERMANENT && a->times.preferred == INETADDR_FOREVER,
		      m));
	nlmsg_attr_u32(m, IFA_FLAGS, a->addr.flags);
	if (a->protocol)
		nlmsg_attr_u8(m, IFA_PROTO, a->protocol);
	return nlmsg_end(m, out);
}

static const struct err *inet6_of_dev(const struct kernel *k, gva_t dev, int32_t index,
				      struct nlmsg *m, FILE *out)
{
	struct inet6addr_more a;
	struct list_iter it;

	TRY(inet6addr_of_dev_init(&it, k, dev));
	for (;;) {
		TRY(inet6addr_of_dev_next(&it, k, &a));
		if (gva_is_null(a.addr.dev))
			return NULL;
		TRY(inet6_put(k, &a, index, m, out));
	}
}

/* --- all devices ------------------------------------------------------------------------------ */

const struct err *nl_addr(struct proc_view *view, const struct netlink_request *request,
			  uint8_t family, FILE *out, int *ret_errnum)
{
	const struct kernel *k = view->kernel;
	struct netdev_by_index it;
	struct nlmsg m;
	int32_t index;
	gva_t net, dev;

	*ret_errnum = request->dump ? 0 : EOPNOTSUPP;
	if (!request->dump)
		return NULL;
	TRY(answer_net(view, &net));
	TRY(netdev_by_index_init(&it, k, net));
	for (;;) {
		long start = ftell(out);
		const struct err *e = netdev_by_index_next(&it, k, &dev);

		if (!e && gva_is_null(dev))
			return NULL;
		if (!e)
			e = netdev_index(k, dev, &index);
		if (!e)
			e = family == AF_INET6 ? inet6_of_dev(k, dev, index, &m, out)
					       : inet_of_dev(k, dev, index, &m, out);
		TRY(view_pass_line(view, out, start, e));
	}
}
