/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clock sources by name. Input: attacker-controlled, but for the registers. */
#include "transcall/kobj/clocksource.h"

#include <string.h>

#define NAME_BYTES        32
#define KVM_MSR_ENABLED   UINT64_C(1) /* KVM_MSR_ENABLED, Documentation/virt/kvm/msr.rst */
#define PVCLOCK_SHIFT_MAX 63
#define ACPI_PM_MASK      0xffffffu /* ACPI_PM_MASK, include/linux/acpi_pmtmr.h */

typedef const struct err *read_fn(const struct kernel *k, const struct vcpu *v, unsigned cpu,
				  uint64_t *ret, bool *ret_known);

static const struct err *read_tsc(const struct kernel *k, const struct vcpu *v, unsigned cpu,
				  uint64_t *ret, bool *ret_known)
{
	(void)k, (void)cpu;
	*ret_known = v->has_tsc;
	*ret = v->tsc;
	return NULL;
}

static const struct err *read_hpet(const struct kernel *k, const struct vcpu *v, unsigned cpu,
				   uint64_t *ret, bool *ret_known)
{
	(void)k, (void)cpu;
	*ret_known = v->has_hpet;
	*ret = (uint32_t)v->hpet_counter; /* HPET_MASK */
	return NULL;
}

static const struct err *read_acpi_pm(const struct kernel *k, const struct vcpu *v, unsigned cpu,
				      uint64_t *ret, bool *ret_known)
{
	(void)k, (void)cpu;
	*ret_known = v->has_acpi_pm;
	*ret = v->acpi_pm_timer & ACPI_PM_MASK;
	return NULL;
}

/* __pvclock_read_cycles(): system time at a TSC value, and how TSC cycles scale to ns. */
static const struct err *read_pvclock(const struct kernel *k, gva_t at, uint64_t tsc, uint64_t *ret)
{
	uint64_t stamp, system_time, mul;
	int64_t shift;

	TRY(kfield_uint(k, at, F_pvclock_vcpu_time_info_tsc_timestamp, &stamp));
	TRY(kfield_uint(k, at, F_pvclock_vcpu_time_info_system_time, &system_time));
	TRY(kfield_uint(k, at, F_pvclock_vcpu_time_info_mul, &mul));
	TRY(kfield_int(k, at, F_pvclock_vcpu_time_info_shift, &shift));
	if (shift > PVCLOCK_SHIFT_MAX || shift < -PVCLOCK_SHIFT_MAX)
		return ERR_AT(ERR_FAULT, at.v, "a paravirtual clock shifts by %lld",
			      (long long)shift);
	/* memory may be younger than the registers */
	uint64_t delta = tsc > stamp ? tsc - stamp : 0;
	delta = shift < 0 ? delta >> -shift : delta << shift;
	__extension__ unsigned __int128 ns = (unsigned __int128)delta * mul >> 32;
	*ret = system_time + (uint64_t)ns;
	return NULL;
}

static const struct err *read_kvm_clock(const struct kernel *k, const struct vcpu *v, unsigned cpu,
					uint64_t *ret, bool *ret_known)
{
	(void)cpu;
	*ret_known = v->has_tsc && v->kvm_system_time_msr & KVM_MSR_ENABLED;
	if (!*ret_known)
		return NULL;
	gpa_t at = gpa(v->kvm_system_time_msr & ~KVM_MSR_ENABLED);
	return read_pvclock(k, kernel_direct(k, at), v->tsc, ret);
}

/* Each CPU's xen_vcpu points at its struct vcpu_info. */
static const struct err *read_xen(const struct kernel *k, const struct vcpu *v, unsigned cpu,
				  uint64_t *ret, bool *ret_known)
{
	gva_t slot = kernel_percpu(k, S_xen_vcpu, cpu), info;

	*ret_known = v->has_tsc && !gva_is_null(slot);
	if (!*ret_known)
		return NULL;
	TRY(kread_ptr(k, slot, &info));
	return read_pvclock(k, kfield_at(k, info, F_vcpu_info_time), v->tsc, ret);
}

/* include/linux/jiffies.h; a counter in memory: as current as the last tick. */
static const struct err *read_jiffies(const struct kernel *k, const struct vcpu *v, unsigned cpu,
				      uint64_t *ret, bool *ret_known)
{
	(void)v, (void)cpu;
	*ret_known = true;
	return kread_u64(k, kernel_symbol(k, S_jiffies_64), ret);
}

/* struct clocksource.name in arch/x86 and drivers/clocksource */
static const struct {
	const char *name;
	read_fn *read;
} sources[] = {
	{"tsc", read_tsc},
	{"tsc-early", read_tsc},
	{"kvm-clock", read_kvm_clock},
	{"xen", read_xen},
	{"hpet", read_hpet},
	{"acpi_pm", read_acpi_pm},
	{"jiffies", read_jiffies},
	{"refined-jiffies", read_jiffies},
};

static unsigned first_online(const struct kernel *k)
{
	for (unsigned i = 0; i < k->vcpu_count; i++)
		if (k->vcpus[i].online)
			return i;
	return 0;
}

const struct err *clocksource_read(const struct kernel *k, gva_t at, uint64_t *ret, bool *ret_known)
{
	unsigned cpu = first_online(k);
	char name[NAME_BYTES];
	gva_t text;

	*ret_known = false;
	TRY(kfield_ptr(k, at, F_clocksource_name, &text));
	TRY(kread_str(k, text, name, sizeof(name)));
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		if (strcmp(name, sources[i].name) == 0)
			return sources[i].read(k, &k->vcpus[cpu], cpu, ret, ret_known);
	return NULL;
}
