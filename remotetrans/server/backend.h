/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * backend - what a VMM does for remotetransd, behind four operations.
 *
 * To add one: a file backend_NAME.c that defines a struct backend_ops, and a row in backend.c.
 */
#ifndef RT_SERVER_BACKEND_H
#define RT_SERVER_BACKEND_H

#include "remotetrans/server/config.h"
#include "remotetrans/server/memory.h"
#include "remotetrans/server/records.h"

struct backend_ops;

/* One VM opened for one client. Backends put this first in their own structure. */
struct backend {
	const struct backend_ops *ops;
	int status; /* RTVMM_E* of the last request that failed for a reason the VMM gave; else 0 */
};

struct backend_request {
	enum rtvmm_op op; /* READ, VCPU, INFO, SNAPSHOT_BEGIN, SNAPSHOT_END */
	const uint8_t *challenge;
	const uint64_t *frames; /* READ: at most RTVMM_READ_FRAMES_MAX */
	uint32_t count;         /* READ: frames; VCPU: its number */
	uint32_t deadline_ms;   /* SNAPSHOT_BEGIN: 0: the VMM's default */
};

/* What the processes of remotetransd must be allowed for this backend beyond what all need. */
#define BACKEND_NEEDS_MAX 16
struct backend_needs {
	const struct confine_rule *calls; /* at most BACKEND_NEEDS_MAX */
	size_t call_count;
	const char *const *devices; /* to be opened for writing, see confine_files() */
};

struct backend_ops {
	const char *name;
	bool is_tagged;
	const char *config_key; /* key of [vm NAME] without which it cannot work; NULL: none */
	const char *(*config_value)(const struct vm_config *vm); /* its value */
	const struct backend_needs *needs;                       /* NULL: nothing */

	/**
	 * open - a session of the VMM core
	 * @request: WIRE_OPEN_REQUEST_BYTES from the client
	 * @reply:   out: WIRE_OPEN_REPLY_BYTES for it
	 * @ret:     out: to be closed with close()
	 */
	MUST_CHECK const struct err *(*open)(const struct vm_config *vm, const uint8_t *request,
					     uint8_t *reply, struct backend **ret);
	/* Append the records that answer @request, behind those of what was posted before. On error
	 * what was appended is of no use; see status. */
	MUST_CHECK const struct err *(*ask)(struct backend *b,
					    const struct backend_request *request,
					    struct records *ret);
	/* As ask(), but the records may come as late as with the next ask(), or with receive(), in
	 * the same order: @ret must be the same until then. NULL: ask() does not wait for much. */
	MUST_CHECK const struct err *(*post)(struct backend *b,
					     const struct backend_request *request,
					     struct records *ret);
	/* Append some of the records that are still to come; *@ret_more: there are more. Those in
	 * @ret may be taken out between calls, from the first on. NULL: as post. */
	MUST_CHECK const struct err *(*receive)(struct backend *b, struct records *ret,
						bool *ret_more);
	/* RAM for the walk, borrowed; NULL: there is none here. */
	const struct memory *(*memory)(struct backend *b);
	/* Ends the session and, if one is on, its pause. */
	void (*close)(struct backend *b);
};

extern const struct backend_ops backend_qemu;
extern const struct backend_ops backend_image;
extern const struct backend_ops backend_xen; /* only where the build found Xen's libraries */

/* USAGE: no such backend, or not in this build; the message says what there is. */
MUST_CHECK const struct err *backend_by_name(const char *name, const struct backend_ops **ret);

/* Names of the backends of this build, separated by commas. */
const char *backend_names(void);

/**
 * backend_grant() - let a domain of Xen read another: XEN_DOMCTL_set_target
 * @pair: "SERVER-DOMID=GUEST-DOMID"
 *
 * Return: NULL; USAGE: not such a pair, or a build without Xen; PEER: Xen refuses.
 */
MUST_CHECK const struct err *backend_grant(const char *pair);
MUST_CHECK const struct err *backend_xen_grant(uint32_t server, uint32_t guest);

/**
 * backend_event_log() - the events by which Xen's own start was measured
 * @ret: out: TCG_PCR_EVENT, then TCG_PCR_EVENT2s
 *
 * Return: NULL; USAGE: a build without Xen; PEER: Xen has none, or one of more than @size_bytes.
 */
MUST_CHECK const struct err *backend_event_log(uint8_t *ret, size_t size_bytes,
					       size_t *ret_len_bytes);
MUST_CHECK const struct err *backend_xen_event_log(uint8_t *ret, size_t size_bytes,
						   size_t *ret_len_bytes);

#endif
