/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An opened remote VM: configuration, profile, session, memory, kernel, view - in this order. */
#include "transcall/target/target.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kernel-profiles/profile.h"
#include "remotetrans/base/scope.h"
#include "remotetrans/client/gmem.h"
#include "remotetrans/client/session.h"
#include "transcall/proc/system.h"
#include "transcall/proc/view.h"
#include "transcall/target/wrong_kernel.h"

/* When a phase of opening was over, in this order. */
enum phase { BEGUN, PROFILE, SESSION, SNAPSHOT, OPEN, PHASES };

struct target {
	struct target_config config;
	struct profile profile;
	struct session_profile profile_text;
	char *text; /* owned: profile_text borrows it */
	struct session *session;
	struct gmem gmem;
	struct kernel kernel;
	struct proc_view view;
	uint64_t sets; /* of the current snapshot */
	bool slept;
	uint64_t phase_ns[PHASES];
	uint32_t in_pid;
	struct session_counters before; /* target_again() */
};

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* --- the profile ---------------------------------------------------------------------------- */

static const struct err *file_read(const char *path, size_t max_bytes, char **ret,
				   size_t *ret_bytes)
{
	AUTO_FCLOSE FILE *in = fopen(path, "re");
	AUTO_FREE char *text = malloc(max_bytes + 1);

	if (!text)
		return ERR(ERR_SYSTEM, "no memory for %s", path);
	if (!in)
		return ERR_ERRNO(ERR_USAGE, errno, "cannot read the profile %s", path);
	size_t len = fread(text, 1, max_bytes + 1, in);
	if (ferror(in) || len > max_bytes)
		return ERR(ERR_USAGE, "%s is not a kernel profile: over %zu bytes", path,
			   max_bytes);
	*ret_bytes = len;
	*ret = TAKE(text);
	return NULL;
}

static const struct err *load_profile(struct target *t)
{
	struct session_profile *p = &t->profile_text;

	if (!*t->config.profile)
		return ERR(ERR_USAGE,
			   "%s: [%s] names no profile: make one of the guest's kernel package with "
			   "'remotetrans profile build', and set profile=",
			   t->config.path, t->config.name);
	TRY(file_read(t->config.profile, PROFILE_TEXT_MAX, &t->text, &p->len_bytes));
	const struct err *e = profile_parse(t->text, p->len_bytes, &t->profile);
	if (e)
		return ERR(e->kind, "profile= of target [%s], %.150s: %s", t->config.name,
			   t->config.profile, e->message);
	p->text = t->text;
	memcpy(p->hash, t->profile.hash, sizeof(p->hash));
	return NULL;
}

/* --- snapshots ------------------------------------------------------------------------------- */

/* The frames below have changed: forget translations, take the registers that belong to them. */
static const struct err *take_registers(struct target *t)
{
	const struct vcpu *vcpus;
	unsigned count;

	gmem_flush(&t->gmem);
	t->view.epoch = session_epoch(t->session);
	work_fill(&t->view.work, WORK_POOL);
	TRY(session_vcpus(t->session, &vcpus, &count));
	kernel_set_vcpus(&t->kernel, vcpus, count);
	return NULL;
}

static const struct err *snapshot(struct target *t, uint64_t sets)
{
	TRY(session_snapshot(t->session, sets));
	t->sets = sets;
	t->slept = false;
	return take_registers(t);
}

static const struct err *view_refresh(struct proc_view *view)
{
	return take_registers(view->refresh_context);
}

static bool view_is_replaced(const struct proc_view *view)
{
	const struct target *t = view->refresh_context;

	return session_epoch(t->session) != view->epoch;
}

const struct err *target_want(struct target *t, uint64_t sets)
{
	sets = workset_join(t->sets, sets);
	return t->slept || sets != t->sets ? snapshot(t, sets) : NULL;
}

const struct err *target_census(struct target *t, struct census *ret)
{
	uint64_t races = session_counters(t->session).races;

	TRY(target_want(t, WORKSET_CENSUS));
	TRY(proc_census(&t->view, ret));
	ret->mixed = session_counters(t->session).races != races;
	return NULL;
}

void target_slept(struct target *t)
{
	t->slept = true;
}

/* --- opening --------------------------------------------------------------------------------- */

/* A miss while the kernel is looked for makes a new snapshot; look again, a bounded number of
 * times. */
static const struct err *attach(struct target *t)
{
	const struct vcpu *vcpus;
	const struct err *e = NULL;
	unsigned count;

	for (unsigned round = 0; round <= SESSION_ROUNDS_MAX; round++) {
		TRY(session_vcpus(t->session, &vcpus, &count));
		gmem_init(&t->gmem, session_frames(t->session), vcpus[0].cr4);
		e = kernel_attach(&t->kernel, &t->gmem.src, &t->profile, vcpus, count);
		if (!e || e->kind != ERR_RACE)
			break;
	}
	return e;
}

static const struct err *view_open(struct target *t, uint32_t pid)
{
	const struct err *e = NULL;

	for (unsigned round = 0; round <= SESSION_ROUNDS_MAX; round++) {
		e = proc_view_init(&t->view, &t->kernel, pid);
		if (!e || e->kind != ERR_RACE)
			break;
		TRY(take_registers(t));
	}
	TRY(e);
	t->view.refresh = view_refresh;
	t->view.is_stale = view_is_replaced;
	t->view.refresh_context = t;
	t->view.epoch = session_epoch(t->session);
	return NULL;
}

