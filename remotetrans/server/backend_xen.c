/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Xen: the hypercall of vmm/xen for all that is sent, foreign mappings for the walk. Input: the
 * hypervisor's answers, locally trusted.
 */
#include "remotetrans/server/backend_xen.h"

#include <xenctrl.h>

#include <xencall.h>
#include <xenforeignmemory.h>

#include <xen/sys/privcmd.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "remotetrans/base/confine.h"
#include "remotetrans/server/vmm_request.h"
#include "remotetrans/wire/record.h"
#include "vmm/xen/include/public/remotetrans.h"

#define HYPERCALL_REMOTETRANS 43 /* __HYPERVISOR_remotetrans_op of the patched public/xen.h */

#define PAGES(bytes) (((bytes) + XC_PAGE_SIZE - 1) / XC_PAGE_SIZE)
#define IN_BYTES     VMM_REQUEST_BYTES_MAX
#define OUT_BYTES    (RTVMM_READ_FRAMES_MAX * WIRE_RECORD_BYTES_MAX)

/* Frames of one domain. */
struct domain {
	struct foreign foreign; /* first */
	uint32_t domid;
	xenforeignmemory_handle *handle; /* of the walk's child */
};

struct xen {
	struct backend backend; /* first */
	uint32_t domid;
	xencall_handle *call;
	/* hypercall buffers, kept for the session */
	struct xen_remotetrans *arg;
	uint8_t *in, *out;
	bool has_session;
	uint64_t session;
	struct domain domain;
	struct memory memory;
};

/* --- the hypercall -------------------------------------------------------------------------------
 */

static const struct err *refused(const struct xen *x, int error)
{
	static const struct {
		int error;
		const char *why;
	} reasons[] = {
		{EPERM, "Xen or this kernel does not allow it: see remotetransd(8), Xen"},
		{EACCES, "Xen's policy does not allow it: see remotetransd(8), Xen"},
		{ENOSYS, "this Xen lacks the hypercall, or could not draw a key when it started"},
		{EOPNOTSUPP, "this Xen speaks another version of the hypercall"},
		{EFAULT, "a hypercall buffer cannot be used"},
	};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].error == error)
			return ERR(ERR_PEER, "domain %u: %s", x->domid, reasons[i].why);
	return ERR(ERR_PEER, "domain %u: the VMM refuses (error %d)", x->domid, error);
}

/* Carry out the request of @in_bytes in x->in. @ret_bytes: what is then in x->out. */
static const struct err *carry_out(struct xen *x, size_t in_bytes, uint32_t *ret_records,
				   uint32_t *ret_bytes)
{
	*x->arg = (struct xen_remotetrans){
		.interface_version = XEN_REMOTETRANS_INTERFACE_VERSION,
		.domid = (domid_t)x->domid,
		.in_bytes = (uint32_t)in_bytes,
		.out_bytes = (uint32_t)OUT_BYTES,
	};
	set_xen_guest_handle_raw(x->arg->in, x->in);
	set_xen_guest_handle_raw(x->arg->out, x->out);
	x->backend.status = 0;
	if (xencall2(x->call, HYPERCALL_REMOTETRANS, XEN_REMOTETRANS_request,
		     (uint64_t)(uintptr_t)x->arg) < 0) {
		x->backend.status = errno; /* RTVMM_E* have the numbers of Linux */
		return refused(x, x->backend.status);
	}
	*ret_records = x->arg->done;
	*ret_bytes = x->arg->written;
	if (*ret_bytes > OUT_BYTES)
		return ERR(ERR_PROTO, "Xen announces %u bytes", *ret_bytes);
	return NULL;
}

static const struct err *take_records(const struct xen *x, uint32_t count, size_t len_bytes,
				      struct records *ret)
{
	uint8_t *at;

	TRY(records_reserve(ret, len_bytes, &at));
	if (len_bytes)
		memcpy(at, x->out, len_bytes);
	TRY(records_take(ret, &at, &len_bytes, &count));
	return count || len_bytes ? ERR(ERR_PROTO, "Xen's records are cut off, or too many") : NULL;
}

static const struct err *ask(struct backend *b, const struct backend_request *request,
			     struct records *ret)
{
	struct xen *x = (struct xen *)b;
	struct buf_writer w = buf_writer_over(x->in, IN_BYTES);
	size_t count_before = ret->count, used_before = ret->used_bytes;
	uint32_t count, len_bytes, expected = vmm_request_records(request);

	TRY(vmm_request_encode(request, x->session, &w));
	TRY(carry_out(x, w.used_bytes, &count, &len_bytes));
	if (count != expected)
		return ERR(ERR_PROTO, "Xen answers with %u records, not %u", count, expected);
	const struct err *e = take_records(x, count, len_bytes, ret);
	if (e) {
		ret->count = count_before;
		ret->used_bytes = used_before;
	}
	return e;
}

