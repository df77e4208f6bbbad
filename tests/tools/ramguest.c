/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A lab guest's RAM file as guest memory; registers from VMCOREINFO. For development only. */
#include "tests/tools/ramguest.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "remotetrans/base/scope.h"

#define START_KERNEL_MAP UINT64_C(0xffffffff80000000)
#define CPU_ENTRY_AREA   UINT64_C(0xfffffe0000000000) /* the read-only IDT is its first page */
#define CR4_LA57         (UINT64_C(1) << 12)
#define Q35_SPLIT_BYTES  UINT64_C(0xb0000000)         /* RAM from here on: 2 GiB below 4 GiB */
#define Q35_LOW_BYTES    UINT64_C(0x80000000)
#define FOUR_GIB         UINT64_C(0x100000000)

static const struct err *ram_frame(struct framesrc *src, gfn_t frame, const uint8_t **ret)
{
	struct ramguest *g = (struct ramguest *)src;
	uint64_t low = g->ram_bytes >= Q35_SPLIT_BYTES ? Q35_LOW_BYTES : g->ram_bytes;
	uint64_t at = frame.v << FRAME_SHIFT;

	if (at >= FOUR_GIB)
		at = at - FOUR_GIB + low;
	else if (at >= low)
		at = g->ram_bytes;
	if (at >= g->ram_bytes)
		return ERR_AT(ERR_FAULT, frame.v, "frame 0x%llx is not RAM",
			      (unsigned long long)frame.v);
	*ret = g->ram + at;
	return NULL;
}

static uint64_t note_number(const char *note, const char *key, int base)
{
	const char *at = strstr(note, key);

	return at ? strtoull(at + strlen(key), NULL, base) : 0;
}

/* VMCOREINFO is a page that starts with "OSRELEASE=". */
static const struct err *find_cr3(struct ramguest *g)
{
	for (uint64_t at = 0; at + FRAME_BYTES <= g->ram_bytes; at += FRAME_BYTES) {
		char note[FRAME_BYTES + 1] = "";

		if (memcmp(g->ram + at, "OSRELEASE=", 10) != 0)
			continue;
		memcpy(note, g->ram + at, FRAME_BYTES);
		uint64_t table = note_number(note, "SYMBOL(swapper_pg_dir)=", 16);
		uint64_t phys_base = note_number(note, "NUMBER(phys_base)=", 10);
		g->vcpu.cr3 = table - START_KERNEL_MAP + phys_base;
		if (note_number(note, "NUMBER(pgtable_l5_enabled)=", 10))
			g->vcpu.cr4 = CR4_LA57;
		g->vcpu.idtr_base = CPU_ENTRY_AREA;
		g->vcpu.online = true;
		return NULL;
	}
	return ERR(ERR_FAULT, "no VMCOREINFO in guest memory: has it booted?");
}

const struct err *ramguest_open(struct ramguest *g, const char *ram_path, const char *profile_path)
{
	AUTO_CLOSE int fd = open(ram_path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	memset(g, 0, sizeof(*g));
	if (fd < 0 || fstat(fd, &st) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot open %s", ram_path);
	g->ram_bytes = (uint64_t)st.st_size;
	void *ram = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (ram == MAP_FAILED)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot map %s", ram_path);
	g->ram = ram;
	g->frames = (struct framesrc){.get = ram_frame, .keeps = true};
	TRY(find_cr3(g));
	TRY(profile_load(profile_path, &g->profile));
	gmem_init(&g->gmem, &g->frames, g->vcpu.cr4);
	return kernel_attach(&g->kernel, &g->gmem.src, &g->profile, &g->vcpu, 1);
}
