/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hypercall - HYPERVISOR_remotetrans_op from a program in a domain of Xen, for tests; independent
 * of remotetransd's own.
 */
#ifndef TESTS_LIB_HYPERCALL_H
#define TESTS_LIB_HYPERCALL_H

#include <stdint.h>

#include "remotetrans/base/err.h"
#include "vmm/include/rtvmm.h"

#define HYPERCALL_IN_MAX  (sizeof(struct rtvmm_request) + 8 * RTVMM_READ_FRAMES_MAX)
#define HYPERCALL_OUT_MAX                                                                          \
	(RTVMM_READ_FRAMES_MAX * (sizeof(struct rtvmm_record) + (size_t)RTVMM_FRAME_BYTES))

/* Memory that the hypervisor reads and writes; may be changed by the test at any time. */
struct hypercall {
	void *handle;
	struct xen_remotetrans *op;
	uint8_t *in;  /* HYPERCALL_IN_MAX */
	uint8_t *out; /* HYPERCALL_OUT_MAX */
};

MUST_CHECK const struct err *hypercall_open(struct hypercall *h);
void hypercall_close(struct hypercall *h);

/* Say in h->op that @in_bytes lie at h->in, for @domid. */
void hypercall_prepare(struct hypercall *h, uint16_t domid, uint32_t in_bytes);

/* Make it as h->op has it. 0, or a negated error number of Xen's. */
int hypercall_make(struct hypercall *h);
/* How many records the last one made. */
uint32_t hypercall_records(const struct hypercall *h);
/* Any command, any argument. */
int hypercall_raw(struct hypercall *h, unsigned command, void *argument);

#endif
