// SPDX-License-Identifier: GPL-2.0-or-later
/* Tries what would let this domain into another one, or into the hypervisor, and says how each attempt ended.
 *
 *   attempts DOMID FRAME [NAME...]      FRAME: a machine frame of a PV domain, else a guest frame; '-' to look it up
 *   attempts --list
 *
 * One line an attempt on standard output: NAME allowed|refused ERRNO. All attempts, or those named. What is allowed
 * leaves the domain as it was, as far as Xen lets it be undone. Static; needs only /dev/xen/privcmd.
 * What libxenctrl has to say about it goes to standard error. Exit status 2: could not try. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define __XEN_TOOLS__ 1
#include <xenctrl.h>
#include <xen/domctl.h>
#include <xen/grant_table.h>
#include <xen/memory.h>
#include <xencall.h>
#include <xenforeignmemory.h>

struct place {
	xc_interface *xc;
	xencall_handle *call;
	xenforeignmemory_handle *memory;
	uint32_t domid;
	xen_pfn_t frame;
};

/* Every attempt: 0 when it was allowed, else -1 with errno. */
typedef int attempt_fn(const struct place *at);

/* ---- memory ---- */

static int map(const struct place *at, uint32_t domid, xen_pfn_t frame, int prot)
{
	int error = 0;
	void *page = xenforeignmemory_map(at->memory, domid, prot, 1, &frame, &error);

	if (page)
		xenforeignmemory_unmap(at->memory, page, 1);
	if (page && !error)
		return 0;
	errno = error ? abs(error) : errno;
	return -1;
}

static int map_read(const struct place *at) { return map(at, at->domid, at->frame, PROT_READ); }
static int map_write(const struct place *at) { return map(at, at->domid, at->frame, PROT_READ | PROT_WRITE); }

/* The code that CPUs start in: somewhere in the first megabyte, I/O memory to dom0. Refused: some frame of it is. */
static int map_low_code(const struct place *at)
{
	for (xen_pfn_t frame = 0; frame < 0xa0; frame++)
		if (map(at, DOMID_IO, frame, PROT_READ | PROT_WRITE))
			return -1;
	return 0;
}

/* Entries in a guest's grant table would hand out any page of it. */
static int map_grant_table(const struct place *at)
{
	void *table = NULL;
	xenforeignmemory_resource_handle *handle = xenforeignmemory_map_resource(at->memory, (domid_t)at->domid,
		XENMEM_resource_grant_table, XENMEM_resource_grant_table_id_shared, 0, 1, &table,
		PROT_READ | PROT_WRITE, 0);

	return handle ? xenforeignmemory_unmap_resource(at->memory, handle) : -1;
}

static int grant_setup(const struct place *at)
{
	unsigned long frame = 0;
	struct gnttab_setup_table setup = { .dom = (domid_t)at->domid, .nr_frames = 1 };

	set_xen_guest_handle_raw(setup.frame_list, (void *)&frame);
	if (xc_gnttab_op(at->xc, GNTTABOP_setup_table, &setup, sizeof(setup), 1))
		return -1;
	errno = setup.status == GNTST_permission_denied ? EPERM : EFAULT;
	/* the list is not bounced: a fault says that permission had been given */
	return setup.status == GNTST_permission_denied ? -1 : 0;
}

/* One page more, and away again where its frame is known: whoever may do that may also take the guest's own. */
static int adjust(const struct place *at)
{
	xen_pfn_t frame = ~0UL;

	errno = EPERM;
	if (xc_domain_increase_reservation(at->xc, at->domid, 1, 0, 0, &frame) != 1)
		return -1;
	if (frame != ~0UL)
		xc_domain_decrease_reservation(at->xc, at->domid, 1, 0, &frame);
	return 0;
}

static int add_page(const struct place *at)
{
	return xc_domain_add_to_physmap(at->xc, at->domid, XENMAPSPACE_grant_table, 0, 0xffffff);
}

static int log_dirty(const struct place *at)
{
	if (xc_shadow_control(at->xc, at->domid, XEN_DOMCTL_SHADOW_OP_ENABLE_LOGDIRTY, NULL, 0))
		return -1;
	return xc_shadow_control(at->xc, at->domid, XEN_DOMCTL_SHADOW_OP_OFF, NULL, 0);
}

/* ---- registers ---- */

static bool is_hvm(const struct place *at)
{
	xc_dominfo_t info;

	return xc_domain_getinfo(at->xc, at->domid, 1, &info) == 1 && info.domid == at->domid && info.hvm;
}

static int vcpu_get(const struct place *at)
{
	vcpu_guest_context_any_t context;

	return xc_vcpu_getcontext(at->xc, at->domid, 0, &context);
}

