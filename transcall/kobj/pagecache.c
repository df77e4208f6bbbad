/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page cache (mm/filemap.c, mm/shmem.c). Input: attacker-controlled. */
#include "transcall/kobj/pagecache.h"

#include <string.h>

#include "transcall/kobj/xarray.h"

#define FOLIO_PAGES_MAX (UINT64_C(1) << 18) /* of 1 GiB */
#define TMPFS_MAGIC     0x01021994u         /* include/uapi/linux/magic.h */
#define RAMFS_MAGIC     0x858458f6u

/* Where the file's pages are listed, and whether what is missing there is a hole. */
struct mapping {
	uint64_t head;
	bool in_memory;
};

static const struct err *mapping_read(const struct kernel *k, gva_t inode, struct mapping *ret)
{
	uint64_t magic;
	gva_t at, sb;

	TRY(kfield_ptr(k, inode, F_inode_mapping, &at));
	TRY(kfield_uint(k, at, F_address_space_head, &ret->head));
	TRY(kfield_ptr(k, inode, F_inode_sb, &sb));
	TRY(kfield_uint(k, sb, F_super_block_magic, &magic));
	ret->in_memory = magic == TMPFS_MAGIC || magic == RAMFS_MAGIC;
	return NULL;
}

static const struct err *is_uptodate(const struct kernel *k, gva_t page, bool *ret)
{
	int64_t bit = k->profile->enumerators[E_PG_uptodate].value;
	uint64_t flags;

	TRY(kfield_uint(k, page, F_page_flags, &flags));
	*ret = bit >= 0 && bit < 64 && flags >> bit & 1;
	return NULL;
}

/* The frame of page @index, whose entry is the first page of its folio. */
static const struct err *folio_frame(const struct kernel *k, gva_t folio, uint64_t index,
				     gfn_t *ret)
{
	uint64_t first;

	TRY(kfield_uint(k, folio, F_page_index, &first));
	if (index - first >= FOLIO_PAGES_MAX)
		return ERR_AT(ERR_RACE, folio.v, "a cached page moved");
	*ret = gfn(kernel_frame_of(k, folio).v + (index - first));
	return NULL;
}

/* Frame of page @index; *@ret_hole: there is none, and zeros are in its place. */
static const struct err *find_page(const struct kernel *k, const struct mapping *m, uint64_t index,
				   gfn_t *ret, bool *ret_hole)
{
	bool valid = false;
	uint64_t entry;

	*ret_hole = false;
	TRY(xarray_load(k, m->head, index, &entry));
	if (entry & 3) /* a value: swapped out, or a trace of a page that was there */
		return ERR(ERR_ABSENT, "page %llu of the file is not in the guest's memory",
			   (unsigned long long)index);
	if (entry)
		TRY(is_uptodate(k, gva(entry), &valid));
	if (entry && valid)
		return folio_frame(k, gva(entry), index, ret);
	*ret_hole = m->in_memory;
	if (!m->in_memory)
		return ERR(ERR_ABSENT, "page %llu of the file is not in the guest's memory",
			   (unsigned long long)index);
	return NULL;
}

const struct err *pagecache_read(const struct kernel *k, gva_t inode, uint64_t at, void *ret,
				 size_t len_bytes)
{
	struct mapping m;
	uint8_t *to = ret;

	TRY(mapping_read(k, inode, &m));
	while (len_bytes) {
		size_t offset = at % FRAME_BYTES, part = FRAME_BYTES - offset;
		gfn_t frame;
		bool hole;

		part = part < len_bytes ? part : len_bytes;
		TRY(find_page(k, &m, at / FRAME_BYTES, &frame, &hole));
		gpa_t from = gpa(hole ? 0 : frame.v * FRAME_BYTES + offset);
		if (hole)
			memset(to, 0, part);
		else
			TRY(kread(k, kernel_direct(k, from), to, part));
		to += part;
		at += part;
		len_bytes -= part;
	}
	return NULL;
}