/* --- frames for the walk -----------------------------------------------------------------------
 */

/* In the walk's child, which has what libxenforeignmemory opens for itself alone. */
static const struct err *domain_enter(struct foreign *f)
{
	struct domain *d = (struct domain *)f;

	d->handle = xenforeignmemory_open(xen_quiet(), 0);
	if (!d->handle)
		return xen_no_privcmd();
	if (xenforeignmemory_restrict(d->handle, (domid_t)d->domid) != 0)
		return ERR_ERRNO(ERR_SYSTEM, errno,
				 "this kernel cannot limit mappings to domain %u", d->domid);
	return NULL;
}

static const uint8_t *domain_map(struct foreign *f, uint64_t first, uint64_t *ret_there)
{
	struct domain *d = (struct domain *)f;
	xen_pfn_t frames[FOREIGN_CHUNK_FRAMES];
	int errors[FOREIGN_CHUNK_FRAMES];

	for (unsigned i = 0; i < FOREIGN_CHUNK_FRAMES; i++)
		frames[i] = first + i;
	uint8_t *at = xenforeignmemory_map(d->handle, d->domid, PROT_READ, FOREIGN_CHUNK_FRAMES,
					   frames, errors);
	*ret_there = 0;
	for (unsigned i = 0; at && i < FOREIGN_CHUNK_FRAMES; i++)
		*ret_there |= (uint64_t)(errors[i] == 0) << i;
	if (!at || *ret_there)
		return at;
	xenforeignmemory_unmap(d->handle, at, FOREIGN_CHUNK_FRAMES);
	return NULL;
}

static void domain_unmap(struct foreign *f, const uint8_t *at)
{
	struct domain *d = (struct domain *)f;

	xenforeignmemory_unmap(d->handle, (void *)(uintptr_t)at, FOREIGN_CHUNK_FRAMES);
}

static const struct foreign_ops domain_ops = {
	.enter = domain_enter,
	.map = domain_map,
	.unmap = domain_unmap,
	.map_ioctl = IOCTL_PRIVCMD_MMAPBATCH_V2,
};

static const struct memory *xen_memory(struct backend *b)
{
	return &((struct xen *)b)->memory;
}

/* Which frames there can be is for the VMM to say. */
static const struct err *describe_memory(struct xen *x)
{
	struct backend_request request = {.op = RTVMM_OP_INFO};
	struct records records = {0};
	struct vm_info info = {.max_frame = 0};
	const struct err *e = ask(&x->backend, &request, &records);

	if (!e) {
		struct record rec = {.payload = records.bytes + WIRE_RECORD_HEAD_BYTES,
				     .payload_bytes = sizeof(struct rtvmm_info)};

		e = record_info_decode(&rec, &info);
	}
	records_deinit(&records);
	x->domain.foreign.ops = &domain_ops;
	x->domain.foreign.max_frame = info.max_frame;
	x->domain.domid = x->domid;
	x->memory.foreign = &x->domain.foreign;
	return e;
}

/* --- opening ------------------------------------------------------------------------------------
 */

/* Not for the walk's child: a hypercall must not find there what a guest has written. */
static const struct err *buffer(struct xen *x, size_t len_bytes, void *ret)
{
	void *at = xencall_alloc_buffer_pages(x->call, PAGES(len_bytes));

	if (!at || madvise(at, PAGES(len_bytes) * XC_PAGE_SIZE, MADV_DONTFORK) != 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "hypercall buffer");
	memcpy(ret, &at, sizeof(at));
	return NULL;
}

static const struct err *open_call(struct xen *x)
{
	x->call = xencall_open(xen_quiet(), XENCALL_OPENFLAG_NON_REENTRANT);
	if (!x->call)
		return xen_no_privcmd();
	TRY(buffer(x, sizeof(*x->arg), &x->arg));
	TRY(buffer(x, IN_BYTES, &x->in));
	return buffer(x, OUT_BYTES, &x->out);
}

static void close_call(struct xen *x)
{
	if (!x->call)
		return;
	xencall_free_buffer_pages(x->call, x->arg, PAGES(sizeof(*x->arg)));
	xencall_free_buffer_pages(x->call, x->in, PAGES(IN_BYTES));
	xencall_free_buffer_pages(x->call, x->out, PAGES(OUT_BYTES));
	xencall_close(x->call);
}

static const struct err *open_session(struct xen *x, const uint8_t *request, uint8_t *reply)
{
	struct buf_writer w = buf_writer_over(x->in, IN_BYTES);
	uint32_t count, len_bytes;

	TRY(vmm_request_encode_open(request, &w));
	TRY(carry_out(x, w.used_bytes, &count, &len_bytes));
	if (len_bytes != WIRE_OPEN_REPLY_BYTES)
		return ERR(ERR_PROTO, "Xen answers OPEN with %u bytes", len_bytes);
	memcpy(reply, x->out, WIRE_OPEN_REPLY_BYTES);
	x->session = vmm_request_session(reply);
	x->has_session = true;
	return NULL;
}

