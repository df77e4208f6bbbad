/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the rest of Xen calls of RemoteTrans: the life of a domain. The hypercall itself is in
 * hypercall-defs.c.
 */
#ifndef __XEN_REMOTETRANS_H__
#define __XEN_REMOTETRANS_H__

struct domain;

/* A domain begins: draw its instance id. 0, or -ENOMEM. */
int remotetrans_domain_create(struct domain *d);

/*
 * Its guest is about to run for the first time. If its label protects it, see that dom0 has kept neither a
 * mapping nor a grant from building it: else it stays unprotected.
 */
void remotetrans_domain_start(struct domain *d);

/* Its guest starts over in the same domain: a new instance id; sessions of the old one end. */
void remotetrans_domain_reset(struct domain *d);

/*
 * It is about to die: nothing more is read from it, no pause of it is left, and what it had open on
 * others is closed. -ERESTART: call again; nothing was done.
 */
int remotetrans_domain_kill(struct domain *d);

/* Nobody refers to it any more. */
void remotetrans_domain_destroy(struct domain *d);

#endif /* __XEN_REMOTETRANS_H__ */
