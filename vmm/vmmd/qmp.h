/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qmp - one connection to QEMU's machine protocol (docs/interop/qmp-spec in QEMU's tree).
 *
 * Commands are bounded in time. Events are counted as they come by; QEMU sends them
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
	uint64_t last_id, awaited_id;
	json_t *answers; /* array: those that qmp_drain() came across, the oldest first; or NULL */
	/* events since qmp_open() */
	uint64_t resets;
	uint64_t resumes;
	uint64_t stops;
	uint64_t others;
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

/* A command that was sent; all zero: none. */
struct qmp_sent {
	const char *command; /* borrowed */
	uint64_t id;
};

/**
 * qmp_send() - send a command whose result is fetched with qmp_await(), in the order of sending
 *
 * What is sent behind it does not wait for us between the two. A result that is not fetched is
 * dropped with the next one that is. @arguments as in qmp_execute(). Return: NULL; PEER.
 */
MUST_CHECK const struct err *qmp_send(struct qmp *q, const char *command, json_t *arguments,
				      struct qmp_sent *ret);
MUST_CHECK const struct err *qmp_await(struct qmp *q, struct qmp_sent sent, json_t **ret);

/* Whether qmp_await() may still be called for it; else it was carried out, if it was sent at all.
 */
static inline bool qmp_is_due(const struct qmp *q, struct qmp_sent sent)
{
	return sent.id > q->awaited_id;
}

/* Whether qmp_await() would not have to wait, as far as qmp_drain() has seen. */
bool qmp_has_come(const struct qmp *q, struct qmp_sent sent);

/* The arguments with which "human-monitor-command" runs @command, and its result's text. */
json_t *qmp_monitor_arguments(const char *command);
MUST_CHECK const struct err *qmp_monitor_text(const json_t *result, char *ret, size_t size_bytes);

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
