// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/lib/hypercall.h"

#include <errno.h>
#include <string.h>

#define __XEN_TOOLS__
#include <xen/xen.h>
#include <xencall.h>

#include "vmm/xen/include/public/remotetrans.h"

#define REMOTETRANS_OP 43 /* __HYPERVISOR_remotetrans_op, vmm/xen/series */

const struct err *hypercall_open(struct hypercall *h)
{
	*h = (struct hypercall){.handle = xencall_open(NULL, 0)};
	if (!h->handle)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot reach the hypervisor: a domain of Xen?");
	h->op = xencall_alloc_buffer(h->handle, sizeof(*h->op));
	h->in = xencall_alloc_buffer(h->handle, HYPERCALL_IN_MAX);
	h->out = xencall_alloc_buffer(h->handle, HYPERCALL_OUT_MAX);
	if (h->op && h->in && h->out)
		return NULL;
	hypercall_close(h);
	return ERR_ERRNO(ERR_SYSTEM, ENOMEM, "buffers for hypercalls");
}

void hypercall_close(struct hypercall *h)
{
	if (!h->handle)
		return;
	xencall_free_buffer(h->handle, h->op);
	xencall_free_buffer(h->handle, h->in);
	xencall_free_buffer(h->handle, h->out);
	xencall_close(h->handle);
	h->handle = NULL;
}

void hypercall_prepare(struct hypercall *h, uint16_t domid, uint32_t in_bytes)
{
	memset(h->op, 0, sizeof(*h->op));
	h->op->interface_version = XEN_REMOTETRANS_INTERFACE_VERSION;
	h->op->domid = domid;
	h->op->in_bytes = in_bytes;
	h->op->out_bytes = (uint32_t)HYPERCALL_OUT_MAX;
	set_xen_guest_handle(h->op->in, h->in);
	set_xen_guest_handle(h->op->out, h->out);
}

int hypercall_raw(struct hypercall *h, unsigned command, void *argument)
{
	int rc = xencall2(h->handle, REMOTETRANS_OP, command, (uint64_t)(uintptr_t)argument);

	return rc < 0 ? -errno : rc;
}

uint32_t hypercall_records(const struct hypercall *h)
{
	return h->op->done;
}

int hypercall_make(struct hypercall *h)
{
	return hypercall_raw(h, XEN_REMOTETRANS_request, h->op);
}
