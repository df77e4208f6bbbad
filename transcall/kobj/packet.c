/* SPDX-License-Identifier: GPL-2.0-or-later */
/* AF_PACKET sockets. Input: attacker-controlled. */
#include "transcall/kobj/packet.h"

#include "transcall/kobj/netdev.h"

#define PTYPE_BASES     16u   /* PTYPE_HASH_SIZE */
#define LIST_HEAD_BYTES 16u   /* struct list_head */
#define SOCK_BYTES_MAX  4096u /* a struct packet_sock is about 1.5 KB */

const struct err *packet_iter_init(struct packet_iter *it, const struct kernel *k, gva_t net)
{
	it->net = net;
	it->hook_offset = 0;
	return hlist_init(&it->list, k, kfield_at(k, net, F_net_packet_list));
}

const struct err *packet_iter_next(struct packet_iter *it, const struct kernel *k, gva_t *ret)
{
	gva_t node;

	TRY(list_next(&it->list, k, &node));
	*ret = gva_is_null(node) ? node : kfield_container(k, node, F_sock_node);
	return NULL;
}

/* A search for the hook of one socket; any hook of a socket tells where all have theirs. */
struct search {
	gva_t sock;
	gva_t hook; /* null: not found */
	uint64_t offset;
};

static const struct err *search_list(struct search *s, const struct kernel *k, gva_t head)
{
	struct list_iter it;
	gva_t node, priv;

	if (!gva_is_null(s->hook))
		return NULL;
	TRY(list_init(&it, k, head));
	for (;;) {
		TRY(list_next(&it, k, &node));
		if (gva_is_null(node))
			return NULL;
		gva_t hook = kfield_container(k, node, F_packet_type_list);
		TRY(kfield_ptr(k, hook, F_packet_type_priv, &priv));
		if (hook.v - priv.v < SOCK_BYTES_MAX)
			s->offset = hook.v - priv.v;
		if (gva_equal(priv, s->sock)) {
			s->hook = hook;
			return NULL;
		}
	}
}

/* Hooks on all devices, of all protocols and of one. */
static const struct err *search_global(struct search *s, const struct kernel *k, gva_t net)
{
	gva_t bases = kernel_symbol(k, S_ptype_base);

	if (profile_has(k->profile, F_net_ptype_all)) {
		TRY(search_list(s, k, kfield_at(k, net, F_net_ptype_all)));
		TRY(search_list(s, k, kfield_at(k, net, F_net_ptype_specific)));
	} else if (profile_has(k->profile, F_net_hotdata_ptype_all))
		TRY(search_list(
			s, k,
			kfield_at(k, kernel_symbol(k, S_net_hotdata), F_net_hotdata_ptype_all)));
	else
		TRY(search_list(s, k, kernel_symbol(k, S_ptype_all)));
	for (unsigned i = 0; i < PTYPE_BASES; i++)
		TRY(search_list(s, k, gva_add(bases, LIST_HEAD_BYTES * i)));
	return NULL;
}

static const struct err *search_devices(struct search *s, const struct kernel *k, gva_t net)
{
	struct list_iter it;
	gva_t dev;

	TRY(netdev_iter_init(&it, k, net));
	for (;;) {
		TRY(netdev_iter_next(&it, k, &dev));
		if (gva_is_null(dev))
			return NULL;
		TRY(search_list(s, k, kfield_at(k, dev, F_net_device_ptype_all)));
		TRY(search_list(s, k, kfield_at(k, dev, F_net_device_ptype_specific)));
	}
}

static const struct err *hook_read(const struct kernel *k, gva_t hook, struct packet_hook *ret)
{
	uint64_t type;
	gva_t dev;

	TRY(kfield_uint(k, hook, F_packet_type_type, &type));
	TRY(kfield_ptr(k, hook, F_packet_type_dev, &dev));
	ret->protocol = (uint16_t)((type & 0xff) << 8 | (type >> 8 & 0xff));
	ret->ifindex = 0;
	return gva_is_null(dev) ? NULL : netdev_index(k, dev, &ret->ifindex);
}

const struct err *packet_read_hook(struct packet_iter *it, const struct kernel *k, gva_t sock,
				   struct packet_hook *ret)
{
	struct search s = {.sock = sock, .offset = it->hook_offset};

	TRY(search_global(&s, k, it->net));
	TRY(search_devices(&s, k, it->net));
	it->hook_offset = s.offset;
	ret->running = !gva_is_null(s.hook);
	if (!ret->running && !s.offset)
		return ERR_AT(ERR_ABSENT, sock.v,
			      "what an idle packet socket captures is not available");
	return hook_read(k, ret->running ? s.hook : gva_add(sock, s.offset), ret);
}
