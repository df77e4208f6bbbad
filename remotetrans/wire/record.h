/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record - VMM records (rtvmm.h) from bytes and back.
 *
 * Nothing decoded here is trusted by itself: the client's verify is the only door.
 */
#ifndef RT_WIRE_RECORD_H
#define RT_WIRE_RECORD_H

#include "remotetrans/base/buf.h"
#include "remotetrans/base/vcpu.h"
#include "vmm/include/rtvmm.h"

/* struct rtvmm_header, decoded. */
struct record_header {
	uint32_t magic, version, type, payload_bytes;
	uint8_t instance_id[RTVMM_ID_BYTES];
	uint8_t uuid[RTVMM_ID_BYTES];
	uint8_t boot_id[RTVMM_ID_BYTES];
	uint64_t session, counter;
	uint8_t challenge[RTVMM_CHALLENGE_BYTES];
	uint64_t subject, generation, taken_ns;
	uint8_t zero[24];
};

/* One record; the client has it from verify only. */
struct record {
	uint32_t type; /* enum rtvmm_record_type */
	uint64_t subject, generation, taken_ns;
	const uint8_t *payload; /* borrowed from the message; is_kept: from the reader's own page */
	uint32_t payload_bytes; /* right for the type */
	bool is_kept;           /* came in short form */
};

/*
 * A PAGE record in short form: what its reader neither knows nor can compute. The rest of the
 * header is what was asked for, the payload is the page that it has kept. WIRE_KEPT_BYTES.
 */
struct kept_record {
	uint64_t frame, counter, taken_ns;
	uint8_t tag[RTVMM_TAG_BYTES];
};

struct vm_info {
	uint32_t vcpus;
	bool is_protected, is_pv, is_paused;
	bool is_measured; /* as the VMM says of itself: no proof */
	uint64_t max_frame, ram_bytes, pauses, paused_ns_max;
	uint32_t pause_deadline_ms, address_width;
};

struct snapshot_event {
	uint32_t event; /* RTVMM_SNAPSHOT_BEGIN or _END */
	uint32_t deadline_ms;
	uint64_t started_ns, paused_ns;
};

/* Decode and encode the RTVMM_HEADER_BYTES of a header. */
MUST_CHECK const struct err *record_header_decode(struct buf_reader *r, struct record_header *ret);
MUST_CHECK const struct err *record_header_encode(const struct record_header *h,
						  struct buf_writer *w);

/* Whether the next record of @r is in short form; decode and encode one. */
bool record_is_kept(struct buf_reader r);
MUST_CHECK const struct err *record_kept_decode(struct buf_reader *r, struct kept_record *ret);
MUST_CHECK const struct err *record_kept_encode(const struct kept_record *k, struct buf_writer *w);

/* "frame 0x1234", "vCPU 0", ...: what a message is about. */
void record_name(uint32_t type, uint64_t subject, char *ret, size_t size_bytes);

/* Bytes of payload that @type must have; false: no such type. */
bool record_payload_bytes(uint32_t type, uint32_t *ret);

/* Payloads. PROTO: a reserved field is not zero, or a value is out of range. */
MUST_CHECK const struct err *record_vcpu_decode(const struct record *rec, struct vcpu *ret);
MUST_CHECK const struct err *record_info_decode(const struct record *rec, struct vm_info *ret);
MUST_CHECK const struct err *record_snapshot_decode(const struct record *rec,
						    struct snapshot_event *ret);
MUST_CHECK const struct err *record_vcpu_encode(const struct vcpu *v, struct buf_writer *w);
MUST_CHECK const struct err *record_info_encode(const struct vm_info *i, struct buf_writer *w);
MUST_CHECK const struct err *record_snapshot_encode(const struct snapshot_event *s,
						    struct buf_writer *w);

#endif
