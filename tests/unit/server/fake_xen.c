/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Xen's libraries, made up. */
#ifdef RT_HAVE_XEN
#include <xenctrl.h>

#include <xencall.h>
#include <xenforeignmemory.h>
#include <xenstore.h>
#include <xentoollog.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/lib/unit.h"
#include "tests/unit/server/fake_xen.h"
#include "vmm/xen/include/public/remotetrans.h"

#define DOMAINS 100

struct fake_xen xen;

/* --- libxenctrl, libxentoollog -----------------------------------------------------------------
 */

xc_interface *xc_interface_open(xentoollog_logger *logger, xentoollog_logger *builder,
				unsigned flags)
{
	(void)logger, (void)builder, (void)flags;
	errno = xen.open_error;
	xen.handles += !xen.open_error;
	return xen.open_error ? NULL : (xc_interface *)&xen;
}

int xc_interface_close(xc_interface *xc)
{
	(void)xc;
	xen.handles--;
	return 0;
}

/* Domains 0 to 99 without 50 to 54. */
int xc_domain_getinfolist(xc_interface *xc, uint32_t first, unsigned int max, xc_domaininfo_t *info)
{
	int n = 0;

	(void)xc;
	errno = xen.list_error;
	if (xen.list_error)
		return -1;
	for (uint32_t id = first; id < DOMAINS && n < (int)max; id++) {
		if ((id >= 50 && id < 55) || (id == GUEST && xen.guest_hidden))
			continue;
		info[n] = (xc_domaininfo_t){.domain = (domid_t)id};
		if (id == GUEST || id == DYING || id == 99)
			memcpy(info[n].handle, xen.vmm->vm.uuid, RTVMM_ID_BYTES);
		if (id == DYING)
			info[n].flags = XEN_DOMINF_dying;
		if (id == 99)
			info[n].handle[0] = 'U';
		n++;
	}
	return n;
}

int xc_domain_set_target(xc_interface *xc, uint32_t domid, uint32_t target)
{
	(void)xc;
	errno = EPERM;
	return domid == 3 && target == GUEST ? 0 : -1;
}

xentoollog_logger_stdiostream *xtl_createlogger_stdiostream(FILE *f, xentoollog_level min,
							    unsigned flags)
{
	(void)f, (void)min, (void)flags;
	return (xentoollog_logger_stdiostream *)&xen;
}

/* --- libxenstore --------------------------------------------------------------------------------
 */

struct xs_handle *xs_open(unsigned long flags)
{
	(void)flags;
	errno = ENOENT;
	xen.handles += !xen.store_denied;
	return xen.store_denied ? NULL : (struct xs_handle *)&xen;
}

void xs_close(struct xs_handle *h)
{
	(void)h;
	xen.handles--;
}

char **xs_directory(struct xs_handle *h, xs_transaction_t t, const char *path, unsigned int *num)
{
	static char names[3][4] = {"0", "9", "7"};
	char **ret = calloc(3, sizeof(*ret));

	(void)h, (void)t;
	CU_ASSERT_STRING_EQUAL(path, "/local/domain");
	for (unsigned i = 0; i < 3; i++)
		ret[i] = names[i];
	*num = 3;
	return ret;
}

/* Domain 9 has just gone. */
void *xs_read(struct xs_handle *h, xs_transaction_t t, const char *path, unsigned int *len)
{
	(void)h, (void)t, (void)len;
	errno = xen.store_error ? xen.store_error : ENOENT;
	if (strcmp(path, "/local/domain/0/name") == 0)
		return strdup("Domain-0");
	return strcmp(path, "/local/domain/7/name") == 0 ? strdup("web1") : NULL;
}

/* --- libxencall ---------------------------------------------------------------------------------
 */

xencall_handle *xencall_open(xentoollog_logger *logger, unsigned flags)
{
	(void)logger, (void)flags;
	xen.handles++;
	return (xencall_handle *)&xen;
}

