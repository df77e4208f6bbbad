/* SPDX-License-Identifier: MIT */
/*
 * core - the VMM's part of RemoteTrans: it hands out pages, registers and statements about a VM,
 * each tagged for one client session.
 *
 * The same files run in the hypervisor and in vmmd: no libc, no allocation, no SIMD. What the
 * surroundings provide comes through struct host_ops. Nothing here locks: the host makes sure
 * that at most one call at a time uses a given core, vm or caller.
 */
#ifndef VMM_CORE_CORE_H
#define VMM_CORE_CORE_H

#include "vmm/core/session.h"
#include "vmm/core/vm.h"

/* The identity of the running VMM. Secret: in memory that nobody else can read. */
struct core {
	uint8_t static_secret[RTVMM_KEY_BYTES];
	uint8_t static_public[RTVMM_KEY_BYTES]; /* V */
	uint8_t boot_id[RTVMM_ID_BYTES];
	uint64_t last_session; /* numbers only go up */
};

/* Draw key and boot id; non-zero when there is no randomness. */
int core_init(struct core *core, const struct host_ops *ops, void *host);

/* The same with a secret that was drawn before; the caller wipes his copy. */
int core_init_with(struct core *core, const uint8_t secret[RTVMM_KEY_BYTES],
		   const struct host_ops *ops, void *host);

/* Forget all secrets. */
void core_wipe(struct core *core);

#endif
