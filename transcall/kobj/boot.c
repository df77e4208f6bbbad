/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding the kernel in guest memory from tagged registers.
 * Input: attacker-controlled; whatever is found must carry the profile's banner.
 */
#include "transcall/kobj/kernel.h"

#include <string.h>

#define PTI_USER_BIT   (UINT64_C(1) << 12)             /* arch/x86/entry/calling.h */
#define START_KERNEL_MAP UINT64_C(0xffffffff80000000)  /* __START_KERNEL_map */
#define KERNEL_ALIGN   UINT64_C(0x200000)              /* CONFIG_PHYSICAL_ALIGN */
#define NSEC_PER_SEC   1000000000u

gva_t kernel_symbol(const struct kernel *k, enum symbol_id id)
{
	if (!k->profile->has_symbol[id])
		return gva(0);
	return gva(k->profile->symbols[id] + k->slide);
}

gva_t kernel_percpu(const struct kernel *k, enum symbol_id id, unsigned cpu)
{
	if (!k->profile->has_symbol[id] || cpu >= k->cpu_count)
		return gva(0);
	uint64_t symbol = k->profile->symbols[id];
	return gva(k->percpu_base[cpu] + (k->percpu_zero_based ? symbol : symbol + k->slide));
}

gva_t kernel_direct(const struct kernel *k, gpa_t at)
{
	return gva(k->page_offset.v + at.v);
}

gva_t kernel_page_of(const struct kernel *k, gfn_t frame)
{
	return gva(k->vmemmap.v + frame.v * k->profile->sizes[SIZE_page]);
}

gfn_t kernel_frame_of(const struct kernel *k, gva_t page)
{
	return gfn((page.v - k->vmemmap.v) / k->profile->sizes[SIZE_page]);
}

/* The handler address in gate 0 of the IDT (SDM volume 3, figure 6-8). */
static const struct err *idt_handler(const struct kernel *k, uint64_t idtr_base, uint64_t *ret)
{
	uint64_t low, high;

	TRY(kread_u64(k, gva(idtr_base), &low));
	TRY(kread_u64(k, gva(idtr_base + 8), &high));
	*ret = (low & 0xffff) | (low >> 32 & 0xffff0000) | high << 32;
	return NULL;
}

static const struct err *banner_read(const struct kernel *k, char *ret, size_t size_bytes)
{
	TRY(kread_str(k, kernel_symbol(k, S_linux_banner), ret, size_bytes));
	ret[strcspn(ret, "\n")] = 0;
	return NULL;
}

static bool unreadable(const struct err *e)
{
	return e->kind == ERR_FAULT || e->kind == ERR_ABSENT;
}

/* Is the kernel of the profile mapped at @slide under k->space? */
static const struct err *try_slide(struct kernel *k, uint64_t slide, bool *ret)
{
	char banner[sizeof(k->profile->banner)];

	*ret = false;
	k->slide = slide;
	if (slide % KERNEL_ALIGN)
		return NULL;
	const struct err *e = banner_read(k, banner, sizeof(banner));
	if (e)
		return unreadable(e) ? NULL : e;
	*ret = strcmp(banner, k->profile->banner) == 0;
	return NULL;
}

static const struct err *try_root(struct kernel *k, const struct vcpu *v, uint64_t cr3, bool *ret)
{
	const struct profile *p = k->profile;
	uint64_t handler;

	k->space.root = gpa(cr3);
	*ret = false;
	if (vcpu_is_pv(v))
		return try_slide(k, v->syscall_callback - p->symbols[S_xen_entry_SYSCALL_64], ret);
	if (v->has_lstar)
		TRY(try_slide(k, v->lstar - p->symbols[S_entry_SYSCALL_64], ret));
	if (*ret)
		return NULL;
	const struct err *e = idt_handler(k, v->idtr_base, &handler);
	if (e)
		return unreadable(e) ? NULL : e;
	return try_slide(k, handler - p->symbols[S_asm_exc_divide_error], ret);
}

static const struct err *not_found(const struct kernel *k)
{
	if (k->is_pv && !k->profile->has_symbol[S_xen_entry_SYSCALL_64])
		return ERR(ERR_PROFILE,
			   "the guest is a Xen PV one, which the profile of kernel %s has nothing about: "
			   "build it anew (remotetrans profile build)",
			   k->profile->release);
	return ERR(ERR_PROFILE,
		   "the guest does not run kernel %s (build-id %s): take the profile of the kernel "
		   "it runs (remotetrans profile build)",
		   k->profile->release, k->profile->build_id);
}