int xencall_close(xencall_handle *call)
{
	(void)call;
	xen.handles--;
	return 0;
}

void *xencall_alloc_buffer_pages(xencall_handle *call, size_t pages)
{
	void *at = mmap(NULL, pages * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			0);

	(void)call;
	xen.buffers++;
	return at == MAP_FAILED ? NULL : at;
}

void xencall_free_buffer_pages(xencall_handle *call, void *at, size_t pages)
{
	(void)call;
	if (!at)
		return;
	xen.buffers--;
	munmap(at, pages * 4096);
}

static int carry_out(struct xen_remotetrans *arg)
{
	const struct rtvmm_request *r = (const struct rtvmm_request *)arg->in.p;
	int status;

	CU_ASSERT_EQUAL(arg->interface_version, XEN_REMOTETRANS_INTERFACE_VERSION);
	CU_ASSERT_TRUE(!arg->pad && !arg->done && !arg->written);
	CU_ASSERT_EQUAL(arg->domid, GUEST);
	status = fake_request(xen.vmm, r, r + 1, arg->in_bytes - sizeof(*r), &arg->done);
	if (status || xen.vmm->out_bytes > arg->out_bytes)
		return status ? status : -ENOBUFS;
	memcpy(arg->out.p, xen.vmm->out, xen.vmm->out_bytes);
	arg->written = (uint32_t)xen.vmm->out_bytes;
	if (xen.spoil)
		xen.spoil(arg, arg->out.p);
	return 0;
}

static int hand_out_log(struct xen_remotetrans_log *arg)
{
	uint32_t room = arg->bytes;

	CU_ASSERT_EQUAL(arg->interface_version, XEN_REMOTETRANS_INTERFACE_VERSION);
	if (!xen.log_bytes)
		return -ENOENT;
	arg->bytes = xen.log_bytes;
	if (room < xen.log_bytes)
		return -ENOBUFS;
	for (uint32_t i = 0; i < xen.log_bytes; i++)
		arg->out.p[i] = (uint8_t)i;
	return 0;
}

int xencall2(xencall_handle *call, unsigned int op, uint64_t command, uint64_t arg)
{
	(void)call;
	xen.calls++;
	CU_ASSERT_EQUAL(op, 43);
	if (command == XEN_REMOTETRANS_event_log) {
		errno = -hand_out_log((struct xen_remotetrans_log *)(uintptr_t)arg);
		return errno ? -1 : 0;
	}
	CU_ASSERT_EQUAL(command, XEN_REMOTETRANS_request);
	errno = xen.call_error ? xen.call_error
			       : -carry_out((struct xen_remotetrans *)(uintptr_t)arg);
	return errno ? -1 : 0;
}

/* --- libxenforeignmemory ------------------------------------------------------------------------
 */

xenforeignmemory_handle *xenforeignmemory_open(xentoollog_logger *logger, unsigned flags)
{
	(void)logger, (void)flags;
	return (xenforeignmemory_handle *)&xen;
}

int xenforeignmemory_restrict(xenforeignmemory_handle *h, domid_t domid)
{
	(void)h;
	xen.limited_to = domid;
	errno = xen.restrict_error;
	return xen.restrict_error ? -1 : 0;
}

void *xenforeignmemory_map(xenforeignmemory_handle *h, uint32_t dom, int prot, size_t pages,
			   const xen_pfn_t frames[], int err[])
{
	(void)h;
	CU_ASSERT_TRUE(dom == GUEST && prot == PROT_READ);
	if (xen.map_fails)
		return NULL;
	for (size_t i = 0; i < pages; i++)
		err[i] = frames[i] < FAKE_FRAMES ? 0 : -EINVAL;
	xen.mapped++;
	return mmap(NULL, pages * 4096, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

int xenforeignmemory_unmap(xenforeignmemory_handle *h, void *at, size_t pages)
{
	(void)h;
	xen.mapped--;
	return munmap(at, pages * 4096);
}
#endif
