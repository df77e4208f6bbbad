/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A memory image in a file: nobody tags it, so clients refuse it unless told otherwise. Records
 * have the shape of the VMM's, with a zero tag. The image never changes: every snapshot is the
 * same.
 */
#include "remotetrans/server/backend.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "remotetrans/server/vmcoreinfo.h"
#include "remotetrans/wire/record.h"

struct image {
	struct backend backend; /* first */
	struct memory memory;
	struct vcpu vcpu;
	uint8_t uuid[RTVMM_ID_BYTES];
	uint8_t instance_id[RTVMM_ID_BYTES];
	uint64_t counter;
	uint64_t generation; /* 0: not in a snapshot */
	uint64_t pauses;
};

static const char *config_value(const struct vm_config *vm)
{
	return vm->image;
}

/* --- records -----------------------------------------------------------------------------------
 */

static const struct err *add_record(struct image *m, const struct backend_request *request,
				    uint32_t type, uint64_t subject, struct buf_reader payload,
				    struct records *ret)
{
	size_t payload_bytes = buf_reader_left(&payload);
	size_t len = WIRE_RECORD_HEAD_BYTES + payload_bytes;
	static const uint8_t no_tag[RTVMM_TAG_BYTES];
	struct record_header h = {.magic = RTVMM_MAGIC,
				  .version = RTVMM_VERSION,
				  .type = type,
				  .payload_bytes = (uint32_t)payload_bytes,
				  .session = 1,
				  .counter = ++m->counter,
				  .subject = subject,
				  .generation = m->generation};
	uint8_t *at;

	memcpy(h.uuid, m->uuid, sizeof(h.uuid));
	memcpy(h.instance_id, m->instance_id, sizeof(h.instance_id));
	memcpy(h.challenge, request->challenge, sizeof(h.challenge));
	TRY(records_reserve(ret, len, &at));
	struct buf_writer w = buf_writer_over(at, len);
	TRY(record_header_encode(&h, &w));
	TRY(buf_write_bytes(&w, no_tag, sizeof(no_tag)));
	TRY(buf_write_bytes(&w, payload.at, payload_bytes));
	return records_added(ret, len);
}

static const struct err *read_frames(struct image *m, const struct backend_request *request,
				     struct records *ret)
{
	for (uint32_t i = 0; i < request->count; i++) {
		const uint8_t *bytes = memory_frame(&m->memory, gfn(request->frames[i]));
		uint32_t type = bytes ? RTVMM_RECORD_PAGE : RTVMM_RECORD_NOT_RAM;

		TRY(add_record(m, request, type, request->frames[i],
			       buf_reader_over(bytes, bytes ? FRAME_BYTES : 0), ret));
	}
	return NULL;
}

static const struct err *read_vcpu(struct image *m, const struct backend_request *request,
				   struct records *ret)
{
	uint8_t payload[sizeof(struct rtvmm_vcpu)];
	struct buf_writer w = buf_writer_over(payload, sizeof(payload));

	if (request->count != 0) {
		m->backend.status = RTVMM_EINVAL;
		return ERR(ERR_PEER, "an image has one vCPU");
	}
	TRY(record_vcpu_encode(&m->vcpu, &w));
	return add_record(m, request, RTVMM_RECORD_VCPU, 0, buf_reader_over(payload, w.used_bytes),
			  ret);
}

static const struct err *read_info(struct image *m, const struct backend_request *request,
				   struct records *ret)
{
	struct vm_info info = {.vcpus = 1,
			       .max_frame = memory_max_frame(&m->memory),
			       .ram_bytes = memory_ram_bytes(&m->memory),
			       .pauses = m->pauses,
			       .is_paused = true,
			       .address_width = 52};
	uint8_t payload[sizeof(struct rtvmm_info)];
	struct buf_writer w = buf_writer_over(payload, sizeof(payload));

	TRY(record_info_encode(&info, &w));
	return add_record(m, request, RTVMM_RECORD_INFO, 0, buf_reader_over(payload, w.used_bytes),
			  ret);
}

