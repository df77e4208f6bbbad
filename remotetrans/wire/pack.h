/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pack - the records of one message, compressed. Input of unpack_records(): attacker-controlled.
 *
 * Each message stands alone, so that what a packed one costs its receiver is bounded by what it
 * says of itself, and that by WIRE_RECORDS_BYTES_MAX.
 */
#ifndef RT_WIRE_PACK_H
#define RT_WIRE_PACK_H

#include "remotetrans/wire/msg.h"

/* Either direction's state; all zero is unused. */
struct packer {
	struct ZSTD_CCtx_s *compressor;   /* owned */
	struct ZSTD_DCtx_s *decompressor; /* owned */
	uint8_t *bytes;                   /* owned: what was made last */
	size_t size_bytes;
};

void packer_deinit(struct packer *p);

/* False: they do not get shorter. @ret borrows from @p until its next use. */
bool pack_records(struct packer *p, const struct msg_records *m, struct msg_packed *ret);

/* @ret borrows from @p until its next use. Return: NULL; PROTO: not what it says it is; SYSTEM. */
MUST_CHECK const struct err *unpack_records(struct packer *p, const struct msg_packed *m,
					    struct msg_records *ret);

#endif
