/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmm-probe - talk to a VMM core by hand and in tests; every record is verified before it is shown.
 *
 *   vmm-probe SOCKET COMMAND...        vmmd
 *   xen-probe DOMID COMMAND...         Xen, from a domain of it (the same, over tests/lib/hypercall.h)
 *     vcpu N | info | page FRAME (hexadecimal on stdout) | begin [MS] | end | close
 *     flood N (send N reads of 256 frames, take no answer) | stutter (half a request)
 *     sleep MS | many FRAME COUNT (read COUNT frames from FRAME, time on stdout)
 *
 * The commands run in order in one session; the first error ends it, exit 1.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#ifdef PROBE_XEN
#include "tests/lib/hypercall.h"
#endif
#include "tests/lib/vmm_peer.h"

struct probe {
	int fd;
#ifdef PROBE_XEN
	struct hypercall hypercall;
	uint16_t domid;
	uint32_t in_bytes, out_taken;
#endif
	struct vmm_peer peer;
};

#ifdef PROBE_XEN
/* What is sent piece by piece is one request; it is made when its answer is wanted. */
static const struct err *send_bytes(struct probe *p, const void *bytes, size_t len)
{
	if (len > HYPERCALL_IN_MAX - p->in_bytes)
		return ERR(ERR_USAGE, "too long a request");
	memcpy(p->hypercall.in + p->in_bytes, bytes, len);
	p->in_bytes += (uint32_t)len;
	return NULL;
}

static const struct err *receive_bytes(struct probe *p, void *ret, size_t len)
{
	if (len > HYPERCALL_OUT_MAX - p->out_taken)
		return ERR(ERR_PROTO, "too short an answer");
	memcpy(ret, p->hypercall.out + p->out_taken, len);
	p->out_taken += (uint32_t)len;
	return NULL;
}

static const struct err *receive_head(struct probe *p, uint32_t expected)
{
	hypercall_prepare(&p->hypercall, p->domid, p->in_bytes);
	p->in_bytes = p->out_taken = 0;
	int status = hypercall_make(&p->hypercall);
	uint32_t records = hypercall_records(&p->hypercall);

	if (status)
		return ERR_ERRNO(ERR_PEER, -status, "refused with %d", status);
	if (records != expected)
		return ERR(ERR_PROTO, "%u records", records);
	return NULL;
}

static const struct err *connect_to(struct probe *p, const char *domid)
{
	p->domid = (uint16_t)strtoul(domid, NULL, 0);
	return hypercall_open(&p->hypercall);
}
#else
static const struct err *send_bytes(struct probe *p, const void *bytes, size_t len)
{
	if (send(p->fd, bytes, len, MSG_NOSIGNAL) != (ssize_t)len)
		return ERR_ERRNO(ERR_PEER, errno, "send");
	return NULL;
}

static const struct err *receive_bytes(struct probe *p, void *ret, size_t len)
{
	size_t got = 0;

	while (got < len) {
		ssize_t n = recv(p->fd, (char *)ret + got, len - got, 0);

		if (n <= 0)
			return ERR_ERRNO(ERR_PEER, n < 0 ? errno : 0, "vmmd closed the connection");
		got += (size_t)n;
	}
	return NULL;
}

static const struct err *receive_head(struct probe *p, uint32_t expected)
{
	int32_t status;
	uint32_t records;

	TRY(receive_bytes(p, &status, sizeof(status)));
	TRY(receive_bytes(p, &records, sizeof(records)));
	if (status)
		return ERR_ERRNO(ERR_PEER, -status, "refused with %d", status);
	if (records != expected)
		return ERR(ERR_PROTO, "%u records", records);
	return NULL;
}

