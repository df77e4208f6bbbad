// SPDX-License-Identifier: GPL-2.0-or-later
/* Frames that are not the domain's, and callers that may nothing. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/xen/abuse.h"
#include "tests/xen/marker.h"

#define PAGE_BYTES        4096u
#define FRAMES_MAX        (4u << 20) /* 16 GiB */
#define BEYOND            1024       /* frames asked for above the highest */
#define SHARED_FRAMES_MAX 128        /* Xen's that a domain owns, too: shared info, grant tables */
#define OWN_MB            32
#define OWN_NAME          "dom0-itself"
#define VERIFY_EVERY      16

/* Which frames of a domain are RAM, as records say. */
struct census {
	bool ram[FRAMES_MAX];
	uint64_t count;
	struct rtvmm_info info;
};

/* Memory of this domain, with a mark that no other has. */
static const struct err *mark_own(void)
{
	const size_t len_bytes = (size_t)OWN_MB << 20;
	char *own = mmap(NULL, len_bytes, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (own == MAP_FAILED || mlock(own, len_bytes))
		return ERR_ERRNO(ERR_SYSTEM, errno, "memory");
	for (size_t at = 0; at < len_bytes; at += PAGE_BYTES)
		marker_write(own + at, OWN_NAME, at / PAGE_BYTES);
	return NULL;
}

/* The record at @at of frame @frame; verifying all would take minutes. */
static const struct err *census_record(struct census *s, struct client *c, uint64_t frame,
				       size_t *at)
{
	char name[MARKER_NAME_MAX + 1];
	struct rtvmm_record record;
	const uint8_t *page = c->call->out + *at + sizeof(record);

	memcpy(&record, c->call->out + *at, sizeof(record));
	if (record.header.payload_bytes && frame % VERIFY_EVERY == 0)
		TRY(client_verify(c, RTVMM_RECORD_PAGE, frame, c->call->out, HYPERCALL_OUT_MAX, at,
				  &page));
	else
		*at += sizeof(record) + record.header.payload_bytes;
	if (!record.header.payload_bytes)
		return NULL;
	s->count++;
	if (frame < FRAMES_MAX)
		s->ram[frame] = true;
	if (frame > s->info.max_frame)
		return FAILED("a page for frame %llx, above the highest",
			      (unsigned long long)frame);
	if (marker_read(page, name) && !strcmp(name, OWN_NAME))
		return FAILED("frame %llx is dom0's own", (unsigned long long)frame);
	return NULL;
}

static const struct err *census_take(struct census *s, struct client *c)
{
	uint64_t frames[RTVMM_READ_FRAMES_MAX], end;

	TRY(client_info(c, &s->info));
	end = s->info.max_frame + BEYOND;
	for (uint64_t first = 0; first < end; first += RTVMM_READ_FRAMES_MAX) {
		size_t at = 0;

		for (uint32_t i = 0; i < RTVMM_READ_FRAMES_MAX; i++)
			frames[i] = first + i;
		client_ask_frames(c, frames, RTVMM_READ_FRAMES_MAX);
		TRY(client_make(c));
		for (uint32_t i = 0; i < RTVMM_READ_FRAMES_MAX; i++)
			TRY(census_record(s, c, frames[i], &at));
	}
	printf("info: domain %u: %llu of %llu frames are RAM, %llu pages belong to it\n", c->domid,
	       (unsigned long long)s->count, (unsigned long long)end,
	       (unsigned long long)s->info.ram_bytes / PAGE_BYTES);
	if (s->count > s->info.ram_bytes / PAGE_BYTES + SHARED_FRAMES_MAX)
		return FAILED("more frames than the domain has");
	return s->count < s->info.ram_bytes / PAGE_BYTES / 2
		       ? FAILED("most of its frames are missing")
		       : NULL;
}

/* Two PV guests: machine frames, of which none may be both's. */
static const struct err *compare_with(struct abuse *a, const struct census *mine)
{
	static struct census other;
	struct client c;
	uint64_t shared = 0;

	TRY(client_open(&c, &a->call, (uint16_t)abuse_number(a, 0)));
	TRY(census_take(&other, &c));
	if (!(mine->info.flags & other.info.flags & RTVMM_INFO_PV))
		return NULL;
	for (uint32_t i = 0; i < FRAMES_MAX; i++)
		shared += mine->ram[i] && other.ram[i];
	return shared ? FAILED("%llu frames are both guests'", (unsigned long long)shared) : NULL;
}

const struct err *abuse_not_owned(struct abuse *a)
{
	static struct census mine;
	const uint64_t impossible[] = {1ull << 40,  1ull << 51, 1ull << 52,
				       ~0ull >> 12, ~0ull - 1,  ~0ull};
	const uint8_t *pages[sizeof(impossible) / sizeof(*impossible)];

	TRY(mark_own());
	TRY(client_read(&a->client, impossible, sizeof(impossible) / sizeof(*impossible), pages));
	for (size_t i = 0; i < sizeof(impossible) / sizeof(*impossible); i++)
		if (pages[i])
			return FAILED("a page for frame %llx", (unsigned long long)impossible[i]);
	TRY(census_take(&mine, &a->client));
	return a->arguments[0] ? compare_with(a, &mine) : NULL;
}

static int attempt(struct abuse *a, uint16_t domid, enum rtvmm_op op)
{
	client_ask(&a->client, op, op == RTVMM_OP_READ);
	a->call.op->domid = domid;
	if (op == RTVMM_OP_OPEN) {
		memcpy(a->call.in + sizeof(a->client.request), &a->client.peer.request,
		       sizeof(a->client.peer.request));
		a->call.op->in_bytes += (uint32_t)sizeof(a->client.peer.request);
	} else if (op == RTVMM_OP_READ) {
		a->call.op->in_bytes += (uint32_t)sizeof(uint64_t);
	}
	return hypercall_make(&a->call);
}

/* No operation on any domain, and none is to be found out to exist by another answer than these. */
const struct err *abuse_eperm(struct abuse *a)
{
	const uint16_t special[] = {0x7ff0, 0x7ff1, 0x7ff2,
				    0x7ff3, 0x7ff4, 0xffff}; /* DOMID_SELF ... */
	uint64_t allowed = abuse_number(a, ~0ull);
	uint32_t not_permitted = 0, unknown = 0;

	/* what Xen says to everybody; else it is this domain's kernel that refuses (Linux's
	 * privcmd) */
	if (hypercall_raw(&a->call, 0, a->call.op) != -EOPNOTSUPP)
		return ERR(ERR_ABSENT, "the kernel does not let hypercalls through");
	if (hypercall_raw(&a->call, XEN_REMOTETRANS_event_log, a->call.op) != -EPERM)
		return FAILED("the event log is not for dom0 alone");
	TRY(vmm_peer_begin(&a->client.peer));
	for (uint32_t i = 0; i < 64 + sizeof(special) / sizeof(*special); i++) {
		uint16_t domid = i < 64 ? (uint16_t)i : special[i - 64];

		for (int op = RTVMM_OP_OPEN; op <= RTVMM_OP_SNAPSHOT_END && domid != allowed;
		     op++) {
			int status = attempt(a, domid, (enum rtvmm_op)op);

			/* Flask says EACCES */
			if (status != -EPERM && status != -EACCES && status != -ESRCH)
				return FAILED("domain %u, operation %d: %d", domid, op, status);
			if (domid == a->domid && status == -ESRCH)
				return FAILED("domain %u, operation %d: not there", domid, op);
			not_permitted += status != -ESRCH;
			unknown += status == -ESRCH;
		}
	}
	printf("info: EPERM or EACCES %u times, ESRCH %u times\n", not_permitted, unknown);
	return NULL;
}
