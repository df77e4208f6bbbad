/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RTM_GETLINK (net/core/rtnetlink.c). Input: the tool's request; attacker-controlled memory. */
#include <errno.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "transcall/kobj/netdev.h"
#include "transcall/kobj/netdev_stats.h"
#include "transcall/proc/answers.h"
#include "transcall/proc/view.h"

#define TEXT_BYTES     256 /* IFALIASZ */
#define OPERSTATE_DOWN 2   /* IF_OPER_DOWN (include/uapi/linux/if.h) */

/* Attributes that are members, one for one. */
static const struct row {
	uint16_t attr;
	bool is_byte; /* else a u32 */
	enum field_id field;
} rows[] = {
	{IFLA_TXQLEN, false, F_net_device_tx_queue_len},
	{IFLA_LINKMODE, true, F_net_device_link_mode},
	{IFLA_MTU, false, F_net_device_mtu},
	{IFLA_MIN_MTU, false, F_net_device_min_mtu},
	{IFLA_MAX_MTU, false, F_net_device_max_mtu},
	{IFLA_GROUP, false, F_net_device_group},
	{IFLA_PROMISCUITY, false, F_net_device_promiscuity},
	{IFLA_NUM_TX_QUEUES, false, F_net_device_num_tx_queues},
	{IFLA_NUM_RX_QUEUES, false, F_net_device_num_rx_queues},
	{IFLA_GSO_MAX_SEGS, false, F_net_device_gso_max_segs},
	{IFLA_GSO_MAX_SIZE, false, F_net_device_gso_max_size},
	{IFLA_PROTO_DOWN, true, F_net_device_proto_down},
	{IFLA_CARRIER_UP_COUNT, false, F_net_device_carrier_up_count},
	{IFLA_CARRIER_DOWN_COUNT, false, F_net_device_carrier_down_count},
	/* of kernels that do not have the member, the attribute is newer, too */
	{IFLA_GRO_MAX_SIZE, false, F_net_device_gro_max_size},
	{IFLA_TSO_MAX_SIZE, false, F_net_device_tso_max_size},
	{IFLA_TSO_MAX_SEGS, false, F_net_device_tso_max_segs},
};

static const struct err *changes_put(const struct kernel *k, gva_t dev, struct nlmsg *m)
{
	uint64_t up, down;

	TRY(kfield_uint(k, dev, F_net_device_carrier_up_count, &up));
	TRY(kfield_uint(k, dev, F_net_device_carrier_down_count, &down));
	nlmsg_attr_u32(m, IFLA_CARRIER_CHANGES, (uint32_t)(up + down));
	return NULL;
}

static const struct err *rows_put(const struct kernel *k, gva_t dev, struct nlmsg *m)
{
	uint64_t v;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!profile_has(k->profile, rows[i].field))
			continue;
		TRY(kfield_uint(k, dev, rows[i].field, &v));
		if (rows[i].is_byte)
			nlmsg_attr_u8(m, rows[i].attr, (uint8_t)v);
		else
			nlmsg_attr_u32(m, rows[i].attr, (uint32_t)v);
	}
	TRY(changes_put(k, dev, m));
	/* told since 6.0, as these are since 5.19 */
	if (profile_has(k->profile, F_net_device_tso_max_size)) {
		TRY(kfield_uint(k, dev, F_net_device_allmulti, &v));
		nlmsg_attr_u32(m, IFLA_ALLMULTI, (uint32_t)v);
	}
	return NULL;
}

/* --- attributes that need more -------------------------------------------------------------- */

static const struct err *state_put(const struct kernel *k, gva_t dev, uint32_t flags,
				   struct nlmsg *m)
{
	uint64_t operstate;

	TRY(kfield_uint(k, dev, F_net_device_operstate, &operstate));
	nlmsg_attr_u8(m, IFLA_OPERSTATE, flags & IFF_UP ? (uint8_t)operstate : OPERSTATE_DOWN);
	return NULL;
}

static const struct err *addresses_put(const struct kernel *k, gva_t dev, struct nlmsg *m)
{
	struct netdev_address a;

	TRY(netdev_read_address(k, dev, &a));
	if (!a.len)
		return NULL;
	nlmsg_attr(m, IFLA_ADDRESS, a.bytes, a.len);
	nlmsg_attr(m, IFLA_BROADCAST, a.broadcast, a.len);
	return NULL;
}

/* Texts behind pointers, any of which may be null. */
static const struct err *texts_put(const struct kernel *k, gva_t dev, struct nlmsg *m)
{
	char text[TEXT_BYTES];
	gva_t at;

	TRY(kfield_ptr(k, dev, F_net_device_qdisc, &at));
	if (!gva_is_null(at)) {
		TRY(kfield_ptr(k, at, F_Qdisc_ops, &at));
		TRY(kfield_str(k, at, F_Qdisc_ops_id, text, sizeof(text)));
		nlmsg_attr_text(m, IFLA_QDISC, text);
	}
	TRY(kfield_ptr(k, dev, F_net_device_ifalias, &at));
	if (!gva_is_null(at)) {
		TRY(kread_str(k, kfield_at(k, at, F_dev_ifalias_text), text, sizeof(text)));
		nlmsg_attr_text(m, IFLA_IFALIAS, text);
	}
	return NULL;
}