/* What was read is written back; where it may not be read, zeros: Xen must refuse before it looks at them. */
static int vcpu_set(const struct place *at)
{
	static vcpu_guest_context_any_t context;
	int result;

	if (xc_domain_pause(at->xc, at->domid))
		return -1;
	if (xc_vcpu_getcontext(at->xc, at->domid, 0, &context))
		memset(&context, 0, sizeof(context));
	result = xc_vcpu_setcontext(at->xc, at->domid, 0, &context);
	int error = errno;
	xc_domain_unpause(at->xc, at->domid);
	errno = error;
	return result;
}

static int hvm_get(const struct place *at)
{
	return xc_domain_hvm_getcontext(at->xc, at->domid, NULL, 0) < 0 ? -1 : 0;
}

static int hvm_set(const struct place *at)
{
	uint8_t context[8] = { 0 };

	if (!xc_domain_hvm_setcontext(at->xc, at->domid, context, sizeof(context)))
		return 0;
	return errno == EPERM || errno == EACCES ? -1 : is_hvm(at) ? 0 : -1;
}

/* ---- watching and debugging ---- */

/* domctl - one that libxenctrl has no function for */
static int domctl(const struct place *at, struct xen_domctl *op)
{
	struct xen_domctl *buffer = xencall_alloc_buffer(at->call, sizeof(*buffer));
	int result;

	if (!buffer)
		return -1;
	op->interface_version = XEN_DOMCTL_INTERFACE_VERSION;
	op->domain = (domid_t)at->domid;
	*buffer = *op;
	result = xencall1(at->call, __HYPERVISOR_domctl, (uintptr_t)buffer);
	int error = errno;
	xencall_free_buffer(at->call, buffer);
	errno = error;
	return result;
}

static int page_info(const struct place *at)
{
	return domctl(at, &(struct xen_domctl){ .cmd = XEN_DOMCTL_getpageframeinfo3 });
}

static int gdbsx_memory(const struct place *at)
{
	return domctl(at, &(struct xen_domctl){ .cmd = XEN_DOMCTL_gdbsx_guestmemio });
}

static int gdbsx_status(const struct place *at)
{
	return domctl(at, &(struct xen_domctl){ .cmd = XEN_DOMCTL_gdbsx_domstatus });
}

static int debugging(const struct place *at)
{
	return xc_domain_setdebugging(at->xc, at->domid, 0);
}

static int single_step(const struct place *at)
{
	return xc_domain_debug_control(at->xc, at->domid, XEN_DOMCTL_DEBUG_OP_SINGLE_STEP_OFF, 0);
}

static int vm_event(const struct place *at)
{
	uint32_t port;
	void *ring = xc_monitor_enable(at->xc, at->domid, &port);

	if (!ring)
		return -1;
	munmap(ring, XC_PAGE_SIZE);
	return xc_monitor_disable(at->xc, at->domid);
}

static int monitor(const struct place *at)
{
	return domctl(at, &(struct xen_domctl){ .cmd = XEN_DOMCTL_monitor_op,
		.u.monitor_op.op = XEN_DOMCTL_MONITOR_OP_GET_CAPABILITIES });
}

static int mem_access(const struct place *at)
{
	return xc_set_mem_access(at->xc, at->domid, XENMEM_access_rwx, at->frame, 1);
}

static int altp2m(const struct place *at)
{
	return xc_altp2m_set_domain_state(at->xc, at->domid, true);
}

static int mem_paging(const struct place *at)
{
	uint32_t port;

	return xc_mem_paging_enable(at->xc, at->domid, &port);
}

static int mem_sharing(const struct place *at) { return xc_memshr_control(at->xc, at->domid, 1); }

static int trace(const struct place *at)
{
	return domctl(at, &(struct xen_domctl){ .cmd = XEN_DOMCTL_vmtrace_op,
		.u.vmtrace_op.cmd = XEN_DOMCTL_vmtrace_disable });
}

/* ---- what it is ---- */

static int relabel(const struct place *at)
{
	char label[] = "system_u:system_r:domU_t";
	uint32_t sid;

	if (xc_flask_context_to_sid(at->xc, label, (uint32_t)strlen(label), &sid))
		return -1;
	return xc_flask_relabel_domain(at->xc, at->domid, sid);
}

static int handle(const struct place *at)
{
	xc_dominfo_t info;

	if (xc_domain_getinfo(at->xc, at->domid, 1, &info) != 1 || info.domid != at->domid)
		return -1;
	return xc_domain_sethandle(at->xc, at->domid, info.handle);
}

static int soft_reset(const struct place *at)
{
	/* refused by type unless it is a domain that asked for it, but permission is asked before */
	return !xc_domain_soft_reset(at->xc, at->domid) || errno == EINVAL ? 0 : -1;
}

static int iomem(const struct place *at)
{
	if (xc_domain_iomem_permission(at->xc, at->domid, 0xb8, 1, 1))
		return -1;
	return xc_domain_iomem_permission(at->xc, at->domid, 0xb8, 1, 0);
}

