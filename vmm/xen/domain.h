/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * domain - what RemoteTrans keeps of each domain: its identity and pause, and the sessions that
 * other domains have on it.
 *
 * Everything here, and the core, is used under remotetrans_lock, which is only ever tried for:
 * its holder may wait for a domain's vCPUs to stop (domain_pause()), and one of these may be the
 * vCPU that wants the lock. Whoever does not get it starts over (-ERESTART).
 *
 * All of it, keys included, is on Xen's heap or in its data, which no domain can map.
 */
#ifndef REMOTETRANS_DOMAIN_H
#define REMOTETRANS_DOMAIN_H

#include <xen/list.h>
#include <xen/sched.h>
#include <xen/spinlock.h>
#include <xen/timer.h>

#include "vmm/core/core.h"

/* Domains that may have sessions on one domain at the same time. */
#define REMOTETRANS_CALLERS_MAX 8

struct remotetrans_caller {
    struct list_head list;
    const struct domain *by;
    struct caller caller;
};

struct remotetrans_domain {
    struct domain *domain;
    struct vm vm;
    struct list_head callers;
    struct timer deadline; /* of the pause */
    s_time_t until;        /* it; what fires before belongs to an earlier pause */
    bool paused;           /* by us */
    bool reset;            /* and nobody has taken notice yet */
    bool sealed;           /* its label protects it, and dom0 has kept nothing of building it */
};

extern spinlock_t remotetrans_lock;
extern struct core remotetrans_core;
extern bool remotetrans_usable; /* there was randomness for the key */

/* If the guest has been reset, begin a new instance. */
void remotetrans_follow_reset(struct remotetrans_domain *r);

/* The sessions that @by has on @r, made if there are none. NULL: no memory, or too many callers. */
struct remotetrans_caller *remotetrans_caller_of(struct remotetrans_domain *r,
                                                 const struct domain *by);

extern const struct host_ops remotetrans_host_ops;

/* End our pause, if there still is one; needs no lock. */
void remotetrans_host_resume(struct remotetrans_domain *r);

/* Registers of a vCPU that does not run; @ret is zero. */
void remotetrans_registers(struct vcpu *v, struct rtvmm_vcpu *ret);

#endif /* REMOTETRANS_DOMAIN_H */
