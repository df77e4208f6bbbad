/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interface ioctls (net/core/dev_ioctl.c, net/ipv4/devinet.c). Input: attacker-controlled. */
#include "transcall/proc/ifreq.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>

#include "transcall/kobj/inetaddr.h"
#include "transcall/kobj/netdev.h"
#include "transcall/proc/answers.h"

#define SHOWN_FLAGS 0xffffu /* ifr_flags is a short */

/* A function of ifreq.def. */
typedef const struct err *tell_fn(const struct kernel *k, gva_t dev, struct ifreq *io,
				  int *ret_errnum);

/* --- the interface ------------------------------------------------------------------------- */

static const struct err *tell_name(const struct kernel *k, gva_t dev, struct ifreq *io,
				   int *ret_errnum)
{
	char name[NETDEV_NAME_BYTES];

	(void)ret_errnum;
	TRY(netdev_name(k, dev, name));
	memcpy(io->ifr_name, name, IFNAMSIZ);
	return NULL;
}

static const struct err *tell_index(const struct kernel *k, gva_t dev, struct ifreq *io,
				    int *ret_errnum)
{
	(void)ret_errnum;
	return netdev_index(k, dev, &io->ifr_ifindex);
}

static const struct err *tell_flags(const struct kernel *k, gva_t dev, struct ifreq *io,
				    int *ret_errnum)
{
	uint32_t flags;

	(void)ret_errnum;
	TRY(netdev_flags(k, dev, &flags));
	io->ifr_flags = (short)(flags & SHOWN_FLAGS);
	return NULL;
}

/* dev_ifsioc_locked(): there is none, and has not been for long */
static const struct err *tell_metric(const struct kernel *k, gva_t dev, struct ifreq *io,
				     int *ret_errnum)
{
	(void)k;
	(void)dev;
	(void)ret_errnum;
	io->ifr_metric = 0;
	return NULL;
}

static const struct err *int_read(const struct kernel *k, gva_t dev, enum field_id field, int *ret)
{
	uint64_t v;

	TRY(kfield_uint(k, dev, field, &v));
	*ret = (int)v;
	return NULL;
}

static const struct err *tell_mtu(const struct kernel *k, gva_t dev, struct ifreq *io,
				  int *ret_errnum)
{
	(void)ret_errnum;
	return int_read(k, dev, F_net_device_mtu, &io->ifr_mtu);
}

static const struct err *tell_queue(const struct kernel *k, gva_t dev, struct ifreq *io,
				    int *ret_errnum)
{
	(void)ret_errnum;
	return int_read(k, dev, F_net_device_tx_queue_len, &io->ifr_qlen);
}

static const struct err *tell_hardware(const struct kernel *k, gva_t dev, struct ifreq *io,
				       int *ret_errnum)
{
	size_t room = sizeof(io->ifr_hwaddr.sa_data);
	struct netdev_address a;
	int type;

	(void)ret_errnum;
	TRY(netdev_read_address(k, dev, &a));
	TRY(int_read(k, dev, F_net_device_type, &type));
	memset(&io->ifr_hwaddr, 0, sizeof(io->ifr_hwaddr));
	io->ifr_hwaddr.sa_family = (sa_family_t)type;
	memcpy(io->ifr_hwaddr.sa_data, a.bytes, a.len < room ? a.len : room);
	return NULL;
}

static const struct err *tell_map(const struct kernel *k, gva_t dev, struct ifreq *io,
				  int *ret_errnum)
{
	uint64_t start, end, base;
	int irq, dma, port;

	(void)ret_errnum;
	TRY(kfield_uint(k, dev, F_net_device_mem_start, &start));
	TRY(kfield_uint(k, dev, F_net_device_mem_end, &end));
	TRY(kfield_uint(k, dev, F_net_device_base_addr, &base));
	TRY(int_read(k, dev, F_net_device_irq, &irq));
	TRY(int_read(k, dev, F_net_device_dma, &dma));
	TRY(int_read(k, dev, F_net_device_if_port, &port));
	io->ifr_map = (struct ifmap){.mem_start = start,
				     .mem_end = end,
				     .base_addr = (unsigned short)base,
				     .irq = (unsigned char)irq,
				     .dma = (unsigned char)dma,
				     .port = (unsigned char)port};
	return NULL;
}

/* --- its first IPv4 address ----------------------------------------------------------------- */

static void address_set(struct sockaddr *at, uint32_t address)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = address};

	memcpy(at, &in, sizeof(in));
}

