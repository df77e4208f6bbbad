/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * world - everything between a client and a VMM, in child processes: remotetransd over TLS on
 * loopback, and a socket like vmmd's with the real VMM core behind it.
 */
#ifndef TESTS_UNIT_SERVER_WORLD_H
#define TESTS_UNIT_SERVER_WORLD_H

#include <sys/types.h>

#include "remotetrans/client/config.h"

#define WORLD_IMAGE_BYTES (4u << 20)
#define WORLD_IMAGE_TABLE 0x200000u /* where the image's VMCOREINFO says the page tables are */

struct world {
	char folder[64];
	char server[64]; /* HOST:PORT */
	uint8_t vmm_key[RTVMM_KEY_BYTES];
	pid_t vmmd, remotetransd, relay;
};

/*
 * Clients "alice" and "bob"; and "foreign", "expired", "early", "revoked", "usage", "comma" and
 * "terminal", who call themselves alice, too, and whose certificates do not hold.
 */
/* VMs: "tagged" (16 frames, 2 vCPUs), "image"; both for "alice". And "bobs", for "bob". */
void world_start(struct world *w);
void world_stop(struct world *w);

/* From now on targets are reached over a network with such a delay each way, from another address. */
void world_move_away(struct world *w, unsigned delay_ms);

/* A target for @vm as client @who, with everything pinned. */
struct target_config world_target(const struct world *w, const char *who, const char *vm);

/* It fails with @kind, and its message has @what. */
void check_says(const struct err *e, enum err_kind kind, const char *what);

#endif
