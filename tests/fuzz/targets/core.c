/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The VMM core against hostile callers. Input: steps of time, failures of the host, requests of
 * three callers.
 *
 * What rtvmm.h and the design promise is kept count of here, beside the code: no counter twice in
 * a session, records only for a session that this caller has open, tags that hold, no pause that
 * outlives its deadline or its caller, and never more than a tenth of any ten seconds paused.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/unit/core/fake_host.h"

#define CALLERS     3u
#define STEPS_MAX   64u
#define OPEN_MAX    8u
#define PAUSES_MAX  256u
#define WINDOW_NS   UINT64_C(10000000000)
#define SHARE_NS    (WINDOW_NS / 10)
#define SLACK_NS    UINT64_C(100000) /* the clock moves while a request runs */
#define DEADLINE_NS UINT64_C(1000000000)

struct known {
	uint64_t session; /* 0: none */
	unsigned caller;
	uint64_t counter;
	uint8_t key[RTVMM_KEY_BYTES];
};

struct span_ns {
	uint64_t from, to; /* to 0: still on */
};

struct world {
	struct fake *f;
	struct caller callers[CALLERS];
	struct known known[OPEN_MAX];
	unsigned known_count, opened;
	uint64_t last_session, last_generation;
	struct span_ns pauses[PAUSES_MAX];
	unsigned pause_count;
	int seen_pauses, seen_resumes;
};

/* --- the VM's pauses ------------------------------------------------------------------------- */

/* What the host saw of pauses since the last look, at this moment. */
static void pauses_look(struct world *w)
{
	struct fake *f = w->f;

	if (f->resumes != w->seen_resumes && w->pause_count && !w->pauses[w->pause_count - 1].to)
		w->pauses[w->pause_count - 1].to = f->now_ns;
	if (f->pauses != w->seen_pauses && w->pause_count < PAUSES_MAX)
		w->pauses[w->pause_count++] =
			(struct span_ns){f->now_ns, f->paused ? 0 : f->now_ns};
	w->seen_pauses = f->pauses;
	w->seen_resumes = f->resumes;
	HOLDS(!f->paused || f->until_ns <= f->now_ns + DEADLINE_NS);
}

/* The guard beside the core resumes at the deadline, whatever the core does. */
static void time_pass(struct world *w, uint64_t ns)
{
	struct fake *f = w->f;
	struct span_ns *last = w->pause_count ? &w->pauses[w->pause_count - 1] : NULL;

	if (last && !last->to && f->paused && f->until_ns <= f->now_ns + ns) {
		last->to = f->until_ns;
		f->resumed_by_others = true;
	}
	f->now_ns += ns;
}

static void check_budget(const struct world *w)
{
	for (unsigned i = 0; i < w->pause_count; i++) {
		uint64_t end = w->pauses[i].to ? w->pauses[i].to : w->f->now_ns;
		uint64_t start = end > WINDOW_NS ? end - WINDOW_NS : 0, sum = 0;

		for (unsigned j = 0; j <= i; j++) {
			uint64_t to = w->pauses[j].to ? w->pauses[j].to : w->f->now_ns;
			uint64_t from = w->pauses[j].from;

			if (to > start)
				sum += to - (from > start ? from : start);
		}
		HOLDS(sum <= SHARE_NS + SLACK_NS * (i + 1));
	}
}

/* --- records --------------------------------------------------------------------------------- */

static struct known *known_find(struct world *w, unsigned caller, uint64_t session)
{
	for (unsigned i = 0; i < w->known_count; i++)
		if (session && w->known[i].session == session && w->known[i].caller == caller)
			return &w->known[i];
	return NULL;
}

/* The end of a snapshot says that the VM did not run since its beginning. */
static void check_end(const struct world *w, const struct rtvmm_record *record,
		      const uint8_t *payload)
{
	struct rtvmm_snapshot snapshot;

	if (record->header.type != RTVMM_RECORD_SNAPSHOT)
		return;
	memcpy(&snapshot, payload, sizeof(snapshot));
	HOLDS(record->header.generation);
	HOLDS(snapshot.event == RTVMM_SNAPSHOT_BEGIN || !w->f->resumed_by_others);
}

