/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A VM under the test's control. */
#include "tests/unit/core/fake_host.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/core/random.h"

static int random_bytes(void *host, void *ret, uint32_t len_bytes)
{
	struct fake *f = host;
	uint64_t state = f->random_seed;

	random_fill(f->random_repeats ? &state : &f->random_seed, ret, len_bytes);
	return f->random_status;
}

static uint64_t now_ns(void *host)
{
	struct fake *f = host;

	f->now_ns += f->tick_ns;
	return f->now_ns;
}

static int copy_frame(void *host, uint64_t frame, uint8_t ret[RTVMM_FRAME_BYTES])
{
	struct fake *f = host;

	if (f->copy_status)
		return f->copy_status;
	if (frame >= FAKE_FRAMES)
		return 1;
	memset(ret, (int)(0x40 + frame), RTVMM_FRAME_BYTES);
	return 0;
}

static int read_vcpu(void *host, uint32_t number, struct rtvmm_vcpu *ret)
{
	struct fake *f = host;

	if (number >= FAKE_VCPUS)
		return -RTVMM_EINVAL;
	if (!f->paused && !f->foreign_pause)
		return -RTVMM_EIO; /* the core promises to call it paused */
	ret->cr3 = 0x1000 * (number + 1);
	ret->flags = RTVMM_VCPU_ONLINE;
	return f->vcpu_status;
}

static int read_info(void *host, struct rtvmm_info *ret)
{
	struct fake *f = host;

	ret->vcpus = FAKE_VCPUS;
	ret->max_frame = FAKE_FRAMES - 1;
	ret->flags = f->foreign_pause ? RTVMM_INFO_PAUSED : 0;
	return 0;
}

static int pause_vm(void *host, uint64_t until_ns)
{
	struct fake *f = host;

	if (f->pause_status)
		return f->pause_status;
	f->resumed_by_others = false;
	if (f->foreign_pause)
		return 1;
	f->paused = true;
	f->pauses++;
	f->until_ns = until_ns;
	return 0;
}

static int resume_vm(void *host)
{
	struct fake *f = host;

	f->paused = false;
	f->resumes++;
	return f->resume_status;
}

static int still_paused(void *host)
{
	struct fake *f = host;

	return f->resumed_by_others ? -RTVMM_ETIME : 0;
}

static const struct host_ops ops = {
	.random_bytes = random_bytes,
	.now_ns = now_ns,
	.copy_frame = copy_frame,
	.read_vcpu = read_vcpu,
	.read_info = read_info,
	.pause = pause_vm,
	.resume = resume_vm,
	.still_paused = still_paused,
};

static int get(struct call_io *io, void *ret, uint32_t len_bytes)
{
	struct fake *f = (struct fake *)((char *)io - offsetof(struct fake, io));

	if (f->in_bytes - f->taken_bytes < len_bytes)
		return -RTVMM_EFAULT;
	memcpy(ret, f->in + f->taken_bytes, len_bytes);
	f->taken_bytes += len_bytes;
	return 0;
}

static int put(struct call_io *io, const void *from, uint32_t len_bytes)
{
	struct fake *f = (struct fake *)((char *)io - offsetof(struct fake, io));

	if (f->put_limit && ++f->puts > f->put_limit)
		return -RTVMM_EFAULT;
	if (FAKE_OUT_BYTES - f->out_bytes < len_bytes)
		return -RTVMM_EFAULT;
	memcpy(f->out + f->out_bytes, from, len_bytes);
	f->out_bytes += len_bytes;
	return 0;
}

struct fake *fake_new(void)
{
	static const uint8_t uuid[RTVMM_ID_BYTES] = "uuid of the VM.";
	struct fake *f = calloc(1, sizeof(*f));

	f->out = malloc(FAKE_OUT_BYTES);
	f->random_seed = 0x1234567;
	f->now_ns = 1000000000000;
	f->tick_ns = 1000;
	f->io = (struct call_io){.get = get, .put = put};
	if (core_init(&f->core, &ops, f) || vm_create(&f->vm, &ops, f, uuid, 1000))
		abort();
	f->call = (struct call){.core = &f->core,
				.vm = &f->vm,
				.caller = &f->caller,
				.io = &f->io,
				.page = f->page};
	return f;
}

void fake_free(struct fake *f)
{
	free(f->out);
	free(f);
}

int fake_request(struct fake *f, const struct rtvmm_request *r, const void *trailing,
		 size_t trailing_bytes, uint32_t *ret_records)
{
	f->taken_bytes = f->out_bytes = 0;
	f->puts = 0;
	f->in_bytes = trailing_bytes;
	if (trailing_bytes)
		memcpy(f->in, trailing, trailing_bytes);
	return request_handle(&f->call, r, ret_records);
}

const struct err *fake_open(struct fake *f, struct vmm_peer *ret)
{
	struct rtvmm_open_reply reply;
	struct rtvmm_request r;
	uint32_t records;
	int status;

	TRY(vmm_peer_begin(ret));
	r = vmm_peer_request(ret, RTVMM_OP_OPEN);
	status = fake_request(f, &r, &ret->request, sizeof(ret->request), &records);
	if (status || records != 1 || f->out_bytes != sizeof(reply))
		return ERR(ERR_PEER, "OPEN: status %d, %u records", status, records);
	memcpy(&reply, f->out, sizeof(reply));
	return vmm_peer_finish(ret, &reply);
}

const struct err *fake_ask(struct fake *f, struct vmm_peer *p, const struct rtvmm_request *r,
			   enum rtvmm_record_type type, uint64_t subject,
			   struct rtvmm_record *ret_record, const uint8_t **ret_payload)
{
	uint32_t records;
	int status = fake_request(f, r, NULL, 0, &records);

	if (status || records != 1)
		return ERR(ERR_PEER, "status %d, %u records", status, records);
	memcpy(ret_record, f->out, sizeof(*ret_record));
	*ret_payload = f->out + sizeof(*ret_record);
	if (f->out_bytes != sizeof(*ret_record) + ret_record->header.payload_bytes)
		return ERR(ERR_PROTO, "%zu bytes came out", f->out_bytes);
	return vmm_peer_verify(p, r, type, subject, ret_record, *ret_payload);
}