static const struct err *connect_to(struct probe *p, const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	p->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (strlen(path) >= sizeof(address.sun_path))
		return ERR(ERR_USAGE, "%s: too long", path);
	strcpy(address.sun_path, path);
	if (connect(p->fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		return ERR_ERRNO(ERR_PEER, errno, "%s", path);
	return NULL;
}
#endif

static const struct err *receive_record(struct probe *p, const struct rtvmm_request *r,
					enum rtvmm_record_type type, uint64_t subject,
					void *payload, uint32_t payload_max, uint32_t *ret_bytes)
{
	struct rtvmm_record record;

	TRY(receive_bytes(p, &record, sizeof(record)));
	if (record.header.payload_bytes > payload_max)
		return ERR(ERR_PROTO, "payload of %u bytes", record.header.payload_bytes);
	TRY(receive_bytes(p, payload, record.header.payload_bytes));
	if (type == RTVMM_RECORD_PAGE && record.header.type == RTVMM_RECORD_NOT_RAM)
		type = RTVMM_RECORD_NOT_RAM;
	*ret_bytes = record.header.payload_bytes;
	TRY(vmm_peer_verify(&p->peer, r, type, subject, &record, payload));
	fprintf(stderr, "record type=%d generation=%llu counter=%llu\n", (int)type,
		(unsigned long long)record.header.generation,
		(unsigned long long)record.header.counter);
	return NULL;
}

static const struct err *do_open(struct probe *p)
{
	struct rtvmm_request r;
	struct rtvmm_open_reply reply;

	TRY(vmm_peer_begin(&p->peer));
	r = vmm_peer_request(&p->peer, RTVMM_OP_OPEN);
	TRY(send_bytes(p, &r, sizeof(r)));
	TRY(send_bytes(p, &p->peer.request, sizeof(p->peer.request)));
	TRY(receive_head(p, 1));
	TRY(receive_bytes(p, &reply, sizeof(reply)));
	return vmm_peer_finish(&p->peer, &reply);
}

static const struct err *do_vcpu(struct probe *p, uint32_t number)
{
	struct rtvmm_request r = vmm_peer_request(&p->peer, RTVMM_OP_VCPU);
	struct rtvmm_vcpu v;
	uint32_t got;

	r.count = number;
	TRY(send_bytes(p, &r, sizeof(r)));
	TRY(receive_head(p, 1));
	TRY(receive_record(p, &r, RTVMM_RECORD_VCPU, number, &v, sizeof(v), &got));
	printf("rip=%llx cr0=%llx cr2=%llx cr3=%llx cr4=%llx efer=%llx\n",
	       (unsigned long long)v.rip, (unsigned long long)v.cr0, (unsigned long long)v.cr2,
	       (unsigned long long)v.cr3, (unsigned long long)v.cr4, (unsigned long long)v.efer);
	printf("idt=%llx/%x gdt=%llx/%x fs=%llx gs=%llx kgs=%llx lstar=%llx\n",
	       (unsigned long long)v.idtr_base, v.idtr_limit, (unsigned long long)v.gdtr_base,
	       v.gdtr_limit, (unsigned long long)v.fs_base, (unsigned long long)v.gs_base,
	       (unsigned long long)v.kernel_gs_base, (unsigned long long)v.lstar);
	printf("rsp=%llx rflags=%llx cpl=%u flags=%x\n", (unsigned long long)v.rsp,
	       (unsigned long long)v.rflags, v.cpl, v.flags);
	printf("tsc=%llu tsc_khz=%llu clock_ns=%llu hpet=%llx acpi_pm=%x kvm=%llx/%llx\n",
	       (unsigned long long)v.tsc, (unsigned long long)v.tsc_khz,
	       (unsigned long long)v.clock_ns, (unsigned long long)v.hpet_counter, v.acpi_pm_timer,
	       (unsigned long long)v.kvm_system_time_msr, (unsigned long long)v.kvm_wall_clock_msr);
	return NULL;
}

static const struct err *do_info(struct probe *p)
{
	struct rtvmm_request r = vmm_peer_request(&p->peer, RTVMM_OP_INFO);
	struct rtvmm_info i;
	uint32_t got;

	TRY(send_bytes(p, &r, sizeof(r)));
	TRY(receive_head(p, 1));
	TRY(receive_record(p, &r, RTVMM_RECORD_INFO, 0, &i, sizeof(i), &got));
	printf("vcpus=%u flags=%x max_frame=%llx ram=%llu pauses=%llu paused_us_max=%llu "
	       "deadline_ms=%u width=%u\n",
	       i.vcpus, i.flags, (unsigned long long)i.max_frame, (unsigned long long)i.ram_bytes,
	       (unsigned long long)i.pauses, (unsigned long long)i.paused_ns_max / 1000,
	       i.pause_deadline_ms, i.address_width);
	return NULL;
}

static const struct err *ask_frames(struct probe *p, const struct rtvmm_request *r, uint64_t first)
{
	TRY(send_bytes(p, r, sizeof(*r)));
	for (uint64_t i = 0; i < r->count; i++) {
		uint64_t frame = first + i;

		TRY(send_bytes(p, &frame, sizeof(frame)));
	}
	return receive_head(p, r->count);
}

static const struct err *do_page(struct probe *p, uint64_t frame)
{
	struct rtvmm_request r = vmm_peer_request(&p->peer, RTVMM_OP_READ);
	uint8_t page[RTVMM_FRAME_BYTES];
	uint32_t page_bytes;

	r.count = 1;
	TRY(ask_frames(p, &r, frame));
	TRY(receive_record(p, &r, RTVMM_RECORD_PAGE, frame, page, sizeof(page), &page_bytes));
	for (size_t i = 0; i < page_bytes; i++)
		printf("%02x%s", page[i], i % 32 == 31 ? "\n" : "");
	if (!page_bytes)
		puts("not RAM");
	return NULL;
}

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000;
}

static const struct err *do_many(struct probe *p, uint64_t first, uint32_t count)
{
	static struct {
		struct rtvmm_record record;
		uint8_t page[RTVMM_FRAME_BYTES];
	} answer;
	uint64_t began_us = now_us();

	for (uint32_t done = 0; done < count;) {
		struct rtvmm_request r = vmm_peer_request(&p->peer, RTVMM_OP_READ);

		r.count =
			count - done < RTVMM_READ_FRAMES_MAX ? count - done : RTVMM_READ_FRAMES_MAX;
		TRY(ask_frames(p, &r, first + done));
		for (uint32_t i = 0; i < r.count; i++) {
			TRY(receive_bytes(p, &answer, sizeof(answer)));
			TRY(vmm_peer_verify(&p->peer, &r, RTVMM_RECORD_PAGE, first + done + i,
					    &answer.record, answer.page));
		}
		done += r.count;
	}
	printf("%u frames, %.2f us each\n", count, (double)(now_us() - began_us) / count);
	return NULL;
}

static const struct err *do_snapshot(struct probe *p, enum rtvmm_op op, uint32_t deadline_ms)
{
	struct rtvmm_request r = vmm_peer_request(&p->peer, op);
	struct rtvmm_snapshot s;
	uint32_t got;

	r.deadline_ms = deadline_ms;
	TRY(send_bytes(p, &r, sizeof(r)));
	TRY(receive_head(p, 1));
	TRY(receive_record(p, &r, RTVMM_RECORD_SNAPSHOT, 0, &s, sizeof(s), &got));
	printf("event=%u deadline_ms=%u started_ns=%llu paused_us=%llu\n", s.event, s.deadline_ms,
	       (unsigned long long)s.started_ns, (unsigned long long)s.paused_ns / 1000);
	return NULL;
}

static const struct err *do_close(struct probe *p)
{
	struct rtvmm_request r = vmm_peer_request(&p->peer, RTVMM_OP_CLOSE);

	TRY(send_bytes(p, &r, sizeof(r)));
	return receive_head(p, 0);
}

/* As a caller does that never takes its answers; vmmd stops reading, so sending blocks at some
 * point. */
static const struct err *do_flood(struct probe *p, uint32_t times)
{
	static uint64_t frames[RTVMM_READ_FRAMES_MAX];
	struct rtvmm_request r = vmm_peer_request(&p->peer, RTVMM_OP_READ);

	r.count = RTVMM_READ_FRAMES_MAX;
	while (times--) {
		if (send(p->fd, &r, sizeof(r), MSG_NOSIGNAL | MSG_DONTWAIT) != sizeof(r) ||
		    send(p->fd, frames, sizeof(frames), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
			break;
	}
	return NULL;
}

static const struct err *do_stutter(struct probe *p)
{
	struct rtvmm_request r = vmm_peer_request(&p->peer, RTVMM_OP_INFO);

	return send_bytes(p, &r, sizeof(r) / 2);
}

static uint64_t number(char ***argv, uint64_t otherwise)
{
	char *end;
	uint64_t v;

	if (!**argv)
		return otherwise;
	v = strtoull(**argv, &end, 0);
	if (*end || end == **argv)
		return otherwise;
	++*argv;
	return v;
}

enum kind { VCPU, INFO, PAGE, MANY, BEGIN, END, CLOSE, FLOOD, STUTTER, SLEEP };

static const char *const names[] = {
	[VCPU] = "vcpu",       [INFO] = "info",   [PAGE] = "page",   [MANY] = "many",
	[BEGIN] = "begin",     [END] = "end",     [CLOSE] = "close", [FLOOD] = "flood",
	[STUTTER] = "stutter", [SLEEP] = "sleep",
};

/* @a, @b: the command's arguments, 0 where not given */
static const struct err *run_kind(struct probe *p, enum kind kind, uint64_t a, uint64_t b)
{
	switch (kind) {
	case VCPU:
		return do_vcpu(p, (uint32_t)a);
	case INFO:
		return do_info(p);
	case PAGE:
		return do_page(p, a);
	case MANY:
		return do_many(p, a, (uint32_t)b);
	case BEGIN:
		return do_snapshot(p, RTVMM_OP_SNAPSHOT_BEGIN, (uint32_t)a);
	case END:
		return do_snapshot(p, RTVMM_OP_SNAPSHOT_END, 0);
	case CLOSE:
		return do_close(p);
	case FLOOD:
		return do_flood(p, (uint32_t)a);
	case STUTTER:
		return do_stutter(p);
	case SLEEP:
		break;
	}
	return usleep((useconds_t)a * 1000) ? ERR(ERR_SYSTEM, "sleep") : NULL;
}

static const struct err *run_command(struct probe *p, char ***argv)
{
	const char *name = *(*argv)++;
	uint64_t a = number(argv, 0);
	uint64_t b = number(argv, 0);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(name, names[i]))
			return run_kind(p, (enum kind)i, a, b);
	return ERR(ERR_USAGE, "unknown command '%s'", name);
}

int main(int argc, char **argv)
{
	struct probe p = {.fd = -1};
	const struct err *e;

	if (argc < 3) {
		fputs("usage: vmm-probe SOCKET COMMAND...\n", stderr);
		return 2;
	}
	e = connect_to(&p, argv[1]);
	if (!e)
		e = do_open(&p);
	argv += 2;
	while (!e && *argv) {
		e = run_command(&p, &argv);
		fflush(stdout);
	}
	if (e)
		fprintf(stderr, "vmm-probe: %s\n", e->message);
	return e != NULL;
}
