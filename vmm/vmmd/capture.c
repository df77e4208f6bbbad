/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registers through xen-save-devices-state, which stock QEMU answers in about a millisecond. Input:
 * QEMU's device state, in part the guest's bytes.
 */
#include "vmm/vmmd/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define FDSET             7706 /* any number that no other user of this QEMU takes */
#define STATE_BYTES_MAX   (64u << 20)
#define HPET_COUNTER_AT   0xfed000f0 /* hw/timer/hpet.c */
#define ACPI_PM_HZ        3579545    /* ACPI specification, section 4.8.2.1 */
#define ACPI_PM_MASK      0xffffff   /* hw/acpi/core.c: 24 bits */
#define NS_PER_S          1000000000
#define MONITOR_TEXT_SIZE 256

__extension__ typedef unsigned __int128 uint128;

enum {
	CR0_PE = 1,
	HFLAGS_CPL = 3,
	/* linux/kvm.h */
	KVM_UNINITIALIZED = 1,
	KVM_INIT_RECEIVED = 2,
	KVM_HALTED = 3,
	KVM_SIPI_RECEIVED = 4,
};

static json_t *fdset(void)
{
	return json_pack("{s:i}", "fdset-id", FDSET);
}

/* Once: later, when QEMU has come back, vmmd may open no file for writing any more. */
static const struct err *make_file(struct host *h)
{
	char path[32];

	if (h->state_write_fd >= 0)
		return NULL;
	capture_deinit(h);
	h->state_fd = memfd_create("vmmd-device-state", MFD_CLOEXEC);
	if (h->state_fd < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "memfd_create");
	/* QEMU takes from the set only a descriptor that is for writing and nothing else */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", h->state_fd);
	h->state_write_fd = open(path, O_WRONLY | O_CLOEXEC);
	if (h->state_write_fd < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "%s: cannot reopen", path);
	return NULL;
}

const struct err *capture_open(struct host *h)
{
	TRY(make_file(h));
	/* a vmmd that was killed has left its own there; usually there is none, which is an error
	 */
	IGNORE(qmp_execute(&h->qmp, "remove-fd", fdset(), NULL));
	return qmp_execute_with_fd(&h->qmp, "add-fd", fdset(), h->state_write_fd, NULL);
}

void capture_close(struct host *h)
{
	if (qmp_is_open(&h->qmp) && h->state_fd >= 0)
		/* QEMU may have no such set when opening failed half-way */
		IGNORE(qmp_execute(&h->qmp, "remove-fd", fdset(), NULL));
}

void capture_deinit(struct host *h)
{
	scope_close(&h->state_fd);
	scope_close(&h->state_write_fd);
	h->state_fd = h->state_write_fd = -1;
}

static const struct err *parse_state(struct host *h)
{
	struct stat st;
	void *bytes;
	const struct err *e;

	if (fstat(h->state_fd, &st) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "fstat");
	if (st.st_size <= 0 || st.st_size > STATE_BYTES_MAX)
		return ERR(ERR_PROTO, "QEMU's device state has %lld bytes", (long long)st.st_size);
	bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, h->state_fd, 0);
	if (bytes == MAP_FAILED)
		return ERR_ERRNO(ERR_SYSTEM, errno, "mmap");
	e = vmstate_parse(bytes, (size_t)st.st_size, h->facts.vcpus, &h->state);
	munmap(bytes, (size_t)st.st_size);
	return e;
}

