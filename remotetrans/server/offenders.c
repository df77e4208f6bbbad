/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counting by address. Input: addresses of strangers. */
#include "remotetrans/server/offenders.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define NS_PER_S          UINT64_C(1000000000)
#define V6_NETWORK_BYTES  8 /* what one host has at the least: RFC 4291, section 2.5.4 */

struct origin origin_of(int fd)
{
	struct sockaddr_storage address = {0};
	socklen_t len = sizeof(address);
	struct origin o = {{0}};

	if (getpeername(fd, (struct sockaddr *)&address, &len) != 0)
		return o;
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)&address;
	const struct in6_addr *v6 = &((const struct sockaddr_in6 *)&address)->sin6_addr;
	if (address.ss_family == AF_INET)
		memcpy(o.bytes, &v4->sin_addr, sizeof(v4->sin_addr));
	else if (address.ss_family == AF_INET6)
		memcpy(o.bytes, v6,
		       IN6_IS_ADDR_V4MAPPED(v6) ? sizeof(*v6) : V6_NETWORK_BYTES);
	return o;
}

/* FNV-1a: who chooses addresses that meet in one place, only shares the limit. */
static uint32_t place_of(const struct origin *o)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < sizeof(o->bytes); i++)
		hash = (hash ^ o->bytes[i]) * 16777619u;
	return hash % OFFENDERS_PLACES;
}

static bool is_at(const struct offenders *o, uint32_t place, const struct origin *from,
		  uint64_t second)
{
	return o->recent[place].second == second &&
	       memcmp(&o->recent[place].origin, from, sizeof(*from)) == 0;
}

void offenders_add(struct offenders *o, const struct origin *from, uint64_t now_ns)
{
	uint32_t place = place_of(from);
	uint64_t second = now_ns / NS_PER_S;

	if (!is_at(o, place, from, second)) {
		o->recent[place].origin = *from;
		o->recent[place].second = second;
		o->recent[place].count = 0;
	}
	o->recent[place].count++;
}

bool offenders_has(const struct offenders *o, const struct origin *from, uint64_t now_ns)
{
	uint32_t place = place_of(from);

	return is_at(o, place, from, now_ns / NS_PER_S) && o->recent[place].count >= OFFENCES_MAX;
}