/* That of the label that was asked for ("eth0:1"), which an interface's first has, too. */
static const struct err *address_find(const struct kernel *k, gva_t dev, const char *label,
				      struct inetaddr *ret, int *ret_errnum)
{
	struct inetaddr_iter it;
	bool end;

	TRY(inetaddr_iter_init(&it, k, dev));
	for (;;) {
		TRY(inetaddr_iter_next(&it, k, ret, &end));
		*ret_errnum = end ? EADDRNOTAVAIL : 0;
		if (end || strncmp(ret->label, label, IFNAMSIZ) == 0)
			return NULL;
	}
}

static uint32_t mask_of(unsigned prefix_len)
{
	if (prefix_len == 0 || prefix_len > 32)
		return 0;
	return htonl(UINT32_MAX << (32 - prefix_len));
}

#define TELL_ADDRESS(name, value)                                                                  \
	static const struct err *name(const struct kernel *k, gva_t dev, struct ifreq *io,         \
				      int *ret_errnum)                                             \
	{                                                                                          \
		struct inetaddr a;                                                                 \
                                                                                                   \
		TRY(address_find(k, dev, io->ifr_name, &a, ret_errnum));                           \
		if (*ret_errnum == 0)                                                              \
			address_set(&io->ifr_addr, value);                                         \
		return NULL;                                                                       \
	}

TELL_ADDRESS(tell_address, a.local)
TELL_ADDRESS(tell_peer, a.address)
TELL_ADDRESS(tell_broadcast, a.broadcast)
TELL_ADDRESS(tell_mask, mask_of(a.prefix_len))

/* --- the table -------------------------------------------------------------------------------- */

static const struct row {
	unsigned request;
	tell_fn *tell;
} rows[] = {
#define IOCTL(request_, tell_) {request_, tell_},
#define IOCTL_SETS(request_)
#include "transcall/proc/ifreq.def"
#undef IOCTL
#undef IOCTL_SETS
};

static const unsigned changes[] = {
#define IOCTL(request_, tell_)
#define IOCTL_SETS(request_) request_,
#include "transcall/proc/ifreq.def"
#undef IOCTL
#undef IOCTL_SETS
};

static bool is_change(unsigned request)
{
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
		if (changes[i] == request)
			return true;
	return false;
}

static tell_fn *tell_find(unsigned request)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].request == request)
			return rows[i].tell;
	return NULL;
}

const struct err *ifreq_answer(struct proc_view *view, unsigned request, struct ifreq *io,
			       int *ret_errnum)
{
	bool by_index = request == SIOCGIFNAME;
	char name[IFNAMSIZ + 1] = "";
	tell_fn *tell = tell_find(request);
	gva_t net, dev;

	*ret_errnum = is_change(request) ? EPERM : EOPNOTSUPP;
	if (!tell)
		return NULL;
	memcpy(name, io->ifr_name, by_index ? 0 : IFNAMSIZ);
	name[strcspn(name, ":")] = '\0';
	TRY(answer_net(view, &net));
	TRY(netdev_find(view->kernel, net, by_index ? io->ifr_ifindex : 0, name, &dev));
	*ret_errnum = gva_is_null(dev) ? ENODEV : 0;
	return gva_is_null(dev) ? NULL : tell(view->kernel, dev, io, ret_errnum);
}

/* --- the list of all ----------------------------------------------------------------------------
 */

static const struct err *list_device(const struct kernel *k, gva_t dev, struct ifreq *ret,
				     size_t max, size_t *count)
{
	struct inetaddr_iter it;
	struct inetaddr a;
	bool end;

	TRY(inetaddr_iter_init(&it, k, dev));
	for (;;) {
		TRY(inetaddr_iter_next(&it, k, &a, &end));
		if (end)
			return NULL;
		if (*count < max) {
			struct ifreq *r = &ret[*count];

			memset(r, 0, sizeof(*r));
			memcpy(r->ifr_name, a.label, IFNAMSIZ);
			address_set(&r->ifr_addr, a.local);
		}
		++*count;
	}
}

const struct err *ifreq_list(struct proc_view *view, struct ifreq *ret, size_t max,
			     size_t *ret_count)
{
	struct list_iter it;
	gva_t net, dev;

	*ret_count = 0;
	TRY(answer_net(view, &net));
	TRY(netdev_iter_init(&it, view->kernel, net));
	for (;;) {
		TRY(netdev_iter_next(&it, view->kernel, &dev));
		if (gva_is_null(dev))
			return NULL;
		TRY(list_device(view->kernel, dev, ret, max, ret_count));
	}
}
