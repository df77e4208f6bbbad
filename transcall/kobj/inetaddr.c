/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IPv4 addresses. Input: attacker-controlled. */
#include "transcall/kobj/inetaddr.h"

#define ADDRESSES_MAX (1u << 16) /* of one device; a list has no other end */

static uint32_t rest(uint32_t whole, uint64_t passed)
{
	return whole > passed ? whole - (uint32_t)passed : 0;
}

/* inet_fill_ifaddr(): while it is preferred forever, nothing runs out. */
const struct err *inetaddr_times_left(const struct kernel *k, struct inetaddr_times *t)
{
	uint64_t now, passed;

	if (t->preferred == INETADDR_FOREVER)
		return NULL;
	TRY(kread_u64(k, kernel_symbol(k, S_jiffies), &now));
	passed = (now - t->updated) / k->hz;
	t->preferred = rest(t->preferred, passed);
	if (t->valid != INETADDR_FOREVER)
		t->valid = rest(t->valid, passed);
	return NULL;
}

const struct err *inetaddr_iter_init(struct inetaddr_iter *it, const struct kernel *k, gva_t dev)
{
	gva_t in_device;

	*it = (struct inetaddr_iter){.steps = 0};
	TRY(kfield_ptr(k, dev, F_net_device_ip_ptr, &in_device));
	return gva_is_null(in_device) ? NULL
				      : kfield_ptr(k, in_device, F_in_device_ifa_list, &it->next);
}

static const struct err *u32_read(const struct kernel *k, gva_t at, enum field_id id, uint32_t *ret)
{
	uint64_t v;

	TRY(kfield_uint(k, at, id, &v));
	*ret = (uint32_t)v;
	return NULL;
}

static const struct err *times_read(const struct kernel *k, gva_t at, struct inetaddr_times *ret)
{
	TRY(u32_read(k, at, F_in_ifaddr_preferred_lft, &ret->preferred));
	TRY(u32_read(k, at, F_in_ifaddr_valid_lft, &ret->valid));
	TRY(kfield_uint(k, at, F_in_ifaddr_cstamp, &ret->created));
	return kfield_uint(k, at, F_in_ifaddr_tstamp, &ret->updated);
}

static const struct err *address_read(const struct kernel *k, gva_t at, struct inetaddr *ret)
{
	uint64_t prefix_len, scope, protocol = 0;

	TRY(u32_read(k, at, F_in_ifaddr_local, &ret->local));
	TRY(u32_read(k, at, F_in_ifaddr_address, &ret->address));
	TRY(u32_read(k, at, F_in_ifaddr_broadcast, &ret->broadcast));
	TRY(u32_read(k, at, F_in_ifaddr_rt_priority, &ret->priority));
	TRY(u32_read(k, at, F_in_ifaddr_flags, &ret->flags));
	TRY(kfield_uint(k, at, F_in_ifaddr_prefixlen, &prefix_len));
	TRY(kfield_uint(k, at, F_in_ifaddr_scope, &scope));
	if (profile_has(k->profile, F_in_ifaddr_proto))
		TRY(kfield_uint(k, at, F_in_ifaddr_proto, &protocol));
	ret->prefix_len = (uint8_t)prefix_len;
	ret->scope = (uint8_t)scope;
	ret->protocol = (uint8_t)protocol;
	TRY(kfield_str(k, at, F_in_ifaddr_label, ret->label, sizeof(ret->label)));
	return times_read(k, at, &ret->times);
}

const struct err *inetaddr_iter_next(struct inetaddr_iter *it, const struct kernel *k,
				     struct inetaddr *ret, bool *ret_end)
{
	gva_t at = it->next;

	it->next = gva(0); /* an error is the end */
	*ret_end = gva_is_null(at);
	if (*ret_end)
		return NULL;
	if (it->steps++ == ADDRESSES_MAX)
		return ERR_AT(ERR_RACE, at.v, "the addresses of a device do not end");
	TRY(address_read(k, at, ret));
	return kfield_ptr(k, at, F_in_ifaddr_next, &it->next);
}