/* rtnl_link_fill(): what the driver adds is a module's, but for the kind. */
static const struct err *kind_put(const struct kernel *k, gva_t dev, struct nlmsg *m)
{
	char text[TEXT_BYTES];
	size_t nest;
	gva_t ops, kind;

	TRY(kfield_ptr(k, dev, F_net_device_rtnl_link_ops, &ops));
	if (gva_is_null(ops))
		return NULL;
	TRY(kfield_ptr(k, ops, F_rtnl_link_ops_kind, &kind));
	if (gva_is_null(kind))
		return NULL;
	TRY(kread_str(k, kind, text, sizeof(text)));
	nest = nlmsg_nest(m, IFLA_LINKINFO);
	nlmsg_attr_text(m, IFLA_INFO_KIND, text);
	nlmsg_nest_end(m, nest);
	return NULL;
}

/* rtnl_fill_link_netnsid(): an index of another namespace says nothing without the namespace. */
static const struct err *peer_net_put(const struct kernel *k, gva_t dev, gva_t peer,
				      struct nlmsg *m, bool *ret_is_far)
{
	gva_t net, other;
	int32_t id;

	TRY(kfield_ptr(k, dev, F_net_device_net, &net));
	TRY(kfield_ptr(k, peer, F_net_device_net, &other));
	*ret_is_far = other.v != net.v;
	if (!*ret_is_far)
		return NULL;
	TRY(netdev_net_id(k, net, other, &id));
	nlmsg_attr_u32(m, IFLA_LINK_NETNSID, (uint32_t)id);
	return NULL;
}

/* The device that it is a port of, and the one that it lies upon. */
static const struct err *relatives_put(const struct kernel *k, gva_t dev, struct nlmsg *m)
{
	int32_t index, own;
	bool is_far = false;
	gva_t peer;

	TRY(netdev_index(k, dev, &own));
	TRY(netdev_peer(k, dev, &peer));
	TRY(netdev_master(k, dev, &index));
	if (index)
		nlmsg_attr_u32(m, IFLA_MASTER, (uint32_t)index);
	TRY(netdev_link(k, dev, &index));
	if (!gva_is_null(peer))
		TRY(peer_net_put(k, dev, peer, m, &is_far));
	if (index && (is_far || index != own))
		nlmsg_attr_u32(m, IFLA_LINK, (uint32_t)index);
	return NULL;
}

static const struct err *parent_put(const struct kernel *k, gva_t dev, struct nlmsg *m)
{
	char text[TEXT_BYTES];
	gva_t parent, at;

	/* told since 5.14; the nearest change of a structure is that of 5.18 */
	TRY(kfield_ptr(k, dev, F_net_device_parent, &parent));
	if (gva_is_null(parent) || !profile_has(k->profile, F_net_device_gro_max_size))
		return NULL;
	TRY(kfield_ptr(k, parent, F_device_name, &at));
	TRY(kread_str(k, at, text, sizeof(text)));
	nlmsg_attr_text(m, IFLA_PARENT_DEV_NAME, text);
	TRY(kfield_ptr(k, parent, F_device_bus, &at));
	if (gva_is_null(at))
		return NULL;
	TRY(kfield_ptr(k, at, F_bus_type_name, &at));
	TRY(kread_str(k, at, text, sizeof(text)));
	nlmsg_attr_text(m, IFLA_PARENT_DEV_BUS_NAME, text);
	return NULL;
}

/* Of IPv6 only what ip -d shows. */
static const struct err *families_put(const struct kernel *k, gva_t dev, struct nlmsg *m)
{
	size_t all, one;
	uint64_t mode;
	gva_t inet6;

	TRY(kfield_ptr(k, dev, F_net_device_ip6_ptr, &inet6));
	if (gva_is_null(inet6))
		return NULL;
	TRY(kfield_uint(k, inet6, F_inet6_dev_addr_gen_mode, &mode));
	all = nlmsg_nest(m, IFLA_AF_SPEC);
	one = nlmsg_nest(m, AF_INET6);
	nlmsg_attr_u8(m, IFLA_INET6_ADDR_GEN_MODE, (uint8_t)mode);
	nlmsg_nest_end(m, one);
	nlmsg_nest_end(m, all);
	return NULL;
}

/* Without the attributes where the driver counts in structures of its own: no zeros. */
static const struct err *stats_put(const struct kernel *k, gva_t dev, struct nlmsg *m)
{
	bool has_last = profile_has(k->profile, F_core_stats_otherhost_dropped);
	uint32_t narrow[RX_NOHANDLER + 1]; /* struct rtnl_link_stats */
	struct netdev_stats s;             /* struct rtnl_link_stats64, which grew in 5.19 */
	const struct err *e = netdev_stats_read(k, dev, &s);

	if (e)
		return e->kind == ERR_ABSENT ? NULL : e;
	for (unsigned i = 0; i <= RX_NOHANDLER; i++)
		narrow[i] = (uint32_t)s.v[i];
	nlmsg_attr(m, IFLA_STATS64, s.v, (has_last ? NETDEV_COUNTERS : RX_NOHANDLER + 1) * 8);
	nlmsg_attr(m, IFLA_STATS, narrow, sizeof(narrow));
	return NULL;
}

