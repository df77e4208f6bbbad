/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * offenders - network addresses whose connections come to nothing again and again.
 *
 * A connection costs a process and, mostly, a TLS handshake. An address has OFFENCES_MAX of those
 * that end without having opened a VM in each second; then it is turned away before it costs that.
 */
#ifndef RT_SERVER_OFFENDERS_H
#define RT_SERVER_OFFENDERS_H

#include <stdbool.h>
#include <stdint.h>

#define OFFENCES_MAX     32
#define OFFENDERS_PLACES 256

/* An IPv4 address, or the network part of an IPv6 address. All zero: unknown. */
struct origin {
	uint8_t bytes[16];
};

struct offenders {
	struct {
		struct origin origin;
		uint64_t second;
		uint32_t count;
	} recent[OFFENDERS_PLACES]; /* by hash; the newest of those that share a place stays */
};

/* Where the connection @fd comes from. */
struct origin origin_of(int fd);

void offenders_add(struct offenders *o, const struct origin *from, uint64_t now_ns);
bool offenders_has(const struct offenders *o, const struct origin *from, uint64_t now_ns);

#endif
