/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts of protocols. Input: attacker-controlled. */
#include "transcall/kobj/netproto.h"

#include "transcall/kobj/percpu_counter.h"

#define PROTOS_MAX 64u /* PROTO_INUSE_NR */

/* Sum over all CPUs of the int at @at in their part of per-CPU memory. */
static const struct err *percpu_sum(const struct kernel *k, gva_t at, int32_t *ret)
{
	uint32_t sum = 0, part;

	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++) {
		TRY(kread_u32(k, gva_add(at, k->percpu_base[cpu]), &part));
		sum += part;
	}
	*ret = (int32_t)sum;
	return NULL;
}

const struct err *netproto_all_in_use(const struct kernel *k, gva_t net, int32_t *ret)
{
	gva_t inuse;

	if (!profile_has(k->profile, F_prot_inuse_all)) {
		TRY(kfield_ptr(k, net, F_net_sock_inuse, &inuse));
		return percpu_sum(k, inuse, ret);
	}
	TRY(kfield_ptr(k, net, F_net_prot_inuse, &inuse));
	return percpu_sum(k, kfield_at(k, inuse, F_prot_inuse_all), ret);
}

static const struct err *sockets_of(const struct kernel *k, gva_t net, gva_t proto, int32_t *ret)
{
	uint64_t index;
	gva_t inuse;

	TRY(kfield_uint(k, proto, F_proto_inuse_idx, &index));
	TRY(kfield_ptr(k, net, F_net_prot_inuse, &inuse));
	if (index >= PROTOS_MAX)
		return ERR_AT(ERR_RACE, inuse.v, "protocol number %u", (unsigned)index);
	TRY(percpu_sum(k, gva_add(kfield_at(k, inuse, F_prot_inuse_val), 4 * index), ret));
	if (*ret < 0)
		*ret = 0;
	return NULL;
}

const struct err *netproto_in_use(const struct kernel *k, gva_t net, enum symbol_id proto,
				  int32_t *ret)
{
	return sockets_of(k, net, kernel_symbol(k, proto), ret);
}

static const struct err *pages_read(const struct kernel *k, gva_t at, int64_t *ret)
{
	uint64_t pages;

	TRY(kread_u64(k, at, &pages));
	*ret = (int64_t)pages < 0 ? 0 : (int64_t)pages;
	return NULL;
}

const struct err *netproto_memory(const struct kernel *k, enum symbol_id proto, int64_t *ret)
{
	gva_t at;

	TRY(kfield_ptr(k, kernel_symbol(k, proto), F_proto_memory_allocated, &at));
	return pages_read(k, at, ret);
}

static const struct err *timewait_count(const struct kernel *k, gva_t net, int32_t *ret)
{
	bool counted = profile_has(k->profile, F_net_tw_count);
	int64_t v;

	TRY(kfield_int(k, net, counted ? F_net_tw_count : F_net_tw_refcount, &v));
	*ret = (int32_t)(counted ? v : v - 1);
	return NULL;
}

const struct err *netproto_read_tcp(const struct kernel *k, gva_t net, struct netproto_tcp *ret)
{
	uint32_t orphans = 0, part;
	gva_t allocated;

	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++) {
		TRY(kread_u32(k, kernel_percpu(k, S_tcp_orphan_count, cpu), &part));
		orphans += part;
	}
	ret->orphans = (int32_t)orphans < 0 ? 0 : (int32_t)orphans;
	TRY(timewait_count(k, net, &ret->timewait));
	TRY(kfield_ptr(k, kernel_symbol(k, S_tcp_prot), F_proto_sockets_allocated, &allocated));
	return percpu_counter_sum(k, allocated, &ret->allocated);
}

const struct err *netproto_fragments(const struct kernel *k, gva_t net, enum field_id fqdir,
				     uint32_t *ret_queues, uint64_t *ret_bytes)
{
	uint64_t queues;
	gva_t at;

	TRY(kfield_ptr(k, net, fqdir, &at));
	TRY(kfield_uint(k, at, F_fqdir_nelems, &queues));
	*ret_queues = (uint32_t)queues;
	return kfield_uint(k, at, F_fqdir_mem, ret_bytes);
}

const struct err *netproto_iter_init(struct list_iter *it, const struct kernel *k)
{
	return list_init(it, k, kernel_symbol(k, S_proto_list));
}

const struct err *netproto_iter_next(struct list_iter *it, const struct kernel *k, gva_t *ret)
{
	TRY(list_next(it, k, ret));
	if (!gva_is_null(*ret))
		*ret = kfield_container(k, *ret, F_proto_node);
	return NULL;
}

/* Memory and whether it is short, of protocols that count it. */
static const struct err *memory_read(const struct kernel *k, gva_t proto, struct netproto *ret)
{
	gva_t allocated, pressure;
	uint64_t pressed;

	ret->memory_pages = -1;
	ret->pressure = NETPROTO_UNKNOWN;
	TRY(kfield_ptr(k, proto, F_proto_memory_allocated, &allocated));
	if (!gva_is_null(allocated))
		TRY(pages_read(k, allocated, &ret->memory_pages));
	TRY(kfield_ptr(k, proto, F_proto_memory_pressure, &pressure));
	if (gva_is_null(pressure))
		return NULL;
	TRY(kread_u64(k, pressure, &pressed));
	ret->pressure = pressed ? NETPROTO_PRESSED : NETPROTO_RELAXED;
	return NULL;
}

const struct err *netproto_read(const struct kernel *k, gva_t net, gva_t proto,
				struct netproto *ret)
{
	uint64_t object_bytes, max_header;
	gva_t slab;

	TRY(kfield_str(k, proto, F_proto_name, ret->name, sizeof(ret->name)));
	TRY(kfield_uint(k, proto, F_proto_obj_size, &object_bytes));
	TRY(kfield_uint(k, proto, F_proto_max_header, &max_header));
	TRY(kfield_ptr(k, proto, F_proto_slab, &slab));
	TRY(sockets_of(k, net, proto, &ret->in_use));
	ret->object_bytes = (uint32_t)object_bytes;
	ret->max_header = (uint32_t)max_header;
	ret->has_slab = !gva_is_null(slab);
	TRY(memory_read(k, proto, ret));
	return kfield_ptr(k, proto, F_proto_owner, &ret->module);
}
