/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * measure - tell the TPM which key this VMM has drawn, before any client can ask for it.
 *
 * The events are those of rtlaunch.h. What they prove depends on who could start programs before:
 * vmmd must come from a measured boot chain, early.
 */
#ifndef VMM_LAUNCH_MEASURE_H
#define VMM_LAUNCH_MEASURE_H

#include <stdbool.h>

#include "remotetrans/attest/tpm.h"
#include "vmm/include/rtlaunch.h"

#define MEASURE_KEY_BYTES 32u

struct measure {
	struct tpm *tpm; /* owned; NULL: nothing is measured */
	int events_fd;   /* owned; -1: none */
	const char *events_path;
};

/**
 * measure_open() - reach TPM and file with the privileges that we have now
 * @tcti:   see tpm_open(); NULL: there is to be no measuring
 * @events: file to append the events to, made (mode 0644) where it is not there; NULL: none.
 *          Borrowed until measure_close()
 *
 * Return: NULL; USAGE, PEER, SYSTEM with the remedy.
 */
MUST_CHECK const struct err *measure_open(struct measure *m, const char *tcti, const char *events);
void measure_close(struct measure *m);

/**
 * measure_key() - extend @key's event and append it
 * @is_last: and the separator: no key after it counts
 *
 * Others that append to the same file wait meanwhile, so the file has the TPM's order. When the TPM
 * refuses, the file is as it was.
 */
MUST_CHECK const struct err *measure_key(struct measure *m, const uint8_t key[MEASURE_KEY_BYTES],
					 bool is_last);

/* TCG_PCR_EVENT2 on RTLAUNCH_PCR with one digest, of @data. @ret: out, MEASURE_EVENT_BYTES(len) */
#define MEASURE_EVENT_BYTES(data_bytes) (4u + 4 + 4 + 2 + TPM_DIGEST + 4 + (data_bytes))
MUST_CHECK const struct err *measure_event(uint32_t type, const uint8_t *data, uint32_t data_bytes,
					   uint8_t *ret, uint8_t ret_digest[TPM_DIGEST]);

#endif