/* --- messages -------------------------------------------------------------------------------- */

/* What a message begins with; @ret: its structure. */
static const struct err *link_begin(const struct kernel *k, gva_t dev, uint8_t family,
				    struct nlmsg *m, struct ifinfomsg *ret)
{
	char name[NETDEV_NAME_BYTES];
	uint64_t type;

	*ret = (struct ifinfomsg){.ifi_family = family};
	TRY(kfield_uint(k, dev, F_net_device_type, &type));
	TRY(netdev_index(k, dev, &ret->ifi_index));
	TRY(netdev_name(k, dev, name));
	TRY(netdev_flags(k, dev, &ret->ifi_flags));
	ret->ifi_type = (uint16_t)type;
	nlmsg_begin(m, RTM_NEWLINK, ret, sizeof(*ret));
	nlmsg_attr_text(m, IFLA_IFNAME, name);
	return NULL;
}

/* inet6_fill_ifinfo(): what is asked of IPv6 alone is less, and not of devices without it. */
static const struct err *link6_put(const struct kernel *k, gva_t dev, struct nlmsg *m, FILE *out)
{
	struct ifinfomsg body;
	uint64_t mtu;
	gva_t inet6;

	TRY(kfield_ptr(k, dev, F_net_device_ip6_ptr, &inet6));
	if (gva_is_null(inet6))
		return NULL;
	TRY(link_begin(k, dev, AF_INET6, m, &body));
	TRY(addresses_put(k, dev, m));
	TRY(kfield_uint(k, dev, F_net_device_mtu, &mtu));
	nlmsg_attr_u32(m, IFLA_MTU, (uint32_t)mtu);
	TRY(relatives_put(k, dev, m));
	TRY(state_put(k, dev, body.ifi_flags, m));
	return nlmsg_end(m, out);
}

static const struct err *link_put(const struct kernel *k, gva_t dev, struct nlmsg *m, FILE *out)
{
	struct ifinfomsg body;

	TRY(link_begin(k, dev, AF_UNSPEC, m, &body));
	TRY(state_put(k, dev, body.ifi_flags, m));
	TRY(rows_put(k, dev, m));
	nlmsg_attr_u8(m, IFLA_CARRIER, (body.ifi_flags & IFF_LOWER_UP) != 0);
	TRY(relatives_put(k, dev, m));
	TRY(addresses_put(k, dev, m));
	TRY(texts_put(k, dev, m));
	TRY(stats_put(k, dev, m));
	TRY(kind_put(k, dev, m));
	TRY(families_put(k, dev, m));
	TRY(parent_put(k, dev, m));
	return nlmsg_end(m, out);
}

static const struct err *links_dump(struct proc_view *view, gva_t net, uint8_t family, FILE *out)
{
	struct netdev_by_index it;
	struct nlmsg m;
	gva_t dev;

	TRY(netdev_by_index_init(&it, view->kernel, net));
	for (;;) {
		long start = ftell(out);
		const struct err *e = netdev_by_index_next(&it, view->kernel, &dev);

		if (!e && gva_is_null(dev))
			return NULL;
		if (!e)
			e = family == AF_INET6 ? link6_put(view->kernel, dev, &m, out)
					       : link_put(view->kernel, dev, &m, out);
		TRY(view_pass_line(view, out, start, e));
	}
}

/* One, by its number or its name. */
static const struct err *link_answer(struct proc_view *view, const struct netlink_request *request,
				     gva_t net, FILE *out, int *ret_errnum)
{
	struct ifinfomsg body;
	char name[NETDEV_NAME_BYTES] = "";
	const uint8_t *text;
	struct nlmsg m;
	size_t len;
	gva_t dev;

	answer_body(request, &body);
	text = answer_attr(request, sizeof(body), IFLA_IFNAME, 1, &len);
	if (!text)
		text = answer_attr(request, sizeof(body), IFLA_ALT_IFNAME, 1, &len);
	if (text)
		snprintf(name, sizeof(name), "%.*s", (int)(len < sizeof(name) ? len : sizeof(name)),
			 (const char *)text);
	TRY(netdev_find(view->kernel, net, body.ifi_index, name, &dev));
	*ret_errnum = gva_is_null(dev) ? ENODEV : 0;
	return gva_is_null(dev) ? NULL : link_put(view->kernel, dev, &m, out);
}

const struct err *nl_link(struct proc_view *view, const struct netlink_request *request,
			  uint8_t family, FILE *out, int *ret_errnum)
{
	gva_t net;

	TRY(answer_net(view, &net));
	return request->dump ? links_dump(view, net, family, out)
			     : link_answer(view, request, net, out, ret_errnum);
}