static size_t check_record(struct world *w, struct known *k, const struct rtvmm_request *r,
			   const uint8_t *at)
{
	struct rtvmm_record record;
	uint8_t tag[RTVMM_TAG_BYTES];

	memcpy(&record, at, sizeof(record));
	const struct rtvmm_header *h = &record.header;
	HOLDS(h->session == k->session && h->counter > k->counter);
	HOLDS(memcmp(h->challenge, r->challenge, sizeof(h->challenge)) == 0);
	HOLDS(memcmp(h->instance_id, w->f->vm.instance_id, RTVMM_ID_BYTES) == 0);
	HOLDS(h->generation == 0 || h->generation >= w->last_generation);
	check_end(w, &record, at + sizeof(record));
	HOLDS(vmm_peer_tag(k->key, h->counter, h, sizeof(*h), at + sizeof(record), h->payload_bytes,
			   tag));
	HOLDS(memcmp(tag, record.tag, sizeof(tag)) == 0);
	k->counter = h->counter;
	if (h->generation)
		w->last_generation = h->generation;
	return sizeof(record) + h->payload_bytes;
}

static void check_answer(struct world *w, unsigned caller, const struct rtvmm_request *r,
			 uint32_t records)
{
	struct known *k = known_find(w, caller, r->session);
	size_t at = 0;

	HOLDS(k); /* an answer: so the session is this caller's, and open */
	for (uint32_t i = 0; i < records; i++)
		at += check_record(w, k, r, w->f->out + at);
	HOLDS(at == w->f->out_bytes);
	if (r->op == RTVMM_OP_CLOSE)
		k->session = 0;
}

static void learn_session(struct world *w, unsigned caller, uint64_t number)
{
	struct known *k = &w->known[w->known_count++];
	const struct session *s = session_find(&w->callers[caller], number);

	HOLDS(s && number > w->last_session);
	w->last_session = number;
	*k = (struct known){.session = number, .caller = caller};
	memcpy(k->key, s->key, sizeof(k->key));
}

/* A session without the cost of a handshake. */
static void session_put(struct world *w, unsigned caller)
{
	struct session *s = session_free_slot(&w->callers[caller], w->f->vm.instance_id);

	HOLDS(s);
	*s = (struct session){.number = ++w->f->core.last_session, .next_counter = 1};
	memset(s->key, (int)s->number, sizeof(s->key));
	memcpy(s->instance_id, w->f->vm.instance_id, RTVMM_ID_BYTES);
	learn_session(w, caller, s->number);
}

/* --- steps ----------------------------------------------------------------------------------- */

static uint64_t choose_session(struct world *w, struct input *in)
{
	uint8_t which = input_u8(in);

	if (which & 0x80)
		return input_u64(in);
	return w->known_count ? w->known[which % w->known_count].session : 0;
}