static void end_session(struct xen *x)
{
	struct backend_request request = {.op = RTVMM_OP_CLOSE};
	struct records none = {0};

	if (x->has_session)
		IGNORE(ask(&x->backend, &request, &none)); /* it may be gone already */
	records_deinit(&none);
}

static void xen_close(struct backend *b)
{
	struct xen *x = (struct xen *)b;

	end_session(x);
	close_call(x);
	free(x);
}

static const struct err *start(struct xen *x, const struct vm_config *vm, const uint8_t *request,
			       uint8_t *reply)
{
	TRY(xen_find_domain(vm, &x->domid));
	TRY(open_call(x));
	TRY(open_session(x, request, reply));
	return describe_memory(x);
}

static const struct err *xen_open(const struct vm_config *vm, const uint8_t *request,
				  uint8_t *reply, struct backend **ret)
{
	struct xen *x = calloc(1, sizeof(*x));

	if (!x)
		return ERR_ERRNO(ERR_SYSTEM, errno, "backend");
	x->backend.ops = &backend_xen;
	const struct err *e = start(x, vm, request, reply);
	if (e) {
		xen_close(&x->backend);
		return e;
	}
	*ret = &x->backend;
	return NULL;
}

/* --- how this Xen was started -------------------------------------------------------------------
 */

static const struct err *no_log(int error)
{
	if (error == ENOENT)
		return ERR(ERR_PEER, "this Xen was not measured when it started: see vmm/launch");
	if (error == ENOBUFS)
		return ERR(ERR_PEER, "Xen's event log is longer than any that is sent");
	return ERR(ERR_PEER, "Xen gives no event log (error %d): this is not dom0, or not our Xen",
		   error);
}

static const struct err *fetch_log(struct xen *x, uint8_t *ret, size_t size_bytes,
				   size_t *ret_len_bytes)
{
	struct xen_remotetrans_log *log = (void *)x->arg;
	uint32_t room = (uint32_t)(size_bytes < OUT_BYTES ? size_bytes : OUT_BYTES);

	*log = (struct xen_remotetrans_log){
		.interface_version = XEN_REMOTETRANS_INTERFACE_VERSION,
		.bytes = room,
	};
	set_xen_guest_handle_raw(log->out, x->out);
	if (xencall2(x->call, HYPERCALL_REMOTETRANS, XEN_REMOTETRANS_event_log,
		     (uint64_t)(uintptr_t)log) < 0)
		return no_log(errno);
	if (log->bytes > room)
		return ERR(ERR_PROTO, "Xen announces %u bytes of event log", log->bytes);
	memcpy(ret, x->out, log->bytes);
	*ret_len_bytes = log->bytes;
	return NULL;
}

const struct err *backend_xen_event_log(uint8_t *ret, size_t size_bytes, size_t *ret_len_bytes)
{
	struct xen x = {.call = NULL};
	const struct err *e = open_call(&x);

	if (!e)
		e = fetch_log(&x, ret, size_bytes, ret_len_bytes);
	close_call(&x);
	return e;
}

/* What the libraries do (tools/libs/{call,foreignmemory,ctrl,store} of Xen 4.17): they open devices
 * for reading and writing, make hypercalls from memory of /dev/xen/hypercall, and map frames. */
static const struct confine_rule calls[] = {
	CONFINE_CALL_IF(openat, CONFINE_BITS(2, O_ACCMODE | O_CREAT | O_TRUNC, O_RDWR)),
	CONFINE_CALL_IF(ioctl, CONFINE_IS(1, IOCTL_PRIVCMD_HYPERCALL)),
	CONFINE_CALL_IF(ioctl, CONFINE_IS(1, IOCTL_PRIVCMD_MMAPBATCH_V2)),
	CONFINE_CALL_IF(ioctl, CONFINE_IS(1, IOCTL_PRIVCMD_RESTRICT)),
	CONFINE_CALL_IF(mmap, CONFINE_IS(2, PROT_READ | PROT_WRITE), CONFINE_IS(3, MAP_SHARED)),
};

static const char *const devices[] = {
	"/dev/xen/privcmd",  "/dev/xen/hypercall", "/dev/xen/xenbus",
	"/proc/xen/privcmd", "/proc/xen/xenbus",   NULL,
};

static const struct backend_needs needs = {
	.calls = calls,
	.call_count = sizeof(calls) / sizeof(calls[0]),
	.devices = devices,
};

const struct backend_ops backend_xen = {
	.name = "xen",
	.is_tagged = true,
	.needs = &needs,
	.open = xen_open,
	.ask = ask,
	.memory = xen_memory,
	.close = xen_close,
};
