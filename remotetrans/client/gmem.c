/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guest virtual memory over frames, with a small TLB. Input: attacker-controlled. */
#include "remotetrans/client/gmem.h"

#include <string.h>

#include "remotetrans/base/buf.h"
#include "remotetrans/client/pgwalk.h"

#define CR4_LA57 (UINT64_C(1) << 12) /* SDM volume 3, 2.5 */

static struct gmem_tlb_entry *tlb_slot(struct gmem *gm, uint64_t root, uint64_t page)
{
	uint64_t hash = (page ^ (root >> FRAME_SHIFT) * UINT64_C(0x9e3779b97f4a7c15));

	return &gm->tlb[(hash ^ hash >> 20) & (GMEM_TLB_ENTRIES - 1)];
}

/* What a Xen PV guest's table says: an array of machine frame numbers (arch/x86/xen/p2m.c). */
static const struct err *machine_frame(struct gmem *gm, struct memspace space, gfn_t *frame)
{
	gva_t at = gva_add(space.p2m, 8 * frame->v);
	uint8_t bytes[8];
	struct buf_reader r = buf_reader_over(bytes, sizeof(bytes));
	uint64_t entry;

	space.pgd = space.p2m = gva(0);
	TRY(gm->src.read(&gm->src, space, at, bytes, sizeof(bytes)));
	TRY(buf_read_u64(&r, &entry));
	if (entry & MEMSPACE_P2M_FLAGS)
		return ERR_AT(ERR_FAULT, at.v, "frame 0x%llx has no machine frame of the guest",
			      (unsigned long long)frame->v);
	*frame = gfn(entry);
	return NULL;
}

static const struct err *walk(struct gmem *gm, struct memspace space, gpa_t root, gva_t at,
			      gfn_t *ret)
{
	struct translation t;

	TRY(pgwalk(gm->frames, root, gm->levels, at, &t));
	*ret = gpa_frame(t.at);
	if (t.is_present || gva_is_null(space.p2m))
		return NULL;
	return machine_frame(gm, space, ret);
}

/* @at by the tables at @root, which are those that @space names or the kernel's. */
static const struct err *translate(struct gmem *gm, struct memspace space, gpa_t root, gva_t at,
				   gfn_t *ret)
{
	uint64_t page = at.v >> FRAME_SHIFT;
	struct gmem_tlb_entry *slot = tlb_slot(gm, root.v, page);

	if (!slot->used || slot->root != root.v || slot->page != page) {
		TRY(walk(gm, space, root, at, ret));
		*slot = (struct gmem_tlb_entry){
			.root = root.v, .page = page, .frame = *ret, .used = true};
	}
	*ret = slot->frame;
	return NULL;
}

/* The gpa of the tables that @space names. */
static const struct err *space_root(struct gmem *gm, struct memspace space, gpa_t *ret)
{
	gfn_t frame;

	*ret = gpa(space.root.v & ~(uint64_t)(FRAME_BYTES - 1));
	if (gva_is_null(space.pgd))
		return NULL;
	TRY(translate(gm, space, *ret, space.pgd, &frame));
	*ret = gpa(frame.v << FRAME_SHIFT);
	return NULL;
}

static const struct err *gmem_read(struct memsrc *src, struct memspace space, gva_t at, void *ret,
				   size_t len_bytes)
{
	struct gmem *gm = (struct gmem *)src; /* src is the first member */
	uint8_t *out = ret;
	gpa_t root;

	TRY(space_root(gm, space, &root));
	while (len_bytes) {
		size_t offset = at.v & (FRAME_BYTES - 1);
		size_t part = FRAME_BYTES - offset < len_bytes ? FRAME_BYTES - offset : len_bytes;
		const uint8_t *bytes;
		gfn_t frame;

		TRY(translate(gm, space, root, at, &frame));
		TRY(gm->frames->get(gm->frames, frame, &bytes));
		memcpy(out, bytes + offset, part);
		out += part;
		at = gva_add(at, part);
		len_bytes -= part;
	}
	return NULL;
}

void gmem_init(struct gmem *gm, struct framesrc *frames, uint64_t cr4)
{
	gm->src.read = gmem_read;
	gm->frames = frames;
	gm->levels = cr4 & CR4_LA57 ? 5 : 4;
	gmem_flush(gm);
}

void gmem_flush(struct gmem *gm)
{
	memset(gm->tlb, 0, sizeof(gm->tlb));
}
