/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attaching to a kernel: where it lies, and which page tables are its own. */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"

#include <string.h>

#define BANNER         "Linux version 6.1.0-9-amd64 (x@y) #1"
#define START_KERNEL   UINT64_C(0xffffffff80000000)
#define SLIDE          UINT64_C(0x1e00000) /* what a profile's addresses lack */
#define PHYS_BASE      UINT64_C(0x200000)
#define TOP_PFN        UINT64_C(0x40)
#define TOP_MACHINE    UINT64_C(0x7654321)
#define PROCESS_CR3    UINT64_C(0x1235000) /* bit 12 is set */
#define KERNEL_CR3     (PROCESS_CR3 & ~UINT64_C(0x1000))

static struct fake_guest g;
static uint64_t roots[3]; /* of tables that translate; 0: none */
static const struct err *(*any_read)(struct memsrc *src, struct memspace space, gva_t at, void *ret,
				     size_t len_bytes);

static const struct err *rooted_read(struct memsrc *src, struct memspace space, gva_t at, void *ret,
				     size_t len_bytes)
{
	for (unsigned i = 0; i < 3; i++)
		if (roots[i] && space.root.v == roots[i])
			return any_read(src, space, at, ret, len_bytes);
	return ERR_AT(ERR_FAULT, at.v, "no tables at 0x%llx", (unsigned long long)space.root.v);
}

/* A variable whose address in the profile is SLIDE lower than in memory. */
static void variable(enum symbol_id id, uint64_t v)
{
	fake_variable(&g, id, v);
	g.p.symbols[id] -= SLIDE;
}

static gva_t p2m_of(uint64_t entry)
{
	gva_t table = fake_alloc(&g, 8 * (TOP_PFN + 1), 8);

	fake_u64(&g, gva_add(table, 8 * TOP_PFN), entry);
	return table;
}

static void kernel_make(void)
{
	gva_t banner, clock;

	fake_guest_init(&g);
	any_read = g.src.read;
	g.src.read = rooted_read;
	roots[0] = PROCESS_CR3;
	roots[1] = roots[2] = 0;
	strcpy(g.p.banner, BANNER);
	banner = fake_str(&g, BANNER "\n");
	fake_symbol_at(&g, S_linux_banner, gva_sub(banner, SLIDE));
	fake_symbol_at(&g, S_entry_SYSCALL_64, gva(START_KERNEL + 0x1000));
	fake_symbol_at(&g, S_asm_exc_divide_error, gva(START_KERNEL + 0x2000));
	fake_symbol_at(&g, S_init_top_pgt,
		       gva(START_KERNEL + TOP_PFN * FRAME_BYTES - PHYS_BASE - SLIDE));
	variable(S_page_offset_base, FAKE_BASE);
	variable(S_vmemmap_base, FAKE_BASE);
	variable(S_phys_base, PHYS_BASE);
	fake_field(&g, F_clocksource_mult, 0, 4);
	fake_field(&g, F_clocksource_shift, 4, 4);
	clock = fake_symbol(&g, S_clocksource_jiffies, 8);
	fake_set(&g, clock, F_clocksource_mult, 4000000);
	g.p.symbols[S_clocksource_jiffies] -= SLIDE;
	variable(S_nr_cpu_ids, 1);
	variable(S___per_cpu_offset, 0);
	fake_symbol_at(&g, S_runqueues, gva(0));
	g.vcpus[0].cr3 = PROCESS_CR3;
}

static void pv_make(uint64_t p2m_entry)
{
	kernel_make();
	fake_symbol_at(&g, S_xen_entry_SYSCALL_64, gva(START_KERNEL + 0x3000));
	variable(S_xen_p2m_addr, p2m_of(p2m_entry).v);
	g.vcpus[0].syscall_callback = START_KERNEL + 0x3000 + SLIDE;
	roots[1] = TOP_MACHINE * FRAME_BYTES;
}

static const struct err *attach(struct kernel *k)
{
	return kernel_attach(k, &g.src, &g.p, g.vcpus, 1);
}

TEST(boot, finds_the_base_by_lstar_and_the_kernels_own_tables)
{
	struct kernel k;

	kernel_make();
	g.vcpus[0].has_lstar = true;
	g.vcpus[0].lstar = START_KERNEL + 0x1000 + SLIDE;
	roots[1] = TOP_PFN * FRAME_BYTES;
	CHECK_OK(attach(&k));
	CU_ASSERT_EQUAL(k.slide, SLIDE);
	CU_ASSERT_EQUAL(k.space.root.v, TOP_PFN * FRAME_BYTES);
	CU_ASSERT_EQUAL(k.hz, 250);
	CU_ASSERT_TRUE(gva_is_null(k.space.p2m) && !k.is_pv);
	roots[0] = KERNEL_CR3; /* at CPL 3 with PTI */
	CHECK_OK(attach(&k));
}

TEST(boot, finds_a_pv_kernel_by_its_callback_and_its_tables_machine_frame)
{
	struct kernel k;

	pv_make(TOP_MACHINE);
	CHECK_OK(attach(&k));
	CU_ASSERT_EQUAL(k.slide, SLIDE);
	CU_ASSERT_EQUAL(k.space.root.v, TOP_MACHINE * FRAME_BYTES);
	CU_ASSERT_FALSE(gva_is_null(k.space.p2m) || !k.is_pv);
	/* its own numbers stay as they are */
	CU_ASSERT_EQUAL(kernel_direct(&k, gpa(0x5000)).v, FAKE_BASE + 0x5000);
	roots[0] = KERNEL_CR3; /* bit 12 is part of a machine frame's number */
	CHECK_ERR(attach(&k), ERR_PROFILE);
}

TEST(boot, refuses_what_a_hostile_pv_kernel_says_of_its_tables)
{
	struct kernel k;

	pv_make(UINT64_MAX); /* INVALID_P2M_ENTRY */
	CHECK_ERR(attach(&k), ERR_FAULT);
	pv_make(UINT64_C(1) << 63 | TOP_MACHINE); /* another domain's */
	CHECK_ERR(attach(&k), ERR_FAULT);
	pv_make(TOP_MACHINE + 1); /* tables that are none */
	CHECK_ERR(attach(&k), ERR_FAULT);
	pv_make(TOP_MACHINE);
	variable(S_xen_p2m_addr, UINT64_MAX - 7);
	CHECK_ERR(attach(&k), ERR_FAULT);
}

TEST(boot, names_a_profile_without_rows_for_pv)
{
	struct kernel k;

	pv_make(TOP_MACHINE);
	g.p.has_symbol[S_xen_entry_SYSCALL_64] = false;
	g.p.symbols[S_xen_entry_SYSCALL_64] = 0;
	CHECK_ERR(attach(&k), ERR_PROFILE);
	CU_ASSERT_PTR_NOT_NULL(strstr(attach(&k)->message, "Xen PV"));
}
