/* SPDX-License-Identifier: MIT */
/*
 * remotetrans.h - HYPERVISOR_remotetrans_op: pages, registers and statements about a domain, each
 * tagged by the hypervisor for one client session.
 *
 * The requests and records themselves are those of rtvmm.h, byte for byte; this is how a guest of
 * Xen hands them over. Trust: the caller is untrusted, see rtvmm.h.
 *
 * Version rule: XEN_REMOTETRANS_INTERFACE_VERSION changes whenever the structure below does; what
 * rtvmm.h says has its own version in every request. The hypervisor refuses any other.
 */
#ifndef __XEN_PUBLIC_REMOTETRANS_H__
#define __XEN_PUBLIC_REMOTETRANS_H__

#ifdef __XEN__
#include "xen.h"
#else
#include <xen/xen.h> /* libxen-dev; this file is not part of it */
#endif

#define XEN_REMOTETRANS_INTERFACE_VERSION 1

/*
 * ` enum neg_errnoval
 * ` HYPERVISOR_remotetrans_op(enum remotetrans_op cmd, struct xen_remotetrans *arg);
 *
 * cmd XEN_REMOTETRANS_request: carry out one request of rtvmm.h on domain @domid.
 *
 * Who may: a domain that the XSM policy lets (Flask: domain2 remotetrans on the target), that is
 * not the target itself. Without Flask: the control domain, and a domain whose target it is
 * (XEN_DOMCTL_set_target).
 *
 * Returns 0; -XEN_EPERM or, by Flask, -XEN_EACCES (not allowed), -XEN_ESRCH (no such domain; it has been reset; it is
 * dying), -XEN_EFAULT (a buffer), -XEN_EOPNOTSUPP (cmd), -XEN_ENOSYS (this hypervisor could not
 * draw a key), -XEN_EINVAL, -XEN_ENOBUFS (@out too small), or a negated RTVMM_E* value: those are
 * numbers of xen/errno.h.
 *
 * After an error what lies at @out is undefined, and of no use: the counters in it are spent.
 */
#define XEN_REMOTETRANS_request 1

/*
 * cmd XEN_REMOTETRANS_event_log, arg struct xen_remotetrans_log: the crypto-agile TCG event log of
 * this boot, up to the end of the firmware's boot services, with what rtlaunch.h says. Who may: the
 * hardware domain.
 *
 * Returns 0; -XEN_EPERM, -XEN_EFAULT, a negated RTVMM_EVERSION, -XEN_ENOENT (this Xen was not
 * measured when it started), -XEN_ENOBUFS (see @bytes).
 */
#define XEN_REMOTETRANS_event_log 2

#if defined(__XEN__) || defined(__XEN_TOOLS__)
struct xen_remotetrans {
    uint32_t interface_version; /* IN: XEN_REMOTETRANS_INTERFACE_VERSION */
    domid_t domid;              /* IN: the monitored domain; not DOMID_SELF */
    uint16_t pad;               /* IN: zero */
    uint32_t in_bytes;          /* IN: exactly what lies at @in */
    uint32_t out_bytes;         /* IN: room at @out */
    uint32_t done;              /* IN: zero. OUT: records; also how far a preempted READ has come */
    uint32_t written;           /* IN: zero. OUT: bytes written to @out */
    XEN_GUEST_HANDLE_64(uint8) in;  /* IN: struct rtvmm_request, then what the request says */
    XEN_GUEST_HANDLE_64(uint8) out; /* OUT: an open reply, or records one behind the other */
};
typedef struct xen_remotetrans xen_remotetrans_t;
DEFINE_XEN_GUEST_HANDLE(xen_remotetrans_t);

struct xen_remotetrans_log {
    uint32_t interface_version; /* IN: XEN_REMOTETRANS_INTERFACE_VERSION */
    uint32_t bytes;             /* IN: room at @out. OUT: length of the log, also when that is more */
    XEN_GUEST_HANDLE_64(uint8) out; /* OUT */
};
typedef struct xen_remotetrans_log xen_remotetrans_log_t;
DEFINE_XEN_GUEST_HANDLE(xen_remotetrans_log_t);
#endif

#endif /* __XEN_PUBLIC_REMOTETRANS_H__ */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * tab-width: 4
 * indent-tabs-mode: nil
 * End:
 */