static const struct err *find_base(struct kernel *k)
{
	bool found = false;

	for (unsigned i = 0; i < k->vcpu_count && !found; i++) {
		const struct vcpu *v = &k->vcpus[i];

		if (!v->online)
			continue;
		k->is_pv = vcpu_is_pv(v);
		TRY(try_root(k, v, v->cr3, &found));
		if (!found && v->cr3 & PTI_USER_BIT && !k->is_pv)
			TRY(try_root(k, v, v->cr3 & ~PTI_USER_BIT, &found));
	}
	return found ? NULL : not_found(k);
}

static const struct err *symbol_u64(const struct kernel *k, enum symbol_id id, uint64_t *ret)
{
	gva_t at = kernel_symbol(k, id);

	if (gva_is_null(at))
		return ERR(ERR_PROFILE, "profile of %s lacks symbol number %d", k->profile->release,
			   id);
	return kread_u64(k, at, ret);
}

/* The jiffies clock source counts ticks: mult >> shift nanoseconds each (kernel/time/jiffies.c). */
static const struct err *find_hz(struct kernel *k)
{
	gva_t jiffies = kernel_symbol(k, S_clocksource_jiffies);
	uint64_t mult, shift;

	TRY(kfield_uint(k, jiffies, F_clocksource_mult, &mult));
	TRY(kfield_uint(k, jiffies, F_clocksource_shift, &shift));
	uint64_t tick_ns = shift < 32 ? mult >> shift : 0;
	if (!tick_ns || tick_ns > NSEC_PER_SEC)
		return ERR_AT(ERR_FAULT, jiffies.v, "a tick of %llu ns",
			      (unsigned long long)tick_ns);
	k->hz = (unsigned)((NSEC_PER_SEC + tick_ns / 2) / tick_ns);
	return NULL;
}

/* Where frame numbers in tables are the machine's, the guest's own list says which is which. */
static const struct err *machine_address(const struct kernel *k, uint64_t *at)
{
	gva_t slot = gva_add(k->space.p2m, 8 * (*at / FRAME_BYTES));
	uint64_t entry;

	TRY(kread_u64(k, slot, &entry));
	if (entry & MEMSPACE_P2M_FLAGS)
		return ERR_AT(ERR_FAULT, slot.v, "the kernel's page table has no machine frame");
	*at = entry * FRAME_BYTES;
	return NULL;
}

/* Prefer the kernel's own top-level table over a process's, which may be freed at any time. */
static const struct err *find_root(struct kernel *k)
{
	uint64_t at = k->profile->symbols[S_init_top_pgt] + k->slide - START_KERNEL_MAP +
		      k->phys_base;

	if (k->is_pv) {
		TRY(symbol_u64(k, S_xen_p2m_addr, &k->space.p2m.v));
		TRY(machine_address(k, &at));
	}
	k->space.root = gpa(at);
	return NULL;
}

static const struct err *find_layout(struct kernel *k)
{
	TRY(symbol_u64(k, S_page_offset_base, &k->page_offset.v));
	TRY(symbol_u64(k, S_vmemmap_base, &k->vmemmap.v));
	TRY(symbol_u64(k, S_phys_base, &k->phys_base));
	TRY(find_root(k));
	return find_hz(k);
}

/* __per_cpu_offset[0 .. nr_cpu_ids). */
static const struct err *find_percpu(struct kernel *k)
{
	uint32_t count;

	TRY(kread_u32(k, kernel_symbol(k, S_nr_cpu_ids), &count));
	if (!count || count > VCPUS_MAX)
		return ERR(ERR_FAULT, "nr_cpu_ids is %u", count);
	for (unsigned i = 0; i < count; i++)
		TRY(kread_u64(k, gva_add(kernel_symbol(k, S___per_cpu_offset), 8 * i),
			      &k->percpu_base[i]));
	k->cpu_count = count;
	/* Per-CPU symbols were linked at 0 until commit 9d7de2aa8b41 (6.15). */
	k->percpu_zero_based = k->profile->symbols[S_runqueues] < START_KERNEL_MAP;
	return NULL;
}

const struct err *kernel_attach(struct kernel *k, struct memsrc *mem, const struct profile *profile,
				const struct vcpu *vcpus, unsigned vcpu_count)
{
	memset(k, 0, sizeof(*k));
	k->mem = mem;
	k->profile = profile;
	kernel_set_vcpus(k, vcpus, vcpu_count);
	TRY(find_base(k));
	TRY(find_layout(k));
	return find_percpu(k);
}

void kernel_set_vcpus(struct kernel *k, const struct vcpu *vcpus, unsigned vcpu_count)
{
	k->vcpus = vcpus;
	k->vcpu_count = vcpu_count;
}
