/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading descriptors that stand for entries. Input: the program's arguments. */
#include <errno.h>
#include <stdio.h>

#include "transcall/inside/handlers.h"

static bool read_at(struct call *c, const struct file *f, uint64_t offset)
{
	uint64_t left = offset < f->entry->text_len ? f->entry->text_len - offset : 0;
	uint64_t len = (uint64_t)c->args[2] < left ? (uint64_t)c->args[2] : left;

	copy_bytes((void *)c->args[1], (const char *)image_at(f->entry->text) + offset, len);
	return answer(c, (long)len);
}

static struct file *file_to_read(const struct call *c)
{
	struct file *f = file_of((int)c->args[0]);

	if (!f || f->entry->kind == IMAGE_FILE)
		return f;
	file_make_real((int)c->args[0]);
	return NULL;
}

bool on_read(struct call *c)
{
	struct file *f = file_to_read(c);

	if (!f)
		return false;
	read_at(c, f, f->offset);
	f->offset += (uint64_t)c->nr;
	return true;
}

/* From the start: fresh content is due when the image is old. */
bool on_pread64(struct call *c)
{
	struct file *f = file_to_read(c);

	if (!f || c->args[3] < 0 || (c->args[3] == 0 && !image_is_valid())) {
		file_make_real((int)c->args[0]);
		return false;
	}
	return read_at(c, f, (uint64_t)c->args[3]);
}

/* Where a record of a directory starts; its offset is what the record before it names as next. */
static bool is_record(const struct image_entry *entry, uint64_t offset)
{
	const char *text = image_at(entry->text);
	uint64_t at = 0;

	while (at < offset && at < entry->text_len)
		at += *(const uint16_t *)(text + at + 16); /* d_reclen */
	return at == offset;
}

bool on_lseek(struct call *c)
{
	struct file *f = file_of((int)c->args[0]);
	bool in_place, starts_old;
	uint64_t to;

	if (!f)
		return false;
	to = (uint64_t)c->args[1] + (c->args[2] == SEEK_CUR ? f->offset : 0);
	starts_old = f->entry->kind == IMAGE_FILE && to == 0 && !image_is_valid();
	in_place = (c->args[2] == SEEK_SET || c->args[2] == SEEK_CUR) && to <= IMAGE_BYTES &&
		   !starts_old;
	if (in_place && f->entry->kind == IMAGE_DIR)
		in_place = is_record(f->entry, to);
	if (!in_place) {
		file_make_real((int)c->args[0]);
		return false;
	}
	f->offset = to;
	return answer(c, (long)to);
}

bool on_getdents64(struct call *c)
{
	struct file *f = file_of((int)c->args[0]);
	const char *text;
	uint64_t end;

	if (!f || f->entry->kind != IMAGE_DIR) {
		file_make_real((int)c->args[0]);
		return false;
	}
	text = image_at(f->entry->text);
	for (end = f->offset; end < f->entry->text_len;) {
		uint64_t next = end + *(const uint16_t *)(text + end + 16);

		if (next - f->offset > (uint32_t)c->args[2])
			break;
		end = next;
	}
	if (end == f->offset && end < f->entry->text_len)
		return answer(c, -EINVAL);
	copy_bytes((void *)c->args[1], text + f->offset, end - f->offset);
	answer(c, (long)(end - f->offset));
	f->offset = end;
	return true;
}

bool on_close(struct call *c)
{
	file_forget((int)c->args[0]);
	return false;
}