static const struct err *target_connect(struct target *t, const char *name,
					const struct target_options *options)
{
	uint64_t sets = options->sets ? options->sets : WORKSET_TASKS | WORKSET_SYSTEM;

	t->phase_ns[BEGUN] = now_ns();
	TRY(config_load(name, &t->config));
	t->config.insecure_unverified |= options->insecure_unverified;
	t->config.insecure_unattested |= options->insecure_unattested;
	t->config.compress &= !options->no_compress;
	t->config.ignores_bound = options->ignores_bound;
	TRY(load_profile(t));
	t->phase_ns[PROFILE] = now_ns();
	TRY(session_open(&t->config, &t->profile_text, options->live ? 0 : sets, &t->session));
	t->phase_ns[SESSION] = now_ns();
	if (!options->live) {
		TRY(session_snapshot(t->session, sets));
		t->sets = sets;
	}
	t->phase_ns[SNAPSHOT] = now_ns();
	const struct err *e = attach(t);
	if (e && e->kind == ERR_PROFILE)
		return wrong_kernel(&t->config, &t->profile);
	TRY(e);
	t->in_pid = options->in_pid ? options->in_pid : 1;
	TRY(view_open(t, t->in_pid));
	t->phase_ns[OPEN] = now_ns();
	return NULL;
}

const struct err *target_open(const char *name, const struct target_options *options,
			      struct target **ret)
{
	struct target *t = calloc(1, sizeof(*t));

	if (!t)
		return ERR(ERR_SYSTEM, "no memory");
	const struct err *e = target_connect(t, name, options);
	if (e) {
		target_close(t);
		return e;
	}
	*ret = t;
	return NULL;
}

const struct err *target_again(struct target *t, uint64_t sets)
{
	t->before = session_counters(t->session);
	t->phase_ns[BEGUN] = t->phase_ns[PROFILE] = t->phase_ns[SESSION] = now_ns();
	TRY(snapshot(t, sets));
	t->phase_ns[SNAPSHOT] = now_ns();
	t->view.unreadable = t->view.absent = t->view.races = 0; /* this tool's, not all tools' */
	TRY(view_open(t, t->in_pid));
	t->phase_ns[OPEN] = now_ns();
	return NULL;
}

void target_close(struct target *t)
{
	if (!t)
		return;
	if (t->session)
		session_close(t->session);
	free(t->text);
	free(t);
}

struct proc_view *target_view(struct target *t)
{
	return &t->view;
}

struct kernel *target_kernel(struct target *t)
{
	return &t->kernel;
}

const struct err *target_pass_over(struct target *t, const struct err *e)
{
	return view_pass_over(&t->view, e);
}

const struct target_config *target_config(const struct target *t)
{
	return &t->config;
}

struct session *target_session(struct target *t)
{
	return t->session;
}

const char *target_unprotected(const struct target *t)
{
	return session_is_protected(t->session) ? NULL : t->config.vm;
}

void target_notice(const struct target *t, char *ret, size_t size_bytes)
{
	session_notice(t->session, ret, size_bytes);
}

void target_cost(struct target *t, char *ret, size_t size_bytes)
{
	struct session_counters c = session_counters(t->session), *b = &t->before;

	snprintf(ret, size_bytes,
		 "%" PRIu64 " round trips, %" PRIu64 " snapshots, %" PRIu64 " frames, %" PRIu64
		 " re-validated, %" PRIu64 " bytes received, %" PRIu64 " saved, %" PRIu64
		 " compressed, verify %.1f ms; last snapshot: walk %.1f ms, repair %.1f ms, "
		 "collect %.1f ms, guest paused %.1f ms; VM %s%s%s",
		 c.round_trips - b->round_trips, c.snapshots - b->snapshots, c.frames - b->frames,
		 c.kept - b->kept, c.bytes_received - b->bytes_received,
		 c.saved_bytes - b->saved_bytes, c.packed_bytes - b->packed_bytes,
		 (double)(c.verify_ns - b->verify_ns) / 1e6,
		 c.walk_us / 1e3, c.repair_us / 1e3, c.collect_us / 1e3, (double)c.paused_ns / 1e6,
		 target_unprotected(t) ? "not protected" : "protected",
		 *c.remark ? "; the server's walk: " : "", c.remark);
}

void target_phases(const struct target *t, char *ret, size_t size_bytes)
{
	const uint64_t *at = t->phase_ns;
	struct session_counters c = session_counters(t->session);
	double ms[PHASES];

	for (int i = BEGUN; i < PHASES; i++)
		ms[i] = (double)((i == OPEN ? now_ns() : at[i + 1]) - at[i]) / 1e6;
	snprintf(ret, size_bytes,
		 "profile %.1f ms, session %.1f ms, snapshot %.1f ms, kernel %.1f ms, since then "
		 "%.1f ms; %" PRIu64 " bytes sent, %" PRIu64 " frames missed",
		 ms[BEGUN], ms[PROFILE], ms[SESSION], ms[SNAPSHOT], ms[OPEN],
		 c.bytes_sent - t->before.bytes_sent, c.missed - t->before.missed);
}
