/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing guest memory through its RAM file, and putting it back. Input: our own save files. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#include "remotetrans/base/scope.h"
#include "remotetrans/client/pgwalk.h"
#include "tests/hostile-guest/edit.h"

#define LINE_BYTES (2 * FRAME_BYTES + 64)

/* Where the byte at @at lies in the RAM file. */
static const struct err *find_offset(struct editor *e, gva_t at, uint64_t *ret)
{
	struct ramguest *g = &e->guest;
	struct translation t;
	const uint8_t *frame;

	TRY(pgwalk(&g->frames, g->kernel.space.root, g->gmem.levels, at, &t));
	TRY(g->frames.get(&g->frames, gpa_frame(t.at), &frame));
	*ret = (uint64_t)(frame - g->ram) + gpa_offset(t.at);
	return NULL;
}

/* What was there reaches the save file before it is overwritten. */
static const struct err *save_stretch(struct editor *e, uint64_t offset, size_t len_bytes)
{
	fprintf(e->save, "%" PRIx64 " ", offset);
	for (size_t i = 0; i < len_bytes; i++)
		fprintf(e->save, "%02x", e->guest.ram[offset + i]);
	fputc('\n', e->save);
	return fflush(e->save) ? ERR_ERRNO(ERR_SYSTEM, errno, "cannot save what was there") : NULL;
}

static const struct err *write_stretch(struct editor *e, uint64_t offset, const uint8_t *bytes,
				       size_t len_bytes)
{
	for (size_t i = 0; i < len_bytes; i++)
		e->changed_bytes += e->guest.ram[offset + i] != bytes[i];
	TRY(save_stretch(e, offset, len_bytes));
	if (pwrite(e->fd, bytes, len_bytes, (off_t)offset) != (ssize_t)len_bytes)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot write guest memory");
	return NULL;
}

const struct err *edit_write(struct editor *e, gva_t at, const void *bytes, size_t len_bytes)
{
	const uint8_t *from = bytes;

	while (len_bytes) {
		size_t part = FRAME_BYTES - (at.v & (FRAME_BYTES - 1));
		uint64_t offset;

		part = part < len_bytes ? part : len_bytes;
		TRY(find_offset(e, at, &offset));
		TRY(write_stretch(e, offset, from, part));
		from += part;
		at = gva_add(at, part);
		len_bytes -= part;
	}
	return NULL;
}

static const struct err *write_integer(struct editor *e, gva_t at, uint64_t v, size_t len_bytes)
{
	uint8_t bytes[8];

	if (len_bytes > sizeof(bytes))
		return ERR(ERR_USAGE, "an integer of %zu bytes", len_bytes);
	for (size_t i = 0; i < len_bytes; i++)
		bytes[i] = (uint8_t)(v >> 8 * i);
	return edit_write(e, at, bytes, len_bytes);
}

const struct err *edit_write_u64(struct editor *e, gva_t at, uint64_t v)
{
	return write_integer(e, at, v, 8);
}

const struct err *edit_write_ptr(struct editor *e, gva_t at, gva_t v)
{
	return edit_write_u64(e, at, v.v);
}

const struct err *edit_field(struct editor *e, gva_t object, enum field_id id, uint64_t v)
{
	const struct field *f = &e->guest.profile.fields[id];

	if (!f->size_bytes)
		return ERR(ERR_PROFILE, "this kernel has no member number %d", id);
	return write_integer(e, gva_add(object, f->offset_bytes), v, f->size_bytes);
}

/* --- putting back ------------------------------------------------------------------------- */

static const struct err *undo_line(int fd, char *line)
{
	uint8_t bytes[FRAME_BYTES];
	size_t count = 0;
	char *hex;
	uint64_t offset = strtoull(line, &hex, 16);
	unsigned byte;

	hex += *hex == ' ';
	while (count < sizeof(bytes) && sscanf(hex + 2 * count, "%2x", &byte) == 1)
		bytes[count++] = (uint8_t)byte;
	if (pwrite(fd, bytes, count, (off_t)offset) != (ssize_t)count)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot write guest memory");
	return NULL;
}

/* Recursion puts the last line back first: a place may have been written twice. */
static const struct err *undo_rest(int fd, FILE *save)
{
	AUTO_FREE char *line = malloc(LINE_BYTES);

	if (!line)
		return ERR_ERRNO(ERR_SYSTEM, ENOMEM, "undo");
	if (!fgets(line, LINE_BYTES, save))
		return NULL;
	TRY(undo_rest(fd, save));
	return undo_line(fd, line);
}

const struct err *edit_undo(const char *ram_path, const char *save_path)
{
	AUTO_CLOSE int fd = open(ram_path, O_WRONLY | O_CLOEXEC);
	AUTO_FCLOSE FILE *save = fopen(save_path, "re");

	if (fd < 0 || !save)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot open %s and %s", ram_path, save_path);
	return undo_rest(fd, save);
}
