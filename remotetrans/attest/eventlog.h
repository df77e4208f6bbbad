/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * eventlog - a crypto-agile TCG event log, and the PCR values that it leads to.
 *
 * Layout: TCG PC Client Platform Firmware Profile 1.05, section 10.2.2 (TCG_PCR_EVENT2), the
 * first record being a TCG_PCR_EVENT with the "Spec ID Event03". Input: attacker-controlled; a log
 * counts only as far as its replay equals a quote.
 */
#ifndef RT_ATTEST_EVENTLOG_H
#define RT_ATTEST_EVENTLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "remotetrans/base/err.h"

#define EVENTLOG_PCRS       24u
#define EVENTLOG_EVENTS_MAX 1024u
#define EVENTLOG_DIGEST     32u /* SHA-256 */

struct event {
	uint32_t pcr, type;
	const uint8_t *digest; /* of the SHA-256 bank; borrowed from the log */
	const uint8_t *data;   /* borrowed */
	uint32_t data_bytes;
};

struct eventlog {
	struct event *events; /* owned */
	unsigned count;
	uint8_t locality; /* that TPM2_Startup came from: the initial value of PCR 0 */
};

/**
 * eventlog_read() - take a log apart
 * @bytes: borrowed for the life of @ret
 *
 * Return: NULL; PROTO: malformed, no SHA-256 digests, too many events; SYSTEM.
 */
MUST_CHECK const struct err *eventlog_read(const uint8_t *bytes, size_t len_bytes,
					   struct eventlog *ret);
void eventlog_deinit(struct eventlog *l);

/* The value that @pcr must have after the log's events. EV_NO_ACTION extends nothing. */
MUST_CHECK const struct err *eventlog_replay(const struct eventlog *l, uint32_t pcr,
					     uint8_t ret[EVENTLOG_DIGEST]);

/* The next event from index *@at on that extended @pcr, and @at moved past it: *@at is then its
 * number as tpm2_eventlog counts, the log's first record being 0. NULL: no more. */
const struct event *eventlog_next(const struct eventlog *l, uint32_t pcr, unsigned *at);

/* EV_SEPARATOR of four zero bytes: what follows is not the firmware's. By its digest. */
bool event_is_separator(const struct event *e);

/* Whether the digest is that of the data; only then may the data be believed. */
bool event_data_counts(const struct event *e);

/* What it is about, for messages: a variable's name, or its text; perhaps empty; not yet printable.
 * @size: of @ret, at least 1 */
void event_note(const struct event *e, char *ret, size_t size);

/* "EV_SEPARATOR", ...; "event 0x..." for others, in a buffer that the next call overwrites. */
const char *event_type_name(uint32_t type);

/* The reverse. False: no such name. */
bool event_type_parse(const char *name, uint32_t *ret);

#endif
