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

struct backend_ops {
	const char *name;
	bool is_tagged;
	const char *config_key; /* key of [vm NAME] without which it cannot work, and its value */
	const char *(*config_value)(const struct vm_config *vm);

	/**
	 * open - a session of the VMM core
	 * @request: WIRE_OPEN_REQUEST_BYTES from the client
	 * @reply:   out: WIRE_OPEN_REPLY_BYTES for it
	 * @ret:     out: to be closed with close()
	 */
	MUST_CHECK const struct err *(*open)(const struct vm_config *vm, const uint8_t *request,
					     uint8_t *reply, struct backend **ret);
	/* Append the records that answer @request. On error nothing was appended; see status. */
	MUST_CHECK const struct err *(*ask)(struct backend *b,
					    const struct backend_request *request,
					    struct records *ret);
	/* RAM for the walk, borrowed; NULL: there is none here. */
	const struct memory *(*memory)(struct backend *b);
	/* Ends the session and, if one is on, its pause. */
	void (*close)(struct backend *b);
};

extern const struct backend_ops backend_qemu;
extern const struct backend_ops backend_image;

/* USAGE: no such backend. */
MUST_CHECK const struct err *backend_by_name(const char *name, const struct backend_ops **ret);

#endif
