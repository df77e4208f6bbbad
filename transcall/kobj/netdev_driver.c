/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a driver's function gives, by its table. Input: attacker-controlled. */
#include "transcall/kobj/netdev_driver.h"

#include <string.h>

#include "transcall/kobj/kallsyms.h"
#include "transcall/kobj/netdev.h"

#define QUEUES_MAX 0x8000 /* VIRTIO_NET_CTRL_MQ_VQ_PAIRS_MAX (include/uapi/linux/virtio_net.h) */

static const struct err *not_described(const char *what, const struct kernel *k, gva_t dev)
{
	char name[NETDEV_NAME_BYTES];

	TRY(netdev_name(k, dev, name));
	return ERR_AT(ERR_ABSENT, dev.v, "the counters of %s cannot be found: %s", name, what);
}

/* A profile that does not fit, or a layout that was written down for another kernel, shows here. */
static const struct err *queue_check(const struct kernel *k, gva_t dev, gva_t queue,
				     const struct source *s)
{
	char name[NETDEV_NAME_BYTES];

	if (!s->prefix)
		return NULL;
	TRY(kfield_str(k, queue, s->name, name, sizeof(name)));
	if (strncmp(name, s->prefix, strlen(s->prefix)) == 0)
		return NULL;
	return not_described("its queues are not where the profile says", k, dev);
}

static const struct err *queues_add(const struct kernel *k, gva_t dev, const struct source *s,
				    struct netdev_stats *ret)
{
	bool by_device = s->count == F_net_device_num_rx_queues;
	uint64_t count;
	gva_t queue;

	TRY(kfield_ptr(k, netdev_priv(k, dev), s->pointer, &queue));
	TRY(kfield_uint(k, by_device ? dev : netdev_priv(k, dev), s->count, &count));
	if (count > QUEUES_MAX)
		return ERR_AT(ERR_RACE, dev.v, "a network device with %llu queues",
			      (unsigned long long)count);
	for (uint64_t i = 0; i < count; i++) {
		TRY(queue_check(k, dev, queue, s));
		TRY(parts_add(k, queue, s->parts, ret));
		queue = gva_add(queue, k->profile->sizes[s->element]);
	}
	return NULL;
}

static const struct err *source_add(const struct kernel *k, gva_t dev, const struct source *s,
				    struct netdev_stats *ret)
{
	gva_t object = s->where == TSTATS ? dev : netdev_priv(k, dev);
	gva_t percpu;

	if (!profile_has(k->profile, s->pointer))
		return not_described("the profile was built without its driver's module", k, dev);
	if (s->where == PRIVATE)
		return parts_add(k, object, s->parts, ret);
	if (s->where == QUEUES)
		return queues_add(k, dev, s, ret);
	TRY(kfield_ptr(k, object, s->pointer, &percpu));
	return parts_add_percpu(k, percpu, s->parts, ret);
}

static const struct err *sources_add(const struct kernel *k, gva_t dev, const struct source *s,
				     struct netdev_stats *ret)
{
	for (size_t i = 0; i < SOURCES_MAX && s[i].where; i++)
		TRY(source_add(k, dev, &s[i], ret));
	return NULL;
}

static const struct err *driver_add(const struct kernel *k, gva_t dev, const struct driver *d,
				    struct netdev_stats *ret)
{
	gva_t peer;

	for (unsigned i = 0; i < NETDEV_COUNTERS; i++)
		if (i >= NETDEV_OWN || !(d->own >> i & 1))
			ret->v[i] = 0;
	TRY(sources_add(k, dev, d->sources, ret));
	if (!d->peer)
		return NULL;
	TRY(kfield_ptr(k, netdev_priv(k, dev), d->peer, &peer));
	return gva_is_null(peer) ? NULL : sources_add(k, peer, d->peers, ret);
}

const struct err *netdev_driver_read(const struct kernel *k, gva_t dev, gva_t function,
				     struct netdev_stats *ret)
{
	char name[KALLSYMS_NAME_BYTES];

	TRY(kallsyms_name(k, function, name, sizeof(name)));
	for (const struct driver *d = netdev_drivers; d->function; d++)
		if (strcmp(d->function, name) == 0)
			return driver_add(k, dev, d, ret);
	return not_described("we do not know how its driver counts", k, dev);
}
