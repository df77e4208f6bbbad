/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * manifest - the reference values of a host that was meant to boot, as a JSON file.
 *
 *   version  MANIFEST_VERSION
 *   name     free text for people
 *   image    what the firmware was meant to start: file's name, its Authenticode SHA-256, and the
 *            SHA-256 of each part
 *   pcrs     for each PCR of ATTEST_PCRS: its rule and events
 *              "exact"  these events, in this order, and no others
 *              "types"  any events of these types: what differs from boot to boot or from
 *                       machine to machine (boot variables, partition tables)
 */
#ifndef RT_ATTEST_MANIFEST_H
#define RT_ATTEST_MANIFEST_H

#include "remotetrans/attest/attest.h"

#define MANIFEST_VERSION 1

struct manifest_event {
	uint32_t type;
	uint8_t digest[EVENTLOG_DIGEST]; /* not for the rule "types" */
	char note[64];                   /* for messages: "image", "config", "kernel"; may be empty */
};

enum manifest_rule { MANIFEST_EXACT, MANIFEST_TYPES };

struct manifest_pcr {
	enum manifest_rule rule;
	struct manifest_event *events; /* owned */
	unsigned count;
};

struct manifest {
	char name[128];
	uint8_t hash[32]; /* SHA-256 of the file's bytes */
	struct manifest_pcr pcrs[EVENTLOG_PCRS]; /* [RTLAUNCH_PCR]: the parts only; keys differ */
};

/* Return: NULL; USAGE naming file and place: missing, malformed, another version; SYSTEM. */
MUST_CHECK const struct err *manifest_read(const char *path, struct manifest *ret);
MUST_CHECK const struct err *manifest_write(const struct manifest *m, const char *path);
void manifest_deinit(struct manifest *m);

#endif
