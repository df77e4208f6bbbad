/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nlmsg - build a netlink message: a header, the structure of its type, attributes. */
#ifndef TC_PROC_NLMSG_H
#define TC_PROC_NLMSG_H

#include <stdint.h>
#include <stdio.h>

#include "remotetrans/base/err.h"

#define NLMSG_BYTES_MAX 16384

struct nlmsg {
	size_t len;
	bool is_cut; /* something did not fit */
	_Alignas(4) uint8_t bytes[NLMSG_BYTES_MAX];
};

/* Begin one of @type with the structure that its attributes follow. */
void nlmsg_begin(struct nlmsg *m, uint16_t type, const void *body, size_t len_bytes);

void nlmsg_attr(struct nlmsg *m, uint16_t type, const void *bytes, size_t len_bytes);
void nlmsg_attr_u8(struct nlmsg *m, uint16_t type, uint8_t v);
void nlmsg_attr_u16(struct nlmsg *m, uint16_t type, uint16_t v);
void nlmsg_attr_u32(struct nlmsg *m, uint16_t type, uint32_t v);
void nlmsg_attr_u64(struct nlmsg *m, uint16_t type, uint64_t v);
void nlmsg_attr_text(struct nlmsg *m, uint16_t type, const char *text);

/* Attributes within an attribute: all between the two calls. */
size_t nlmsg_nest(struct nlmsg *m, uint16_t type);
void nlmsg_nest_end(struct nlmsg *m, size_t nest);

/*
 * Append it to @out. Sequence number, port and the flag of a dump are the sender's business.
 * Return: NULL; RACE: no true kernel has so much to say.
 */
MUST_CHECK const struct err *nlmsg_end(struct nlmsg *m, FILE *out);

#endif
