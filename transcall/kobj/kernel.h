/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel - one running guest kernel: its memory, its profile, and where it lies.
 *
 * kernel_attach() (boot.c) finds the kernel base; everything else in kobj reads through the
 * kread_* functions below. What they return is verified but hostile: bound every loop.
 */
#ifndef TC_KOBJ_KERNEL_H
#define TC_KOBJ_KERNEL_H

#include "kernel-profiles/profile.h"
#include "remotetrans/base/vcpu.h"
#include "remotetrans/base/memsrc.h"
#include "transcall/kobj/work.h"

struct kernel {
	struct memsrc *mem;            /* borrowed */
	struct work *work;             /* borrowed: what reading may cost; null: anything */
	const struct profile *profile; /* borrowed */
	const struct vcpu *vcpus;      /* borrowed; [0] exists */
	unsigned vcpu_count;
	bool is_pv;                    /* Xen PV: frame numbers in page tables are the machine's */
	struct memspace space;         /* the kernel's own page tables */
	uint64_t slide;                /* run-time minus link-time address of the kernel image */
	gva_t page_offset;             /* direct map of physical memory */
	gva_t vmemmap;                 /* array of struct page */
	uint64_t phys_base;            /* physical address of link address __START_KERNEL_map */
	unsigned hz;                   /* jiffies per second */
	unsigned cpu_count;            /* possible CPUs with a per-CPU area */
	uint64_t percpu_base[VCPUS_MAX]; /* __per_cpu_offset[] */
	bool percpu_zero_based;          /* per-CPU symbols are offsets (before 7.x), not addresses */
};

/**
 * kernel_attach() - find the kernel in @mem
 * @k:       out: no deinit; borrows @mem, @profile and @vcpus
 * @vcpus:   tagged registers, at least one online
 *
 * Tries each vCPU's CR3 as it is, then with bit 12 cleared (PTI user tables); the base comes from
 * LSTAR against the profile, else from IDT[0] (guest-writable: the declared fallback); of a Xen PV
 * guest from the entry point that it registered for system calls. The banner in guest memory must
 * equal the profile's.
 * Return: NULL; PROFILE: this is another kernel than the profile's (the message names both);
 * FAULT: no kernel found; or a fatal kind.
 */
MUST_CHECK const struct err *kernel_attach(struct kernel *k, struct memsrc *mem,
					   const struct profile *profile, const struct vcpu *vcpus,
					   unsigned vcpu_count);

/* Take new registers (and per-CPU state derived from them) after a new snapshot. */
void kernel_set_vcpus(struct kernel *k, const struct vcpu *vcpus, unsigned vcpu_count);

/* Run-time address of a symbol of the kernel image; null when the profile has none. */
gva_t kernel_symbol(const struct kernel *k, enum symbol_id id);

/* Run-time address of per-CPU symbol @id on @cpu (< cpu_count); null when absent. */
gva_t kernel_percpu(const struct kernel *k, enum symbol_id id, unsigned cpu);

/*
 * Direct-map address of a physical address, and the struct page of a frame and back. These are the
 * guest's own numbers, in a Xen PV guest, too: machine frames are in page tables and CR3 alone.
 */
gva_t kernel_direct(const struct kernel *k, gpa_t at);
gva_t kernel_page_of(const struct kernel *k, gfn_t frame);
gfn_t kernel_frame_of(const struct kernel *k, gva_t page);

/* --- reading ------------------------------------------------------------------------------ */

/* Exactly @len_bytes of kernel memory. Return: NULL, FAULT, RACE (k->work is used up), fatal. */
MUST_CHECK const struct err *kread(const struct kernel *k, gva_t at, void *ret, size_t len_bytes);
/*
 * The same of another address space. FAULT: not mapped there; ABSENT: mapped, but not in memory;
 * RACE: also page tables that are none.
 */
MUST_CHECK const struct err *kread_user(const struct kernel *k, struct memspace space, gva_t at,
					void *ret, size_t len_bytes);

/* Little-endian integers at an address. */
MUST_CHECK const struct err *kread_u8(const struct kernel *k, gva_t at, uint8_t *ret);
MUST_CHECK const struct err *kread_u16(const struct kernel *k, gva_t at, uint16_t *ret);
MUST_CHECK const struct err *kread_u32(const struct kernel *k, gva_t at, uint32_t *ret);
MUST_CHECK const struct err *kread_u64(const struct kernel *k, gva_t at, uint64_t *ret);
MUST_CHECK const struct err *kread_ptr(const struct kernel *k, gva_t at, gva_t *ret);

/* A variable of the kernel that is a struct static_key: on, or off; off where it has none. */
MUST_CHECK const struct err *kread_key(const struct kernel *k, enum symbol_id id, bool *ret);

/* A NUL-terminated string, cut to size_bytes - 1; always terminated on success. */
MUST_CHECK const struct err *kread_str(const struct kernel *k, gva_t at, char *ret,
				       size_t size_bytes);

/**
 * kfield_uint() - integer member of the structure at @object
 *
 * Member sizes 1, 2, 4, 8 and bit-fields, zero-extended. A member that this kernel lacks reads as
 * ABSENT: test profile_has() where that is expected.
 */
MUST_CHECK const struct err *kfield_uint(const struct kernel *k, gva_t object, enum field_id id,
					 uint64_t *ret);
/* The same, sign-extended from the member's size. */
MUST_CHECK const struct err *kfield_int(const struct kernel *k, gva_t object, enum field_id id,
					int64_t *ret);
MUST_CHECK const struct err *kfield_ptr(const struct kernel *k, gva_t object, enum field_id id,
					gva_t *ret);
/* An array member of characters as a string: cut to its size and to size_bytes - 1. */
MUST_CHECK const struct err *kfield_str(const struct kernel *k, gva_t object, enum field_id id,
					char *ret, size_t size_bytes);
/* The first @len_bytes (at most the member's size) of a member. */
MUST_CHECK const struct err *kfield_bytes(const struct kernel *k, gva_t object, enum field_id id,
					  void *ret, size_t len_bytes);
/* Address of a member; and of the structure that contains one (container_of). */
gva_t kfield_at(const struct kernel *k, gva_t object, enum field_id id);
gva_t kfield_container(const struct kernel *k, gva_t member, enum field_id id);

/*
 * Bulk reads for hot structures: copy a structure once, then take members out of the copy.
 * kobject_init() reads SIZE_id bytes (at most sizeof(bytes)); the getters mirror kfield_*.
 */
#define KOBJECT_BYTES_MAX 16384
struct kobject_copy {
	gva_t at;
	uint32_t len_bytes;
	uint8_t bytes[KOBJECT_BYTES_MAX];
};
MUST_CHECK const struct err *kobject_init(struct kobject_copy *o, const struct kernel *k, gva_t at,
					  enum size_id size);
MUST_CHECK const struct err *kobject_uint(const struct kobject_copy *o, const struct kernel *k,
					  enum field_id id, uint64_t *ret);
MUST_CHECK const struct err *kobject_int(const struct kobject_copy *o, const struct kernel *k,
					 enum field_id id, int64_t *ret);
MUST_CHECK const struct err *kobject_ptr(const struct kobject_copy *o, const struct kernel *k,
					 enum field_id id, gva_t *ret);

#endif