/* QEMU writes on from the offset that it shares with us, so nothing else may be on its way. */
static const struct err *empty_file(struct host *h)
{
	struct qmp_sent last = h->state_sent;

	h->state_sent = h->hpet_sent = (struct qmp_sent){0};
	if (qmp_is_due(&h->qmp, last) && qmp_await(&h->qmp, last, NULL) && !qmp_is_open(&h->qmp))
		return ERR(ERR_PEER, "%s: QEMU has gone", h->qmp.path);
	if (lseek(h->state_write_fd, 0, SEEK_SET) < 0 || ftruncate(h->state_write_fd, 0) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot empty the device state");
	return NULL;
}

const struct err *capture_begin(struct host *h)
{
	char path[32], command[64];

	TRY(empty_file(h));
	snprintf(path, sizeof(path), "/dev/fdset/%d", FDSET);
	/* live=false: with a paused VM, true would take its disks away from it */
	TRY(qmp_send(&h->qmp, "xen-save-devices-state",
		     json_pack("{s:s, s:b}", "filename", path, "live", 0), &h->state_sent));
	if (!h->facts.hpet)
		return NULL;
	snprintf(command, sizeof(command), "xp /2wx %#x", HPET_COUNTER_AT);
	return qmp_send(&h->qmp, "human-monitor-command", qmp_monitor_arguments(command),
			&h->hpet_sent);
}

static const struct err *take_hpet(struct host *h, struct qmp_sent sent)
{
	AUTO_JSON json_t *result = NULL;
	char text[MONITOR_TEXT_SIZE];
	unsigned int low, high;

	h->hpet_counter = 0;
	if (!h->facts.hpet)
		return NULL;
	TRY(qmp_await(&h->qmp, sent, &result));
	TRY(qmp_monitor_text(result, text, sizeof(text)));
	if (sscanf(text, "%*x: 0x%x 0x%x", &low, &high) != 2)
		return ERR(ERR_SYSTEM, "QEMU's monitor does not show the HPET: '%.60s'", text);
	h->hpet_counter = (uint64_t)high << 32 | low;
	return NULL;
}

bool capture_is_coming(struct host *h)
{
	struct qmp_sent last = h->facts.hpet ? h->hpet_sent : h->state_sent;

	return qmp_is_due(&h->qmp, last) && !qmp_drain(&h->qmp) && !qmp_has_come(&h->qmp, last);
}

const struct err *capture_take(struct host *h)
{
	if (!qmp_is_due(&h->qmp, h->state_sent))
		TRY(capture_begin(h));
	struct qmp_sent state = h->state_sent, hpet = h->hpet_sent;

	h->state_sent = h->hpet_sent = (struct qmp_sent){0};
	TRY(qmp_await(&h->qmp, state, NULL));
	TRY(parse_state(h));
	return take_hpet(h, hpet);
}

static uint32_t flags_of(const struct host *h, const struct vmstate_cpu *c)
{
	uint32_t flags = RTVMM_VCPU_LSTAR | RTVMM_VCPU_KGS | RTVMM_VCPU_TSC | RTVMM_VCPU_ACPI_PM;
	bool offline = h->facts.kvm ? c->mp_state == KVM_UNINITIALIZED ||
					      c->mp_state == KVM_INIT_RECEIVED ||
					      c->mp_state == KVM_SIPI_RECEIVED
				    : c->halted && !(c->cr0 & CR0_PE);
	bool halted = h->facts.kvm ? c->mp_state == KVM_HALTED : c->halted != 0;

	return flags | (offline ? 0 : RTVMM_VCPU_ONLINE) | (halted ? RTVMM_VCPU_HALTED : 0) |
	       (h->facts.hpet ? RTVMM_VCPU_HPET : 0);
}

static void fill_clocks(const struct host *h, const struct vmstate_cpu *c, struct rtvmm_vcpu *ret)
{
	/* KVM keeps a TSC for each vCPU; under TCG all count from the same start */
	ret->tsc = h->facts.kvm ? c->tsc : h->state.ticks + c->tsc_offset;
	ret->tsc_khz = c->tsc_khz;
	ret->kvm_system_time_msr = c->kvm_system_time_msr;
	ret->kvm_wall_clock_msr = c->kvm_wall_clock_msr;
	ret->clock_ns = h->state.clock_ns;
	ret->hpet_counter = h->hpet_counter;
	ret->acpi_pm_timer =
		(uint32_t)((uint128)h->state.clock_ns * ACPI_PM_HZ / NS_PER_S & ACPI_PM_MASK);
}

void capture_vcpu(const struct host *h, uint32_t number, struct rtvmm_vcpu *ret)
{
	const struct vmstate_cpu *c = &h->state.cpu[number];

	ret->cr0 = c->cr0;
	ret->cr2 = c->cr2;
	ret->cr3 = c->cr3;
	ret->cr4 = c->cr4;
	ret->efer = c->efer;
	ret->idtr_base = c->idtr_base;
	ret->gdtr_base = c->gdtr_base;
	ret->idtr_limit = (uint32_t)c->idtr_limit;
	ret->gdtr_limit = (uint32_t)c->gdtr_limit;
	ret->fs_base = c->fs_base;
	ret->gs_base = c->gs_base;
	ret->kernel_gs_base = c->kernel_gs_base;
	ret->lstar = c->lstar;
	ret->rip = c->rip;
	ret->rsp = c->rsp;
	ret->rflags = c->rflags;
	ret->cpl = (uint32_t)(c->hflags & HFLAGS_CPL);
	ret->flags = flags_of(h, c);
	fill_clocks(h, c, ret);
}
