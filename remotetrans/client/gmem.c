/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guest virtual memory over frames, with a small TLB. Input: attacker-controlled. */
#include "remotetrans/client/gmem.h"

#include <string.h>

#include "remotetrans/base/buf.h"
#include "remotetrans/client/pgwalk.h"

#define CR4_LA57 (UINT64_C(1) << 12) /* SDM volume 3, 2.5 */

#define REGION_SHIFT  21 /* 2 MiB */
#define REGION_FRAMES (UINT64_C(1) << (REGION_SHIFT - FRAME_SHIFT))
#define HASH_FACTOR   UINT64_C(0x9e3779b97f4a7c15)

static struct gmem_tlb_entry *tlb_slot(struct gmem *gm, uint64_t root, uint64_t page)
{
	uint64_t hash = (page ^ (root >> FRAME_SHIFT) * HASH_FACTOR);

	return &gm->tlb[(hash ^ hash >> 20) & (GMEM_TLB_ENTRIES - 1)];
}

static struct gmem_region *region_slot(struct gmem *gm, uint64_t root, uint64_t number)
{
	return &gm->regions[(number ^ (root >> FRAME_SHIFT)) & (GMEM_REGION_ENTRIES - 1)];
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

/* A present page of at least 2 MiB. */
static void region_remember(struct gmem *gm, gpa_t root, gva_t at, const struct translation *t)
{
	uint64_t number = at.v >> REGION_SHIFT;

	if (t->is_present && t->page_bytes >= UINT64_C(1) << REGION_SHIFT)
		*region_slot(gm, root.v, number) = (struct gmem_region){
			.root = root.v,
			.number = number,
			.era = gm->era,
			.first_frame = gfn(gpa_frame(t->at).v & ~(REGION_FRAMES - 1))};
}

static bool region_find(struct gmem *gm, gpa_t root, gva_t at, gfn_t *ret)
{
	uint64_t number = at.v >> REGION_SHIFT;
	const struct gmem_region *r = region_slot(gm, root.v, number);

	*ret = gfn(r->first_frame.v | (at.v >> FRAME_SHIFT & (REGION_FRAMES - 1)));
	return r->era == gm->era && r->root == root.v && r->number == number;
}

static const struct err *walk(struct gmem *gm, struct memspace space, gpa_t root, gva_t at,
			      gfn_t *ret)
{
	struct translation t;

	if (region_find(gm, root, at, ret))
		return NULL;
	TRY(pgwalk(gm->frames, root, gm->levels, at, &t));
	region_remember(gm, root, at, &t);
	*ret = gpa_frame(t.at);
	if (t.is_present || gva_is_null(space.p2m))
		return NULL;
	return machine_frame(gm, space, ret);
}

static bool is_hit(const struct gmem *gm, const struct gmem_tlb_entry *slot, gpa_t root, gva_t at)
{
	return slot->page == at.v >> FRAME_SHIFT && slot->root == root.v && slot->era == gm->era;
}

/* @at by the tables at @root, which are those that @space names or the kernel's. */
static const struct err *translate(struct gmem *gm, struct memspace space, gpa_t root, gva_t at,
				   struct gmem_tlb_entry **ret)
{
	struct gmem_tlb_entry *slot = tlb_slot(gm, root.v, at.v >> FRAME_SHIFT);
	gfn_t frame;

	if (!is_hit(gm, slot, root, at)) {
		TRY(walk(gm, space, root, at, &frame));
		*slot = (struct gmem_tlb_entry){.root = root.v,
						.page = at.v >> FRAME_SHIFT,
						.era = gm->era,
						.frame = frame};
	}
	*ret = slot;
	return NULL;
}

/* The bytes of @at's page, for now. */
static const struct err *page_get(struct gmem *gm, struct memspace space, gpa_t root, gva_t at,
				  const uint8_t **ret)
{
	struct gmem_tlb_entry *slot;

	gm->reads = 0;
	TRY(translate(gm, space, root, at, &slot));
	TRY(gm->frames->get(gm->frames, slot->frame, ret));
	if (gm->frames->keeps && gm->frames->epoch == gm->epoch)
		slot->bytes = *ret;
	return NULL;
}

static inline const struct err *page_find(struct gmem *gm, struct memspace space, gpa_t root,
					  gva_t at, const uint8_t **ret)
{
	const struct gmem_tlb_entry *slot = tlb_slot(gm, root.v, at.v >> FRAME_SHIFT);

	if (!is_hit(gm, slot, root, at) || !slot->bytes || ++gm->reads == GMEM_READS_PER_GET)
		return page_get(gm, space, root, at, ret);
	*ret = slot->bytes;
	return NULL;
}

/* The gpa of the tables that @space names. */
static const struct err *space_root(struct gmem *gm, struct memspace space, gpa_t *ret)
{
	struct gmem_tlb_entry *slot;

	*ret = gpa(space.root.v & ~(uint64_t)(FRAME_BYTES - 1));
	if (gva_is_null(space.pgd))
		return NULL;
	TRY(translate(gm, space, *ret, space.pgd, &slot));
	*ret = gpa(slot->frame.v << FRAME_SHIFT);
	return NULL;
}

/* Nothing lent by an earlier snapshot is read. */
static void follow_epoch(struct gmem *gm)
{
	if (gm->epoch != gm->frames->epoch)
		gmem_flush(gm);
}

static const struct err *gmem_read(struct memsrc *src, struct memspace space, gva_t at, void *ret,
				   size_t len_bytes)
{
	struct gmem *gm = (struct gmem *)src; /* src is the first member */
	uint8_t *out = ret;
	gpa_t root;

	follow_epoch(gm);
	TRY(space_root(gm, space, &root));
	while (len_bytes) {
		size_t offset = at.v & (FRAME_BYTES - 1);
		size_t part = FRAME_BYTES - offset < len_bytes ? FRAME_BYTES - offset : len_bytes;
		const uint8_t *bytes;

		TRY(page_find(gm, space, root, at, &bytes));
		memcpy(out, bytes + offset, part);
		out += part;
		at = gva_add(at, part);
		len_bytes -= part;
	}
	return NULL;
}

void gmem_init(struct gmem *gm, struct framesrc *frames, uint64_t cr4)
{
	*gm = (struct gmem){
		.src.read = gmem_read, .frames = frames, .levels = cr4 & CR4_LA57 ? 5 : 4};
	gmem_flush(gm);
}

void gmem_flush(struct gmem *gm)
{
	gm->era++;
	gm->epoch = gm->frames->epoch;
}
