/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qmp - one connection to QEMU's machine protocol (docs/interop/qmp-spec in QEMU's tree).
 *
 * Commands are synchronous and bounded in time. Events are counted as they come by; QEMU sends them
 * in the order in which things happen, so after an answer every earlier event has been counted.
 */
#ifndef VMMD_QMP_H
#define VMMD_QMP_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "remotetrans/base/err.h"
#include "remotetrans/base/scope.h"

#define QMP_TIMEOUT_MS 5000

struct qmp {
	int fd; /* -1: not connected, or lost */
	const char *path;
	char *line; /* received, not yet handled */
	size_t line_bytes;
	size_t used_bytes;
	uint64_t last_id;
	/* events since qmp_open() */
	uint64_t resets;
	uint64_t resumes;
};

/**
 * qmp_open() - connect and negotiate
 * @path: of the socket; borrowed until qmp_close()
 *
 * Return: NULL, or PEER with the remedy.
 */
MUST_CHECK const struct err *qmp_open(struct qmp *q, const char *path);
void qmp_close(struct qmp *q);

/**
 * qmp_execute() - run a command and wait for its result
 * @arguments: stolen; NULL: none
 * @ret:       out: the result, a new reference; NULL: not wanted
 *
 * Return: NULL; PEER: connection lost (then @q is closed); SYSTEM: QEMU refused.
 */
MUST_CHECK const struct err *qmp_execute(struct qmp *q, const char *command, json_t *arguments,
					 json_t **ret);

/* Like qmp_execute(), with @fd passed along. */
MUST_CHECK const struct err *qmp_execute_with_fd(struct qmp *q, const char *command,
						 json_t *arguments, int fd, json_t **ret);

/* Run a command of the human monitor; @ret: its text, shortened to what fits. */
MUST_CHECK const struct err *qmp_monitor(struct qmp *q, const char *command, char *ret,
					 size_t size_bytes);

/* Count the events that have arrived. PEER when QEMU is gone (then @q is closed). */
MUST_CHECK const struct err *qmp_drain(struct qmp *q);

static inline void qmp_scope_json(json_t **slot)
{
	json_decref(*slot);
}

/* Drop the reference at the end of the scope. */
#define AUTO_JSON CLEANUP(qmp_scope_json)

static inline bool qmp_is_open(const struct qmp *q)
{
	return q->fd >= 0;
}

#endif
