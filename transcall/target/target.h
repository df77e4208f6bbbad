/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * target - an opened remote VM: verified session, guest memory, kernel, and a view of its /proc.
 *
 * The one place that joins client (frames) and kobj (kernel objects). Used by transcall, ps-vm and
 * the administrative tool.
 */
#ifndef TC_TARGET_TARGET_H
#define TC_TARGET_TARGET_H

#include "transcall/kobj/census.h"
#include "transcall/proc/tree.h"
#include "transcall/proc/workset.h"

struct target;
struct session;
struct target_config;

struct target_options {
	uint32_t in_pid;          /* the tool appears as a child of this process; 0: pid 1 */
	uint64_t sets;            /* WORKSET_* of the first snapshot; 0: TASKS and SYSTEM */
	bool live;                /* no snapshot: read the running VM, frame by frame */
	bool insecure_unverified; /* accept a backend that cannot tag */
	bool insecure_unattested; /* take the VMM's key as the server names it */
	bool no_compress;         /* the server may not compress */
	bool ignores_bound;       /* any instance will do: find out which it is */
};

/**
 * target_open() - connect to, verify and find the kernel of target @name
 * @name:    section of the targets file; NULL: $TRANSCALL_TARGET, else the file's only one
 * @options: borrowed for the call
 * @ret:     out: to be closed with target_close()
 *
 * Return: NULL; USAGE (targets file), PROFILE (wrong profile), PEER, PROTO, INTEGRITY, ATTEST.
 */
MUST_CHECK const struct err *target_open(const char *name, const struct target_options *options,
					 struct target **ret);

void target_close(struct target *t);

/**
 * target_again() - as target_open() with the same options, but over the session that there is
 * @sets: WORKSET_* of the first snapshot
 *
 * What target_cost() and the view count begins anew.
 * Return: NULL; PEER: the session has ended meanwhile, another may be opened; or as target_open().
 */
MUST_CHECK const struct err *target_again(struct target *t, uint64_t sets);

/* The /proc of the guest; borrowed. */
struct proc_view *target_view(struct target *t);

/* The target's section, the kernel and the session below; borrowed. */
const struct target_config *target_config(const struct target *t);
struct kernel *target_kernel(struct target *t);
struct session *target_session(struct target *t);

/**
 * target_want() - the tool is about to read what @sets (WORKSET_*) covers
 *
 * Takes a snapshot when one of @sets is not in the current one. Frames borrowed before are gone.
 */
MUST_CHECK const struct err *target_want(struct target *t, uint64_t sets);

/**
 * target_census() - all tasks, by every view that the kernel has of them, within one snapshot
 * @ret: out: to be freed with census_deinit(), on error too; mixed when its frames could not all be
 *       had in one snapshot
 *
 * Return: NULL; RACE: each look was overtaken by a new snapshot; SYSTEM; or a fatal kind.
 */
MUST_CHECK const struct err *target_census(struct target *t, struct census *ret);

/* Name of the VM, if its host's administrator can map and alter it unnoticed; else NULL. */
const char *target_unprotected(const struct target *t);

/* What each run must tell its user, as one line without its end; empty: nothing. */
void target_notice(const struct target *t, char *ret, size_t size_bytes);

/* What the session cost so far, as one line without its end: round trips, frames, times. */
void target_cost(struct target *t, char *ret, size_t size_bytes);

/*
 * How long opening took, as one line without its end: reading the profile, connecting and agreeing on a key, the first
 * snapshot, finding the kernel in it; how long the target has been open since; and what target_cost() does not say.
 */
void target_phases(const struct target *t, char *ret, size_t size_bytes);

/* The tool slept: the next target_want() takes a new snapshot. */
void target_slept(struct target *t);

/* An object could not be read, or @e is NULL: count it, go on (view_pass_over()). */
MUST_CHECK const struct err *target_pass_over(struct target *t, const struct err *e);

#endif
