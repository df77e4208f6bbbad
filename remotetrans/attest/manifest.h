/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * manifest - the reference values of a host that was meant to boot, as a JSON file.
 *
 *   version           MANIFEST_VERSION
 *   name              free text for people
 *   startup_locality  that the firmware sends TPM2_Startup from: 0, 3 or 4
 *   pcrs              a list with one entry for each PCR of ATTEST_PCRS, in this order:
 *     pcr     its number
 *     rule    "exact"  these events, in this order, and no others
 *             "types"  any events of these types: what differs from boot to boot or from machine
 *                      to machine (boot variables, partition tables). A log's types are not
 *                      hashed: such a PCR is consistent, and proves no more.
 *     events  a list; each with type (its name in the TCG's profile); of the rule "exact" also
 *             digest (SHA-256) and, perhaps, note (what it is, for messages)
 *
 * Keys are sorted, so that manifests can be compared line by line. Unknown keys are refused.
 */
#ifndef RT_ATTEST_MANIFEST_H
#define RT_ATTEST_MANIFEST_H

#include "remotetrans/attest/attest.h"

#define MANIFEST_VERSION   1
#define MANIFEST_BYTES_MAX (1u << 20)

/* Notes that messages know; the parts' are also the data of their events (rtlaunch.h). */
#define MANIFEST_IMAGE   "image"
#define MANIFEST_CONFIG  "config"
#define MANIFEST_KERNEL  "kernel"
#define MANIFEST_RAMDISK "ramdisk"

struct manifest_event {
	uint32_t type;
	uint8_t digest[EVENTLOG_DIGEST]; /* not for the rule "types" */
	char note[64];                   /* may be empty */
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
	uint8_t locality;
	struct manifest_pcr pcrs[EVENTLOG_PCRS]; /* [RTLAUNCH_PCR]: the parts only; keys differ */
};

/* Return: NULL; USAGE naming file and place: missing, malformed, another version; SYSTEM. */
MUST_CHECK const struct err *manifest_read(const char *path, struct manifest *ret);
MUST_CHECK const struct err *manifest_write(const struct manifest *m, const char *path);
void manifest_deinit(struct manifest *m);

/* Another event of @pcr, zero but for what is given. SYSTEM; USAGE: EVENTLOG_EVENTS_MAX are there.
 * @note: shortened to what fits */
MUST_CHECK const struct err *manifest_add(struct manifest *m, uint32_t pcr, uint32_t type,
					  const uint8_t *digest, const char *note);

/**
 * manifest_value() - the value that @pcr must have
 * @ret_known: out: false: it differs from boot to boot; @ret is untouched
 */
MUST_CHECK const struct err *manifest_value(const struct manifest *m, uint32_t pcr,
					    uint8_t ret[EVENTLOG_DIGEST], bool *ret_known);

#endif
