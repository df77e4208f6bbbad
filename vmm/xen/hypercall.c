/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * HYPERVISOR_remotetrans_op. Input: a caller who may change everything that he passes at any time:
 * each byte is fetched once, and what is written to him is never read again.
 *
 * A READ is carried out in parts, so that it can be preempted between them. How far it has come lies
 * with the caller. He may change that, as he may name other frames; records that he asks for twice
 * have two counters.
 */
#include <xen/errno.h>
#include <xen/event.h>
#include <xen/guest_access.h>
#include <xen/hypercall.h>
#include <xen/sched.h>
#include <xsm/xsm.h>
#include <public/remotetrans.h>

#include "domain.h"
#include "launch.h"
#include "vmm/core/bytes.h"
#include "vmm/core/request.h"

#define FRAMES_AT_ONCE 16 /* about 50 us */

/* One request in the caller's memory. */
struct transfer {
    struct call_io io; /* first */
    struct xen_remotetrans op;
    struct rtvmm_request request;
    uint32_t taken; /* bytes of op.in */
};

static uint8_t page[RTVMM_FRAME_BYTES]; /* under remotetrans_lock */

static int cf_check get(struct call_io *io, void *ret, uint32_t len_bytes)
{
    struct transfer *t = container_of(io, struct transfer, io);

    if ( len_bytes > t->op.in_bytes - t->taken )
        return -RTVMM_EINVAL;
    if ( copy_from_guest_offset((uint8_t *)ret, t->op.in, t->taken, len_bytes) )
        return -RTVMM_EFAULT;
    t->taken += len_bytes;

    return 0;
}

static int cf_check put(struct call_io *io, const void *from, uint32_t len_bytes)
{
    struct transfer *t = container_of(io, struct transfer, io);

    if ( len_bytes > t->op.out_bytes - t->op.written )
        return -ENOBUFS;
    if ( copy_to_guest_offset(t->op.out, t->op.written, (const uint8_t *)from, len_bytes) )
        return -RTVMM_EFAULT;
    t->op.written += len_bytes;

    return 0;
}

/* The request itself, and whether its numbers fit each other. */
static int fetch(struct transfer *t, XEN_GUEST_HANDLE_PARAM(xen_remotetrans_t) arg)
{
    int rc;

    if ( copy_from_guest(&t->op, arg, 1) )
        return -EFAULT;
    if ( t->op.interface_version != XEN_REMOTETRANS_INTERFACE_VERSION )
        return -RTVMM_EVERSION;
    if ( t->op.pad || t->op.written > t->op.out_bytes )
        return -EINVAL;
    rc = get(&t->io, &t->request, sizeof(t->request));
    if ( rc )
        return rc;
    rc = request_trailing_bytes(&t->request);
    if ( rc < 0 )
        return rc;
    if ( t->op.in_bytes != sizeof(t->request) + rc )
        return -EINVAL;

    return 0;
}

static int handle(struct transfer *t, struct call *c, struct rtvmm_request *part)
{
    uint32_t records;
    int rc = request_handle(c, part, &records);

    if ( !rc )
        t->op.done += records;

    return rc;
}

/* -ERESTART: preempted, and op says how far it has come. */
static int read_frames(struct transfer *t, struct call *c)
{
    struct rtvmm_request part = t->request;
    int rc = 0;

    if ( t->op.done >= t->request.count )
        return -EINVAL;
    t->taken += t->op.done * sizeof(uint64_t);
    while ( !rc && t->op.done < t->request.count )
    {
        part.count = min_t(uint32_t, t->request.count - t->op.done, FRAMES_AT_ONCE);
        rc = handle(t, c, &part);
        if ( !rc && t->op.done < t->request.count && hypercall_preempt_check() )
            rc = -ERESTART;
    }

    return rc;
}

static int carry_out(struct transfer *t, struct remotetrans_domain *r)
{
    struct remotetrans_caller *caller = remotetrans_caller_of(r, current->domain);
    struct call c = { .core = &remotetrans_core, .vm = &r->vm, .io = &t->io, .page = page };

    if ( !caller )
        return -RTVMM_ENOSPC;
    c.caller = &caller->caller;
    remotetrans_follow_reset(r);
    /* The toolstack may change it at any time; a session that sees it change ends. */
    bytes_copy(r->vm.uuid, r->domain->handle, sizeof(r->vm.uuid));
    if ( t->request.op == RTVMM_OP_READ )
        return read_frames(t, &c);
    if ( t->op.done )
        return -EINVAL;

    return handle(t, &c, &t->request);
}

static int on_domain(struct transfer *t, struct domain *d)
{
    int rc = xsm_remotetrans(XSM_DM_PRIV, d);

    /* A control domain holds no secrets from the cloud, and pausing it stops the toolstack. */
    if ( !rc && is_control_domain(d) )
        rc = -EPERM;
    if ( rc )
        return rc;
    if ( !spin_trylock(&remotetrans_lock) )
        return -ERESTART;
    rc = carry_out(t, d->remotetrans);
    spin_unlock(&remotetrans_lock);

    return rc;
}

static int request(XEN_GUEST_HANDLE_PARAM(xen_remotetrans_t) arg)
{
    struct transfer t = { .io = { .get = get, .put = put } };
    struct domain *d;
    int rc = fetch(&t, arg);

    if ( rc )
        return rc;
    rc = rcu_lock_live_remote_domain_by_id(t.op.domid, &d);
    if ( rc )
        return rc == -EINVAL ? -ESRCH : rc; /* dying */
    rc = on_domain(&t, d);
    rcu_unlock_domain(d);
    if ( (!rc || rc == -ERESTART) && copy_to_guest(arg, &t.op, 1) )
        return -EFAULT;

    return rc;
}

/* No secret, but nobody else's business. It no longer changes. */
static int event_log(XEN_GUEST_HANDLE_PARAM(xen_remotetrans_log_t) arg)
{
    struct xen_remotetrans_log log;
    uint32_t room;

    if ( !is_hardware_domain(current->domain) )
        return -EPERM;
    if ( copy_from_guest(&log, arg, 1) )
        return -EFAULT;
    if ( log.interface_version != XEN_REMOTETRANS_INTERFACE_VERSION )
        return -RTVMM_EVERSION;
    if ( !remotetrans_launched )
        return -ENOENT;
    room = log.bytes;
    log.bytes = remotetrans_log_bytes;
    if ( room < log.bytes )
        return copy_to_guest(arg, &log, 1) ? -EFAULT : -ENOBUFS;
    if ( copy_to_guest(log.out, remotetrans_log, log.bytes) || copy_to_guest(arg, &log, 1) )
        return -EFAULT;

    return 0;
}

long do_remotetrans_op(unsigned int cmd, XEN_GUEST_HANDLE_PARAM(void) arg)
{
    long rc;

    if ( cmd == XEN_REMOTETRANS_event_log )
        return event_log(guest_handle_cast(arg, xen_remotetrans_log_t));
    if ( cmd != XEN_REMOTETRANS_request )
        return -EOPNOTSUPP;
    if ( !remotetrans_usable )
        return -ENOSYS;
    rc = request(guest_handle_cast(arg, xen_remotetrans_t));
    if ( rc == -ERESTART )
        rc = hypercall_create_continuation(__HYPERVISOR_remotetrans_op, "ih", cmd, arg);

    return rc;
}
