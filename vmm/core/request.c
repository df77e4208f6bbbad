/* SPDX-License-Identifier: MIT */
/*
 * Requests: checks first, then a table by operation. Input: attacker-controlled.
 *
 * Each record's counter is taken before its payload is copied and never given back.
 */
#include "vmm/core/request.h"
#include "vmm/core/bytes.h"
#include "vmm/core/handshake.h"
#include "vmm/core/record.h"

/* What an operation may carry, and who does it. */
struct operation {
	bool needs_session;
	bool has_deadline;
	uint32_t count_min, count_max;
	uint32_t trailing_bytes, trailing_bytes_each;
	int (*run)(struct call *c, struct session *s, const struct rtvmm_request *r, uint32_t *ret);
};

static int put_record(struct call *c, const struct session *s, const struct record_subject *what)
{
	struct rtvmm_record record;
	int status;

	record_describe(c->core, c->vm, s, what, &record);
	if (!c->tags_later)
		record_tag(s, &record, what->payload);
	status = c->io->put(c->io, &record, sizeof(record));
	if (!status && what->payload_bytes)
		status = c->io->put(c->io, what->payload, what->payload_bytes);
	return status;
}

/* Begin a record: its counter is consumed here, before anything is copied for it. */
static struct record_subject begin_record(struct session *s, const struct rtvmm_request *r,
					  enum rtvmm_record_type type, uint64_t subject)
{
	struct record_subject what = {.type = type, .challenge = r->challenge, .subject = subject};

	what.counter = session_take_counter(s);
	return what;
}

static void stamp(const struct vm *vm, struct record_subject *what)
{
	what->taken_ns = vm->ops->now_ns(vm->host);
	what->generation = vm_generation_now(vm, what->taken_ns);
}

static int run_open(struct call *c, struct session *s, const struct rtvmm_request *r, uint32_t *ret)
{
	struct rtvmm_open_request open;
	struct rtvmm_open_reply reply;
	int status = c->io->get(c->io, &open, sizeof(open));

	(void)s;
	if (status)
		return status;
	if (open.version != RTVMM_VERSION)
		return -RTVMM_EVERSION;
	if (open.flags || !bytes_equal(open.challenge, r->challenge, sizeof(open.challenge)))
		return -RTVMM_EINVAL;
	s = session_free_slot(c->caller, c->vm->instance_id);
	status = handshake_answer(c->core, c->vm, &open, s, &reply);
	if (status)
		return status;
	*ret = 1;
	status = c->io->put(c->io, &reply, sizeof(reply));
	if (status)
		session_wipe(s); /* nobody will ever learn its number */
	return status;
}

static int run_close(struct call *c, struct session *s, const struct rtvmm_request *r,
		     uint32_t *ret)
{
	(void)r;
	if (c->vm->owner_session == s->number)
		(void)vm_resume(c->vm); /* the guard resumes what we cannot */
	session_wipe(s);
	*ret = 0;
	return 0;
}

static int read_frame(struct call *c, struct session *s, const struct rtvmm_request *r,
		      uint64_t frame)
{
	struct record_subject what = begin_record(s, r, RTVMM_RECORD_PAGE, frame);
	int status = c->vm->ops->copy_frame(c->vm->host, frame, c->page);

	if (status < 0)
		return status;
	stamp(c->vm, &what);
	if (status > 0) {
		what.type = RTVMM_RECORD_NOT_RAM;
	} else {
		what.payload = c->page;
		what.payload_bytes = RTVMM_FRAME_BYTES;
	}
	return put_record(c, s, &what);
}

static int run_read(struct call *c, struct session *s, const struct rtvmm_request *r, uint32_t *ret)
{
	uint8_t frame[8];

	for (uint32_t i = 0; i < r->count; i++) {
		int status = c->io->get(c->io, frame, sizeof(frame));

		if (!status)
			status = read_frame(c, s, r, bytes_load_le64(frame));
		if (status)
			return status;
	}
	*ret = r->count;
	return 0;
}

/* Registers are read in a pause: the caller's, or a short one of our own. */
static int run_vcpu(struct call *c, struct session *s, const struct rtvmm_request *r, uint32_t *ret)
{
	struct record_subject what = begin_record(s, r, RTVMM_RECORD_VCPU, r->count);
	bool own_pause = !c->vm->generation;
	struct rtvmm_vcpu registers;
	int status = own_pause ? vm_pause(c->vm, 0, VM_VCPU_PAUSE_NS) : 0;

	if (status)
		return status;
	bytes_zero(&registers, sizeof(registers));
	status = c->vm->ops->read_vcpu(c->vm->host, r->count, &registers);
	stamp(c->vm, &what);
	if (own_pause) {
		what.generation = 0;    /* it ran until now and runs again */
		(void)vm_resume(c->vm); /* the guard resumes what we cannot */
	}
	if (status)
		return status;
	what.payload = &registers;
	what.payload_bytes = sizeof(registers);
	*ret = 1;
	return put_record(c, s, &what);
}

static int run_info(struct call *c, struct session *s, const struct rtvmm_request *r, uint32_t *ret)
{
	struct record_subject what = begin_record(s, r, RTVMM_RECORD_INFO, 0);
	struct rtvmm_info info;
	int status;

	bytes_zero(&info, sizeof(info));
	status = c->vm->ops->read_info(c->vm->host, &info);
	if (status)
		return status;
	info.pauses = c->vm->pauses;
	info.paused_ns_max = c->vm->paused_ns_max;
	info.pause_deadline_ms = (uint32_t)(c->vm->deadline_ns / 1000000);
	stamp(c->vm, &what);
	what.payload = &info;
	what.payload_bytes = sizeof(info);
	*ret = 1;
	return put_record(c, s, &what);
}

