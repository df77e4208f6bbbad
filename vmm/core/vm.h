/* SPDX-License-Identifier: MIT */
/*
 * vm - one monitored VM: who it is, whether we hold it paused, and what we may still pause it.
 */
#ifndef VMM_CORE_VM_H
#define VMM_CORE_VM_H

#include "vmm/core/budget.h"
#include "vmm/core/types.h"

/* The budget shortens no pause to less: it would end before its work is done, be charged, and so on
 * for ever. */
#define VM_PAUSE_MIN_NS  250000000ull
#define VM_VCPU_PAUSE_NS 50000000ull /* deadline of the pause in which registers are read */

/* What VM and surroundings provide. @host is what vm_create() was given. 0 is success, a negated
 * RTVMM_E* value is failure. */
struct host_ops {
	int (*random_bytes)(void *host, void *ret, uint32_t len_bytes);
	uint64_t (*now_ns)(void *host); /* monotonic; the same clock for all of a VM's records */

	/* Copy a frame to @ret, which is private to the core. 1: not RAM of this VM. */
	int (*copy_frame)(void *host, uint64_t frame, uint8_t ret[RTVMM_FRAME_BYTES]);

	/* Registers of a vCPU; called while the VM is paused. -RTVMM_EINVAL: no such vCPU. */
	int (*read_vcpu)(void *host, uint32_t number, struct rtvmm_vcpu *ret);

	/* vcpus, flags, max_frame, ram_bytes, address_width; the core fills in the rest */
	int (*read_info)(void *host, struct rtvmm_info *ret);

	/* Pause; whatever happens to us, something resumes the VM at @until_ns. 1: somebody else
	 * had paused it already, so nothing was done and resume() will not be called. */
	int (*pause)(void *host, uint64_t until_ns);
	int (*resume)(void *host);

	/* 0: not resumed, nor reset, since pause() returned */
	int (*still_paused)(void *host);
};

struct vm {
	const struct host_ops *ops;
	void *host;
	uint8_t instance_id[RTVMM_ID_BYTES];
	uint8_t uuid[RTVMM_ID_BYTES];
	uint64_t deadline_ns; /* the longest pause */
	bool gone;            /* the host's to set: there is no VM at present; all requests fail */

	/* the current pause; generation 0: none */
	uint64_t generation;
	uint64_t owner_session; /* 0: a pause of our own, for registers */
	uint64_t started_ns;
	uint64_t until_ns;
	bool foreign; /* somebody else's pause: neither ours to end nor charged */

	uint64_t last_generation;
	uint64_t pauses;
	uint64_t paused_ns_max;
	struct budget budget;
};

/* Describe a new VM and draw its instance id. */
int vm_create(struct vm *vm, const struct host_ops *ops, void *host,
	    const uint8_t uuid[RTVMM_ID_BYTES], uint32_t deadline_ms);

/* The VM was created anew or reset: a new instance id; sessions of the old one end. */
int vm_renew_instance(struct vm *vm);

/**
 * vm_pause() - begin a pause
 * @owner_session: who may end it; 0 for the core itself
 * @wanted_ns:     how long at most; the grant is shorter when deadline or budget say so
 *
 * Return: 0, -RTVMM_EBUSY (budget used up, or paused already), or what the host says.
 */
int vm_pause(struct vm *vm, uint64_t owner_session, uint64_t wanted_ns);

/* End the current pause, if there is one. The VM counts as running even when the host fails. */
int vm_resume(struct vm *vm);

/* 0 while a pause is on and all that was copied since its begin was copied with the VM paused. */
int vm_check_paused(struct vm *vm);

/* The generation to put into a record of what was just copied; 0 when the VM may have run. */
uint64_t vm_generation_now(const struct vm *vm, uint64_t now_ns);

/* When the host must call vm_expire(), or 0. */
uint64_t vm_deadline_ns(const struct vm *vm);

/* End the current pause if its deadline has passed. */
void vm_expire(struct vm *vm);

#endif