static int device(const struct place *at)
{
	return !xc_assign_device(at->xc, at->domid, 0x00f8, 0) || errno == ENODEV || errno == ENOSYS ? 0 : -1;
}

/* ---- the hypervisor; the domain does not matter ---- */

static int load_policy(const struct place *at)
{
	char policy[16] = { 0 };

	return xc_flask_load(at->xc, policy, sizeof(policy));
}

static int setenforce(const struct place *at) { return xc_flask_setenforce(at->xc, 0); }

static int setbool(const struct place *at)
{
	char name[] = "guest_writeconsole";

	return xc_flask_setbool(at->xc, name, 1, 1);
}

static int kexec(const struct place *at) { return xc_kexec_load(at->xc, 0, 62 /* EM_X86_64 */, 0, 0, NULL); }

static int livepatch(const struct place *at)
{
	char name[] = "attempt";
	unsigned char payload[16] = { 0 };

	return xc_livepatch_upload(at->xc, name, payload, sizeof(payload));
}

static int microcode(const struct place *at)
{
	char blob[16] = { 0 };

	return xc_microcode_update(at->xc, blob, sizeof(blob));
}

static int debug_keys(const struct place *at) { return xc_send_debug_keys(at->xc, "h"); }
static int trace_buffers(const struct place *at) { return xc_tbuf_set_size(at->xc, 1); }
static int cpu_online(const struct place *at) { return xc_cpu_online(at->xc, 0); }

static const struct attempt {
	const char *name;
	attempt_fn *try;
} attempts[] = {
	{ "map-read", map_read }, { "map-write", map_write }, { "map-grant-table", map_grant_table },
	{ "grant-setup", grant_setup }, { "page-info", page_info }, { "adjust", adjust },
	{ "add-page", add_page }, { "log-dirty", log_dirty }, { "vcpu-get", vcpu_get }, { "vcpu-set", vcpu_set },
	{ "hvm-get", hvm_get }, { "hvm-set", hvm_set }, { "gdbsx-memory", gdbsx_memory },
	{ "gdbsx-status", gdbsx_status }, { "debugging", debugging }, { "single-step", single_step },
	{ "vm-event", vm_event }, { "monitor", monitor }, { "mem-access", mem_access }, { "altp2m", altp2m },
	{ "mem-paging", mem_paging }, { "mem-sharing", mem_sharing }, { "vmtrace", trace }, { "relabel", relabel },
	{ "handle", handle }, { "soft-reset", soft_reset }, { "iomem", iomem }, { "device", device },
	{ "load-policy", load_policy }, { "setenforce", setenforce }, { "setbool", setbool }, { "kexec", kexec },
	{ "livepatch", livepatch }, { "microcode", microcode }, { "debug-keys", debug_keys },
	{ "trace-buffers", trace_buffers }, { "cpu-online", cpu_online }, { "map-low-code", map_low_code },
};

#define ATTEMPTS (sizeof(attempts) / sizeof(*attempts))

static void make(const struct attempt *attempt, const struct place *at)
{
	errno = 0;
	if (!attempt->try(at))
		printf("%s allowed\n", attempt->name);
	else
		printf("%s refused %s\n", attempt->name, strerrorname_np(errno) ?: "?");
	fflush(stdout);
}

static bool named(const char *name, char *const names[])
{
	if (!*names)
		return true;
	for (; *names; names++)
		if (!strcmp(name, *names))
			return true;
	return false;
}

/* A PV domain's shared info page is a machine frame of its own; any other domain has RAM from frame 256 on. */
static xen_pfn_t some_frame(const struct place *at)
{
	xc_dominfo_t info;

	if (xc_domain_getinfo(at->xc, at->domid, 1, &info) != 1 || info.domid != at->domid || info.hvm)
		return 0x100;
	return info.shared_info_frame;
}

int main(int argc, char *argv[])
{
	struct place at = { 0 };

	if (argc == 2 && !strcmp(argv[1], "--list")) {
		for (size_t i = 0; i < ATTEMPTS; i++)
			puts(attempts[i].name);
		return 0;
	}
	if (argc < 3) {
		fprintf(stderr, "usage: attempts DOMID FRAME|- [NAME...]\n");
		return 2;
	}
	at.xc = xc_interface_open(NULL, NULL, 0);
	at.call = xencall_open(NULL, 0);
	at.memory = xenforeignmemory_open(NULL, 0);
	if (!at.xc || !at.call || !at.memory) {
		perror("attempts");
		return 2;
	}
	at.domid = (uint32_t)strtoul(argv[1], NULL, 0);
	at.frame = strcmp(argv[2], "-") ? strtoul(argv[2], NULL, 0) : some_frame(&at);
	for (size_t i = 0; i < ATTEMPTS; i++)
		if (named(attempts[i].name, argv + 3))
			make(&attempts[i], &at);
	return 0;
}