static void request_step(struct world *w, struct input *in)
{
	static uint8_t trailing[4096];
	struct rtvmm_request r = {.version = RTVMM_VERSION};
	uint8_t how = input_u8(in);
	unsigned caller = (how >> 4 & 3) % CALLERS;
	size_t got = 0, trailing_bytes = 0;
	uint32_t records = 0;

	r.op = how & 15;
	if (how & 0x80)
		r.version = input_u8(in);
	r.session = r.op == RTVMM_OP_OPEN && how & 0x80 ? input_u8(in) : choose_session(w, in);
	if (r.op == RTVMM_OP_OPEN && !(how & 0x80))
		r.session = 0;
	r.count = r.op == RTVMM_OP_READ || r.op == RTVMM_OP_VCPU || how & 0x80 ? input_u16(in) : 0;
	r.deadline_ms = r.op == RTVMM_OP_SNAPSHOT_BEGIN ? input_u16(in) : 0;
	memset(r.challenge, input_u8(in), sizeof(r.challenge));
	memset(trailing, 0, sizeof(trailing));
	if (r.op == RTVMM_OP_OPEN) {
		struct rtvmm_open_request open = {.version = RTVMM_VERSION};

		if (w->opened++ >= OPEN_MAX)
			return;
		if (!(how & 0x40)) {
			session_put(w, caller);
			return;
		}
		memset(open.client_ephemeral, input_u8(in), sizeof(open.client_ephemeral));
		memcpy(open.challenge, r.challenge, sizeof(open.challenge));
		memcpy(trailing, &open, sizeof(open));
		trailing_bytes = sizeof(open);
	} else if (r.op == RTVMM_OP_READ) {
		const uint8_t *frames = input_view(in, 8 * (size_t)(r.count % 8), &got);

		memcpy(trailing, frames, got);
		trailing_bytes = 8 * (size_t)(r.count % 300);
	}
	w->f->call.caller = &w->callers[caller];
	int status = fake_request(w->f, &r, trailing, trailing_bytes, &records);
	pauses_look(w);
	HOLDS(status <= 0);
	HOLDS(!status || !records);
	struct rtvmm_open_reply reply;
	memcpy(&reply, w->f->out, sizeof(reply));
	if (!status && r.op == RTVMM_OP_OPEN)
		learn_session(w, caller, reply.session);
	else if (!status)
		check_answer(w, caller, &r, records);
}

/* After it, nothing that the caller began is left. */
static void caller_goes(struct world *w, unsigned caller)
{
	uint64_t owner = w->f->vm.owner_session;
	bool owned = w->f->vm.generation && known_find(w, caller, owner);

	request_caller_gone(&w->f->vm, &w->callers[caller]);
	pauses_look(w);
	HOLDS(!owned || (!w->f->vm.generation && !w->f->paused));
	for (unsigned i = 0; i < w->known_count; i++)
		if (w->known[i].caller == caller)
			w->known[i].session = 0;
	for (unsigned i = 0; i < sizeof(w->callers[caller]); i++)
		HOLDS(((const uint8_t *)&w->callers[caller])[i] == 0);
}

/* A reset of the VM ends all sessions of the old instance. */
static void vm_resets(struct world *w)
{
	HOLDS(!vm_renew_instance(&w->f->vm));
	for (unsigned i = 0; i < w->known_count; i++)
		w->known[i].session = 0;
}

static void host_fails(struct fake *f, uint8_t how)
{
	static const int statuses[4] = {0, 0, -RTVMM_EIO, -RTVMM_EINVAL};

	f->copy_status = statuses[how & 3];
	f->vcpu_status = statuses[how >> 2 & 3];
	f->pause_status = statuses[how >> 4 & 3];
	f->put_limit = how >> 6;
}

static void step(struct world *w, struct input *in)
{
	struct fake *f = w->f;
	uint8_t what = input_u8(in);

	switch (what % 8) {
	case 0:
		time_pass(w, (uint64_t)input_u16(in) * 1000000);
		break;
	case 1:
		caller_goes(w, what / 8 % CALLERS);
		break;
	case 2:
		if (what & 0x80)
			vm_resets(w);
		break;
	case 3:
		f->vm.gone = what & 0x80;
		break;
	case 4:
		if (!f->paused) {
			f->resumed_by_others |= f->foreign_pause;
			f->foreign_pause = what & 0x80;
		}
		break;
	case 5:
		host_fails(f, input_u8(in));
		break;
	default:
		request_step(w, in);
	}
	check_budget(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len_bytes)
{
	static struct world w;
	static struct fake *fresh, first;
	struct input in = {bytes, len_bytes};

	if (!fresh) {
		fresh = fake_new();
		first = *fresh;
	}
	*fresh = first; /* its keys are the same each time */
	w = (struct world){.f = fresh};
	for (unsigned i = 0; i < STEPS_MAX && in.left_bytes; i++)
		step(&w, &in);
	for (unsigned i = 0; i < CALLERS; i++)
		caller_goes(&w, i);
	HOLDS(!w.f->paused && !w.f->vm.generation);
	return 0;
}
