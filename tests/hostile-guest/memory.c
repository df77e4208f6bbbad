/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing guest memory through its RAM file, and putting it back. Input: our own save files. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#include "remotetrans/base/scope.h"
#include "remotetrans/client/pgwalk.h"
#include "tests/hostile-guest/edit.h"

#define SCRATCH_ALIGN UINT64_C(256) /* of maple nodes, the strictest */

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

static bool is_zero(const uint8_t *bytes, size_t len_bytes)
{
	for (size_t i = 0; i < len_bytes; i++)
		if (bytes[i])
			return false;
	return true;
}

/* What was there reaches the save file before it is overwritten. */
static const struct err *save_stretch(struct editor *e, uint64_t offset, size_t len_bytes)
{
	const uint8_t *bytes = e->guest.ram + offset;

	if (is_zero(bytes, len_bytes)) {
		fprintf(e->save, "%" PRIx64 " +%zx\n", offset, len_bytes);
	} else {
		fprintf(e->save, "%" PRIx64 " ", offset);
		for (size_t i = 0; i < len_bytes; i++)
			fprintf(e->save, "%02x", bytes[i]);
		fputc('\n', e->save);
	}
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

/* --- memory for made-up objects ------------------------------------------------------------ */

/* The longest run of frames that are zero, below 4 GiB: RAM that the guest has not used yet. */
static void find_unused(struct editor *e)
{
	uint64_t frames = e->guest.ram_bytes >> FRAME_SHIFT, run = 0, best = 0;

	for (uint64_t i = 1u << 12; i < frames; i++) {
		run = is_zero(e->guest.ram + (i << FRAME_SHIFT), FRAME_BYTES) ? run + 1 : 0;
		if (run <= best)
			continue;
		best = run;
		e->scratch_at = (i + 1 - run) << FRAME_SHIFT;
		e->scratch_end = (i + 1) << FRAME_SHIFT;
	}
}

const struct err *edit_scratch(struct editor *e, uint64_t len_bytes, gva_t *ret)
{
	if (!e->scratch_end)
		find_unused(e);
	len_bytes = (len_bytes + SCRATCH_ALIGN - 1) & ~(SCRATCH_ALIGN - 1);
	if (e->scratch_end - e->scratch_at < len_bytes)
		return ERR(ERR_SYSTEM, "the guest has too little unused memory");
	*ret = kernel_direct(KERNEL(e), gpa(e->scratch_at));
	e->scratch_at += len_bytes;
	return NULL;
}

/* --- putting back ------------------------------------------------------------------------- */

static size_t line_decode(const char *text, uint8_t bytes[static FRAME_BYTES])
{
	size_t count = 0;
	unsigned byte;

	memset(bytes, 0, FRAME_BYTES);
	if (*text == '+')
		return strtoul(text + 1, NULL, 16);
	while (count < FRAME_BYTES && sscanf(text + 2 * count, "%2x", &byte) == 1)
		bytes[count++] = (uint8_t)byte;
	return count;
}

static const struct err *undo_line(int fd, const char *line)
{
	uint8_t bytes[FRAME_BYTES];
	char *text;
	uint64_t offset = strtoull(line, &text, 16);
	size_t count = line_decode(text + (*text == ' '), bytes);

	if (count > sizeof(bytes) || pwrite(fd, bytes, count, (off_t)offset) != (ssize_t)count)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot write guest memory");
	return NULL;
}

/* The last line first: a place may have been written twice. */
static const struct err *undo_lines(int fd, char *text, size_t len_bytes)
{
	while (len_bytes) {
		text[--len_bytes] = 0; /* the newline */
		while (len_bytes && text[len_bytes - 1] != '\n')
			len_bytes--;
		TRY(undo_line(fd, text + len_bytes));
	}
	return NULL;
}

static const struct err *read_all(FILE *in, char **ret, size_t *ret_bytes)
{
	if (fseek(in, 0, SEEK_END) != 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "save file");
	*ret_bytes = (size_t)ftell(in);
	*ret = malloc(*ret_bytes + 1);
	rewind(in);
	if (!*ret || fread(*ret, 1, *ret_bytes, in) != *ret_bytes)
		return ERR_ERRNO(ERR_SYSTEM, errno, "save file");
	return NULL;
}

const struct err *edit_undo(const char *ram_path, const char *save_path)
{
	AUTO_CLOSE int fd = open(ram_path, O_WRONLY | O_CLOEXEC);
	AUTO_FCLOSE FILE *save = fopen(save_path, "re");
	AUTO_FREE char *text = NULL;
	size_t len_bytes;

	if (fd < 0 || !save)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot open %s and %s", ram_path, save_path);
	TRY(read_all(save, &text, &len_bytes));
	return undo_lines(fd, text, len_bytes);
}