static int put_snapshot(struct call *c, struct session *s, const struct rtvmm_request *r,
			uint32_t event)
{
	struct record_subject what = begin_record(s, r, RTVMM_RECORD_SNAPSHOT, 0);
	const struct vm *vm = c->vm;
	struct rtvmm_snapshot snapshot;

	stamp(vm, &what);
	if (!what.generation)
		return -RTVMM_ETIME;
	bytes_zero(&snapshot, sizeof(snapshot));
	snapshot.event = event;
	snapshot.deadline_ms = (uint32_t)((vm->until_ns - vm->started_ns) / 1000000);
	snapshot.started_ns = vm->started_ns;
	if (event == RTVMM_SNAPSHOT_END)
		snapshot.paused_ns = what.taken_ns - vm->started_ns;
	what.payload = &snapshot;
	what.payload_bytes = sizeof(snapshot);
	return put_record(c, s, &what);
}

static int run_snapshot_begin(struct call *c, struct session *s, const struct rtvmm_request *r,
			      uint32_t *ret)
{
	uint64_t wanted_ns = r->deadline_ms ? (uint64_t)r->deadline_ms * 1000000 : UINT64_MAX;
	int status = vm_pause(c->vm, s->number, wanted_ns);

	if (status)
		return status;
	status = put_snapshot(c, s, r, RTVMM_SNAPSHOT_BEGIN);
	if (status)
		(void)vm_resume(c->vm);
	*ret = 1;
	return status;
}

static int run_snapshot_end(struct call *c, struct session *s, const struct rtvmm_request *r,
			    uint32_t *ret)
{
	int status, resumed;

	if (!c->vm->generation || c->vm->owner_session != s->number)
		return -RTVMM_ETIME; /* never begun, or over already */
	status = vm_check_paused(c->vm);
	if (!status)
		status = put_snapshot(c, s, r, RTVMM_SNAPSHOT_END);
	resumed = vm_resume(c->vm);
	*ret = 1;
	return status ? status : resumed;
}

static const struct operation operations[] = {
	[RTVMM_OP_OPEN] = {.trailing_bytes = sizeof(struct rtvmm_open_request), .run = run_open},
	[RTVMM_OP_CLOSE] = {.needs_session = true, .run = run_close},
	[RTVMM_OP_READ] = {.needs_session = true,
			   .count_min = 1,
			   .count_max = RTVMM_READ_FRAMES_MAX,
			   .trailing_bytes_each = sizeof(uint64_t),
			   .run = run_read},
	[RTVMM_OP_VCPU] = {.needs_session = true,
			   .count_max = RTVMM_VCPUS_MAX - 1,
			   .run = run_vcpu},
	[RTVMM_OP_INFO] = {.needs_session = true, .run = run_info},
	[RTVMM_OP_SNAPSHOT_BEGIN] = {.needs_session = true,
				     .has_deadline = true,
				     .run = run_snapshot_begin},
	[RTVMM_OP_SNAPSHOT_END] = {.needs_session = true, .run = run_snapshot_end},
};

static const struct operation *find_operation(const struct rtvmm_request *r)
{
	if (r->op >= sizeof(operations) / sizeof(operations[0]) || !operations[r->op].run)
		return NULL;
	return &operations[r->op];
}

int request_trailing_bytes(const struct rtvmm_request *r)
{
	const struct operation *op = find_operation(r);

	if (r->version != RTVMM_VERSION)
		return -RTVMM_EVERSION;
	if (!op || r->count < op->count_min || r->count > op->count_max ||
	    (r->deadline_ms && !op->has_deadline) || (r->session && !op->needs_session))
		return -RTVMM_EINVAL;
	return (int)(op->trailing_bytes + r->count * op->trailing_bytes_each);
}

int request_handle(struct call *c, const struct rtvmm_request *r, uint32_t *ret)
{
	const struct operation *op = find_operation(r);
	struct session *s = NULL;
	int status = request_trailing_bytes(r);

	*ret = 0;
	if (status < 0)
		return status;
	vm_expire(c->vm);
	if (c->vm->gone)
		return -RTVMM_ENOVM;
	if (op->needs_session) {
		s = session_find(c->caller, r->session);
		if (!s)
			return -RTVMM_ENOSESSION;
		if (!bytes_equal(s->instance_id, c->vm->instance_id, sizeof(s->instance_id))) {
			session_wipe(s);
			return -RTVMM_ENOVM;
		}
	}
	status = op->run(c, s, r, ret);
	if (status)
		*ret = 0;
	return status;
}

int request_tag(struct caller *caller, uint8_t *bytes, uint32_t *ret_bytes)
{
	struct rtvmm_record record;
	const struct session *s;

	bytes_copy(&record, bytes, sizeof(record));
	s = session_find(caller, record.header.session);
	if (!s)
		return -RTVMM_ENOSESSION;
	record_tag(s, &record, bytes + sizeof(record));
	bytes_copy(bytes, &record, sizeof(record));
	*ret_bytes = (uint32_t)sizeof(record) + record.header.payload_bytes;
	return 0;
}

void request_caller_gone(struct vm *vm, struct caller *caller)
{
	for (uint32_t i = 0; i < RTVMM_SESSIONS_MAX; i++) {
		struct session *s = &caller->sessions[i];

		if (s->number && vm->owner_session == s->number)
			(void)vm_resume(vm); /* the guard resumes what we cannot */
	}
	bytes_wipe(caller, sizeof(*caller));
}
