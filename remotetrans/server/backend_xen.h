/* SPDX-License-Identifier: GPL-2.0-or-later */
/* backend_xen - what the files that know Xen's libraries share. */
#ifndef RT_SERVER_BACKEND_XEN_H
#define RT_SERVER_BACKEND_XEN_H

#include <xentoollog.h>

#include "remotetrans/server/backend.h"

/* Errors are returned, not printed: the libraries get a log that takes almost nothing. */
xentoollog_logger *xen_quiet(void);

/* PEER: this host's way to the hypervisor cannot be opened (errno). */
MUST_CHECK const struct err *xen_no_privcmd(void);

/* The number of the domain that @vm is. Return: NULL; PEER: none is, or it is another. */
MUST_CHECK const struct err *xen_find_domain(const struct vm_config *vm, uint32_t *ret);

#endif