static const struct err *add_event(struct image *m, const struct backend_request *request,
				   uint32_t event, struct records *ret)
{
	struct snapshot_event e = {.event = event};
	uint8_t payload[sizeof(struct rtvmm_snapshot)];
	struct buf_writer w = buf_writer_over(payload, sizeof(payload));

	TRY(record_snapshot_encode(&e, &w));
	return add_record(m, request, RTVMM_RECORD_SNAPSHOT, 0,
			  buf_reader_over(payload, w.used_bytes), ret);
}

static const struct err *ask(struct backend *b, const struct backend_request *request,
			     struct records *ret)
{
	struct image *m = (struct image *)b;
	const struct err *e;

	b->status = 0;
	switch (request->op) {
	case RTVMM_OP_READ:
		return read_frames(m, request, ret);
	case RTVMM_OP_VCPU:
		return read_vcpu(m, request, ret);
	case RTVMM_OP_INFO:
		return read_info(m, request, ret);
	case RTVMM_OP_SNAPSHOT_BEGIN:
		m->generation = ++m->pauses;
		return add_event(m, request, RTVMM_SNAPSHOT_BEGIN, ret);
	case RTVMM_OP_SNAPSHOT_END:
		e = add_event(m, request, RTVMM_SNAPSHOT_END, ret);
		m->generation = 0;
		return e;
	default:
		return ERR(ERR_USAGE, "no such request of an image");
	}
}

/* --- opening -----------------------------------------------------------------------------------
 */

static const struct err *write_reply(const struct image *m, uint8_t *reply)
{
	static const uint8_t zeros[2 * RTVMM_KEY_BYTES];
	struct buf_writer w = buf_writer_over(reply, WIRE_OPEN_REPLY_BYTES);

	TRY(buf_write_u32(&w, RTVMM_VERSION));
	TRY(buf_write_u32(&w, 0));
	TRY(buf_write_bytes(&w, zeros, 2 * RTVMM_KEY_BYTES)); /* there is no VMM */
	TRY(buf_write_bytes(&w, zeros, RTVMM_ID_BYTES));
	TRY(buf_write_bytes(&w, m->instance_id, RTVMM_ID_BYTES));
	TRY(buf_write_bytes(&w, m->uuid, RTVMM_ID_BYTES));
	TRY(buf_write_u64(&w, 1));
	return buf_write_bytes(&w, zeros, RTVMM_TAG_BYTES);
}

static void image_close(struct backend *b)
{
	struct image *m = (struct image *)b;

	memory_deinit(&m->memory);
	free(m);
}

static const struct err *prepare(struct image *m, const struct vm_config *vm, uint8_t *reply)
{
	memcpy(m->uuid, vm->uuid, sizeof(m->uuid));
	if (getrandom(m->instance_id, sizeof(m->instance_id), 0) != sizeof(m->instance_id))
		return ERR_ERRNO(ERR_SYSTEM, errno, "getrandom");
	TRY(memory_open(&m->memory, vm->image, vm->machine));
	TRY(vmcoreinfo_vcpu(&m->memory, &m->vcpu));
	return write_reply(m, reply);
}

static const struct err *image_open(const struct vm_config *vm, const uint8_t *request,
				    uint8_t *reply, struct backend **ret)
{
	struct image *m = calloc(1, sizeof(*m));

	(void)request; /* nobody here could make a key of it */
	if (!m)
		return ERR_ERRNO(ERR_SYSTEM, errno, "backend");
	m->backend.ops = &backend_image;
	const struct err *e = prepare(m, vm, reply);
	if (e) {
		image_close(&m->backend);
		return e;
	}
	*ret = &m->backend;
	return NULL;
}

static const struct memory *image_memory(struct backend *b)
{
	return &((struct image *)b)->memory;
}

const struct backend_ops backend_image = {
	.name = "image",
	.is_tagged = false,
	.config_key = "image",
	.config_value = config_value,
	.open = image_open,
	.ask = ask,
	.memory = image_memory,
	.close = image_close,
};
