/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest's RAM, mapped from a file. Input: the operator's file; an image may be hostile. */
#include "remotetrans/server/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "remotetrans/base/scope.h"
#include "vmm/vmmd/layout.h"

static const struct err *map_file(struct memory *m, const char *path, int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "%s", path);
	if (st.st_size < (off_t)FRAME_BYTES)
		return ERR(ERR_USAGE, "%s is too short for a guest's RAM", path);
	void *bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (bytes == MAP_FAILED)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot map %s", path);
	m->bytes = bytes;
	m->len_bytes = (size_t)st.st_size;
	return NULL;
}

static const struct err *open_file(struct memory *m, const char *path, int *ret_fd)
{
	*m = (struct memory){0};
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return ERR_ERRNO(ERR_USAGE, errno, "cannot open %s", path);
	TRY(map_file(m, path, fd));
	*ret_fd = fd_take(&fd);
	return NULL;
}

void memory_deinit(struct memory *m)
{
	if (m->bytes)
		munmap((void *)(uintptr_t)m->bytes, m->len_bytes);
	*m = (struct memory){0};
}

/* Empty ranges are skipped, and what lies beyond the end of the file is cut off. */
static void add_range(struct memory *m, uint64_t first_frame, uint64_t frames, uint64_t offset)
{
	if (offset >= m->len_bytes || m->range_count == MEMORY_RANGES_MAX)
		return;
	if (frames > (m->len_bytes - offset) / FRAME_BYTES)
		frames = (m->len_bytes - offset) / FRAME_BYTES;
	if (!frames)
		return;
	m->ranges[m->range_count++] = (struct memory_range){first_frame, frames, offset};
}

static const struct err *lay_out(struct memory *m, const char *machine_type)
{
	enum machine machine;
	struct layout l;
	uint64_t low_frames;

	TRY(machine_by_name(machine_type, &machine));
	TRY(layout_of(machine, m->len_bytes, 0, &l));
	low_frames = l.low_bytes / FRAME_BYTES;
	add_range(m, 0, LAYOUT_LEGACY_FIRST, 0);
	if (low_frames > LAYOUT_LEGACY_LAST + 1)
		add_range(m, LAYOUT_LEGACY_LAST + 1, low_frames - LAYOUT_LEGACY_LAST - 1,
			  (LAYOUT_LEGACY_LAST + 1) * FRAME_BYTES);
	add_range(m, LAYOUT_HIGH_BASE / FRAME_BYTES, l.high_bytes / FRAME_BYTES, l.low_bytes);
	return NULL;
}

const struct err *memory_open_raw(struct memory *m, const char *path, const char *machine)
{
	AUTO_CLOSE int fd = -1;

	TRY(open_file(m, path, &fd));
	const struct err *e = lay_out(m, machine);
	if (e)
		memory_deinit(m);
	return e;
}

static const struct err *add_segments(struct memory *m, const char *path, Elf *elf)
{
	size_t count;
	GElf_Phdr h;

	if (elf_kind(elf) != ELF_K_ELF || elf_getphdrnum(elf, &count) != 0)
		return ERR(ERR_USAGE, "%s is not a readable ELF core: %s", path, elf_errmsg(-1));
	if (count > 4 * MEMORY_RANGES_MAX)
		return ERR(ERR_USAGE, "%s has %zu segments; at most %d are supported", path, count,
			   4 * MEMORY_RANGES_MAX);
	for (size_t i = 0; i < count; i++) {
		if (!gelf_getphdr(elf, (int)i, &h) || h.p_type != PT_LOAD ||
		    h.p_paddr % FRAME_BYTES)
			continue;
		add_range(m, h.p_paddr / FRAME_BYTES, h.p_filesz / FRAME_BYTES, h.p_offset);
	}
	if (!m->range_count)
		return ERR(ERR_USAGE, "%s has no memory segments", path);
	return NULL;
}

const struct err *memory_open_elf(struct memory *m, const char *path)
{
	AUTO_CLOSE int fd = -1;
	const struct err *e;

	TRY(open_file(m, path, &fd));
	elf_version(EV_CURRENT);
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	e = elf ? add_segments(m, path, elf) : ERR(ERR_USAGE, "%s: %s", path, elf_errmsg(-1));
	elf_end(elf);
	if (e)
		memory_deinit(m);
	return e;
}

const struct err *memory_open(struct memory *m, const char *path, const char *machine)
{
	char magic[SELFMAG] = "";
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && read(fd, magic, sizeof(magic)) == SELFMAG && !memcmp(magic, ELFMAG, SELFMAG))
		return memory_open_elf(m, path);
	return memory_open_raw(m, path, machine);
}

const uint8_t *memory_frame(const struct memory *m, gfn_t frame)
{
	if (m->foreign)
		return foreign_frame(m->foreign, frame);
	for (size_t i = 0; i < m->range_count; i++) {
		const struct memory_range *r = &m->ranges[i];

		if (frame.v >= r->first_frame && frame.v - r->first_frame < r->frames)
			return m->bytes + r->offset + (frame.v - r->first_frame) * FRAME_BYTES;
	}
	return NULL;
}

uint64_t memory_max_frame(const struct memory *m)
{
	uint64_t max = m->foreign ? m->foreign->max_frame : 0;

	for (size_t i = 0; i < m->range_count; i++) {
		uint64_t last = m->ranges[i].first_frame + m->ranges[i].frames - 1;

		max = last > max ? last : max;
	}
	return max;
}

uint64_t memory_ram_bytes(const struct memory *m)
{
	uint64_t frames = 0;

	for (size_t i = 0; i < m->range_count; i++)
		frames += m->ranges[i].frames;
	return frames * FRAME_BYTES;
}
