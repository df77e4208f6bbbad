/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * msg - the messages between client and remotetransd: structures, encoders and decoders, all made
 * from msg.def. Input of a decoder: attacker-controlled.
 */
#ifndef RT_WIRE_MSG_H
#define RT_WIRE_MSG_H

#include "remotetrans/base/buf.h"
#include "vmm/include/rtlaunch.h"
#include "vmm/include/rtvmm.h"

#define WIRE_VERSION             3
#define WIRE_NAME_MAX            64u
#define WIRE_REMARK_MAX          240u
#define WIRE_HASH_BYTES          32u
#define WIRE_PROFILE_MAX         (1u << 20)
#define WIRE_READ_FRAMES_MAX     1024u
#define WIRE_SNAPSHOT_FRAMES_MAX 16384u /* frames named by the client */
#define WIRE_OPEN_REQUEST_BYTES  72u    /* sizeof(struct rtvmm_open_request) */
#define WIRE_OPEN_REPLY_BYTES    144u   /* sizeof(struct rtvmm_open_reply) */
#define WIRE_TPM_MAX             4096u  /* one structure of the TPM, or a certificate */
#define WIRE_PCRS_MAX            (24u * WIRE_HASH_BYTES)
#define WIRE_LOG_MAX             RTLAUNCH_LOG_BYTES_MAX
#define WIRE_RECORD_HEAD_BYTES   (RTVMM_HEADER_BYTES + RTVMM_TAG_BYTES)
#define WIRE_RECORD_BYTES_MAX    (WIRE_RECORD_HEAD_BYTES + RTVMM_FRAME_BYTES)
#define WIRE_KEPT_BYTES          44u /* a record in short form (record.h) */
#define WIRE_RECORDS_BYTES_MAX   (64u * WIRE_RECORD_BYTES_MAX) /* records in one message */
#define WIRE_RECORDS_MAX         (WIRE_RECORDS_BYTES_MAX / WIRE_KEPT_BYTES)

#define WIRE_VM_TAGGED      1u /* the backend's records carry tags */
#define WIRE_HELLO_PACKED   1u /* the client takes PACKED in the place of RECORDS */
#define WIRE_SNAPSHOT_KEPT  1u /* the client has kept the pages of its last snapshot */

/* Why the server refuses; number and text go to the client. */
enum wire_error {
	WIRE_ERROR_VERSION = 1,
	WIRE_ERROR_BAD_REQUEST,
	WIRE_ERROR_NO_VM, /* unknown, or not for this client: one answer for both */
	WIRE_ERROR_VM_GONE,
	WIRE_ERROR_BUSY,
	WIRE_ERROR_BACKEND,
};

enum msg_direction { TO_SERVER, TO_CLIENT };

/* Bytes borrowed from the message they were decoded from. */
struct wire_view {
	const uint8_t *bytes;
	uint32_t len_bytes;
};

#define MESSAGE(ID, name, number, direction) MSG_##ID = (number),
#define U32(field)
#define U64(field)
#define FIXED(field, len)
#define TEXT(field, max)
#define BLOB(field, max, unit)
#define END(name)
enum msg_type {
#include "remotetrans/wire/msg.def"
	MSG_TYPES
};
#include "remotetrans/wire/msg_undef.h"

#define MESSAGE(ID, name, number, direction) struct msg_##name {
#define U32(field)                           uint32_t field;
#define U64(field)                           uint64_t field;
#define FIXED(field, len)                    uint8_t field[len];
#define TEXT(field, max)                     char field[(max) + 1];
#define BLOB(field, max, unit)               struct wire_view field;
#define END(name)                                                                                  \
	}                                                                                          \
	;
#include "remotetrans/wire/msg.def"
#include "remotetrans/wire/msg_undef.h"

/*
 * For each message NAME:
 *   msg_encode_NAME(m, w)    append the body to @w. Return: NULL; PROTO: a field is over its limit.
 *   msg_decode_NAME(r, ret)  the whole of @r must be one body; BLOBs borrow from it. PROTO
 * otherwise.
 */
#define MESSAGE(ID, name, number, direction)                                                       \
	MUST_CHECK const struct err *msg_encode_##name(const struct msg_##name *m,                 \
						       struct buf_writer *w);                      \
	MUST_CHECK const struct err *msg_decode_##name(struct buf_reader *r,                       \
						       struct msg_##name *ret);
#define U32(field)
#define U64(field)
#define FIXED(field, len)
#define TEXT(field, max)
#define BLOB(field, max, unit)
#define END(name)
#include "remotetrans/wire/msg.def"
#include "remotetrans/wire/msg_undef.h"

/* "OPEN_REPLY"; "?" when there is no such type. */
const char *msg_name(unsigned type);

/* Longest body of @type. PROTO when @type does not exist or does not go in @direction. */
MUST_CHECK const struct err *msg_body_max(unsigned type, enum msg_direction direction,
					  uint32_t *ret);

#endif
