/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The core's surroundings beside QEMU. Input: QEMU over QMP; frame and vCPU numbers of callers. */
#include "vmm/vmmd/host.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"
#include "vmm/vmmd/capture.h"

#define RECHECK_NS UINT64_C(10000000000) /* three questions to QEMU take 1.2 ms */

/* Keep @e for the log, and say it in the core's words. */
static int failed(struct host *h, const struct err *e)
{
	if (!e)
		return 0;
	snprintf(h->problem, sizeof(h->problem), "%s", e->message);
	return qmp_is_open(&h->qmp) ? -RTVMM_EIO : -RTVMM_ENOVM;
}

static int random_bytes(void *host, void *ret, uint32_t len_bytes)
{
	(void)host;
	return getrandom(ret, len_bytes, 0) == (ssize_t)len_bytes ? 0 : -RTVMM_EIO;
}

static uint64_t now_ns(void *host)
{
	struct timespec t;

	(void)host;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int copy_frame(void *host, uint64_t frame, uint8_t ret[RTVMM_FRAME_BYTES])
{
	struct host *h = host;
	bool is_ram;
	int status;

	if (!qmp_is_open(&h->qmp))
		return -RTVMM_ENOVM;
	status = failed(h, ram_read(&h->ram, frame, ret, &is_ram));
	return status ? status : !is_ram;
}

/* An event that the core has not been told of yet: what it holds is of another instance. */
static int check_instance(const struct host *h)
{
	return h->qmp.resets == h->resets_seen ? 0 : -RTVMM_ENOVM;
}

static int read_vcpu(void *host, uint32_t number, struct rtvmm_vcpu *ret)
{
	struct host *h = host;
	int status = 0;

	if (number >= h->facts.vcpus)
		return -RTVMM_EINVAL;
	if (h->qmp.resumes != h->resumes_before)
		h->captured = false; /* somebody let the VM run: what we have is old */
	if (!h->captured)
		status = failed(h, capture_take(h));
	if (!status)
		status = check_instance(h);
	if (status)
		return status;
	h->captured = h->qmp.resumes == h->resumes_before;
	capture_vcpu(h, number, ret);
	return 0;
}

/* What the pause began with still holds: a paused VM neither grows nor gets vCPUs. */
static bool is_paused_by_us(const struct host *h)
{
	return h->paused_by_us && h->qmp.resumes == h->resumes_before;
}

static int read_info(void *host, struct rtvmm_info *ret)
{
	struct host *h = host;
	bool running = false;
	int status = is_paused_by_us(h)
			     ? 0
			     : failed(h, machine_recheck(&h->qmp, &h->ram, &h->facts, &running));

	if (!status)
		status = check_instance(h);
	if (status)
		return status;
	ret->vcpus = h->facts.vcpus;
	ret->flags = (running || h->paused_by_us ? 0 : RTVMM_INFO_PAUSED) |
		     (h->is_measured ? RTVMM_INFO_MEASURED : 0);
	ret->max_frame = layout_max_frame(&h->ram.layout);
	ret->ram_bytes = h->ram.bytes;
	ret->address_width = h->facts.address_width;
	return 0;
}

/* The VM ran when it was last checked, and QEMU has told of nothing since but of pauses that are
 * over. What it does not tell of, such as memory that is plugged in, is noticed later. */
static bool is_known_to_run(const struct host *h)
{
	return h->checked_ns && now_ns(NULL) - h->checked_ns < RECHECK_NS &&
	       h->qmp.others == h->checked_others &&
	       h->qmp.stops - h->qmp.resumes == h->checked_pauses;
}

static const struct err *check_before_pause(struct host *h, bool *ret_running)
{
	TRY(qmp_drain(&h->qmp));
	*ret_running = is_known_to_run(h);
	if (*ret_running)
		return NULL;
	h->checked_ns = 0;
	TRY(machine_recheck(&h->qmp, &h->ram, &h->facts, ret_running));
	if (*ret_running)
		h->checked_ns = now_ns(NULL);
	h->checked_others = h->qmp.others;
	h->checked_pauses = h->qmp.stops - h->qmp.resumes;
	return NULL;
}

static const struct err *stop(struct host *h, uint64_t until_ns)
{
	struct qmp_sent sent;

	TRY(guard_ensure(&h->guard));
	TRY(guard_arm(&h->guard, until_ns));
	h->paused_by_us = true;
	TRY(qmp_send(&h->qmp, "stop", NULL, &sent));
	TRY(capture_begin(h)); /* what else a pause is for; behind the command to stop */
	return qmp_await(&h->qmp, sent, NULL);
}

static const struct err *resume_guarded(struct host *h)
{
	const struct err *e = qmp_execute(&h->qmp, "cont", NULL, NULL);

	h->paused_by_us = false;
	if (e)
		return e; /* the guard stays armed and resumes at the deadline */
	/* a guard that does not answer has been killed by guard_disarm(); the VM runs */
	IGNORE(guard_disarm(&h->guard));
	return NULL;
}

static int pause_vm(void *host, uint64_t until_ns)
{
	struct host *h = host;
	bool running;
	int status = failed(h, check_before_pause(h, &running));

	if (!status)
		status = check_instance(h);
	if (status)
		return status;
	h->captured = false;
	if (running) {
		status = failed(h, stop(h, until_ns));
		if (status && h->paused_by_us)
			IGNORE(resume_guarded(h)); /* the first failure is the one to report */
	}
	h->resumes_before = h->qmp.resumes;
	return status ? status : !running;
}

static int resume_vm(void *host)
{
	struct host *h = host;

	h->captured = false;
	if (!h->paused_by_us)
		return 0;
	if (!failed(h, qmp_drain(&h->qmp)) && h->qmp.resumes != h->resumes_before) {
		/* the guard or somebody else was first; whoever pauses it now is not to be
		 * overruled */
		h->paused_by_us = false;
		IGNORE(guard_disarm(&h->guard));
		return 0;
	}
	return failed(h, resume_guarded(h));
}

static int still_paused(void *host)
{
	struct host *h = host;
	bool running;
	int status = failed(h, machine_is_running(&h->qmp, &running));

	if (!status)
		status = check_instance(h);
	if (status)
		return status;
	return running || h->qmp.resumes != h->resumes_before ? -RTVMM_ETIME : 0;
}

const struct host_ops host_ops = {
	.random_bytes = random_bytes,
	.now_ns = now_ns,
	.copy_frame = copy_frame,
	.read_vcpu = read_vcpu,
	.read_info = read_info,
	.pause = pause_vm,
	.resume = resume_vm,
	.still_paused = still_paused,
};

void host_init(struct host *h, const struct host_config *config)
{
	memset(h, 0, sizeof(*h));
	h->config = config;
	h->qmp.fd = h->ram.fd = h->state_fd = h->state_write_fd = -1;
	guard_init(&h->guard, config->guard_qmp_path);
}

static const struct err *attach(struct host *h)
{
	TRY(qmp_open(&h->qmp, h->config->qmp_path));
	TRY(ram_open(&h->ram, h->config->ram_path));
	TRY(machine_inspect(&h->qmp, h->config->machine, h->config->uuid, &h->ram, &h->facts));
	TRY(capture_open(h));
	return guard_ensure(&h->guard);
}

const struct err *host_attach(struct host *h)
{
	const struct err *e;

	host_detach(h);
	e = attach(h);
	if (e)
		host_detach(h); /* raises no error of its own */
	h->resets_seen = h->qmp.resets;
	return e;
}

void host_detach(struct host *h)
{
	guard_close(&h->guard);
	capture_close(h);
	ram_close(&h->ram);
	qmp_close(&h->qmp);
	h->captured = h->paused_by_us = false;
	h->checked_ns = 0;
	h->state_sent = h->hpet_sent = (struct qmp_sent){0};
}

void host_deinit(struct host *h)
{
	host_detach(h);
	capture_deinit(h);
}

void host_tend_guard(struct host *h, uint64_t until_ns)
{
	if (!qmp_is_open(&h->qmp) || failed(h, guard_ensure(&h->guard)))
		return; /* no pause begins without a guard */
	if (h->paused_by_us && until_ns)
		(void)failed(h, guard_arm(&h->guard, until_ns));
}

enum host_change host_look(struct host *h)
{
	if (!qmp_is_open(&h->qmp))
		return HOST_GONE;
	if (failed(h, qmp_drain(&h->qmp)))
		return HOST_GONE;
	if (!check_instance(h))
		return HOST_SAME;
	h->resets_seen = h->qmp.resets;
	return HOST_RESET;
}
