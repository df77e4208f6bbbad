/* SPDX-License-Identifier: GPL-2.0-or-later */
/* User memory: command lines and environments. Input: attacker-controlled. */
#include "transcall/kobj/mm.h"

#include <string.h>

#define TEXT_BYTES_MAX (8u << 20) /* exec allows 6 MiB of arguments (_STK_LIM / 4 * 3) */
#define PAGE_BYTES     4096u

const struct err *mm_text_init(struct mm_text *m, const struct kernel *k, gva_t mm)
{
	uint64_t first;

	*m = (struct mm_text){.k = k};
	TRY(mm_space(k, mm, &m->space));
	/* without page tables, nothing would seem to be mapped */
	return kread_u64(k, m->space.pgd, &first);
}

enum page_state { PAGE_READ, PAGE_ABSENT, PAGE_UNMAPPED };

/* Swapped out is not the same as not mapped: the former is shown, the latter is the end. */
static const struct err *part_read(struct mm_text *m, uint64_t at, char *ret, size_t len_bytes,
				   enum page_state *ret_state)
{
	const struct err *e = kread_user(m->k, m->space, gva(at), ret, len_bytes);

	*ret_state = PAGE_READ;
	if (!e)
		return NULL;
	*ret_state = e->kind == ERR_ABSENT ? PAGE_ABSENT : PAGE_UNMAPPED;
	return e->kind == ERR_ABSENT || e->kind == ERR_FAULT ? NULL : e;
}

const struct err *mm_text_read(struct mm_text *m, uint64_t at, uint64_t len_bytes,
			       mm_text_sink sink, void *context)
{
	enum page_state state, before = PAGE_READ;
	char page[PAGE_BYTES];

	m->cut |= len_bytes > TEXT_BYTES_MAX;
	if (m->cut)
		len_bytes = TEXT_BYTES_MAX;
	while (len_bytes) {
		size_t part = PAGE_BYTES - at % PAGE_BYTES;

		if (part > len_bytes)
			part = (size_t)len_bytes;
		TRY(part_read(m, at, page, part, &state));
		if (state == PAGE_UNMAPPED)
			return NULL;
		if (state == PAGE_ABSENT)
			m->absent++;
		if (state == PAGE_READ && !sink(context, page, part))
			return NULL;
		if (state == PAGE_ABSENT && before != PAGE_ABSENT &&
		    !sink(context, MM_NOT_IN_MEMORY, strlen(MM_NOT_IN_MEMORY)))
			return NULL;
		before = state;
		at += part;
		len_bytes -= part;
	}
	return NULL;
}

/* get_mm_proctitle(): up to a page, up to and with the first NUL. */
struct title {
	mm_text_sink sink;
	void *context;
	size_t left;
};

static bool title_sink(void *context, const char *bytes, size_t len_bytes)
{
	struct title *t = context;
	size_t len = strnlen(bytes, len_bytes);
	bool more = len == len_bytes;

	if (!more)
		len++;
	if (len > t->left)
		len = t->left;
	t->left -= len;
	return t->sink(t->context, bytes, len) && more && t->left;
}

const struct err *mm_cmdline(struct mm_text *m, gva_t mm, mm_text_sink sink, void *context)
{
	struct title title = {.sink = sink, .context = context, .left = PAGE_BYTES};
	struct mm_layout l;
	enum page_state state;
	char last = 0;

	TRY(mm_read_layout(m->k, mm, &l));
	if (!l.env_end || l.arg_start >= l.arg_end)
		return NULL;
	/* setproctitle() may overwrite the arguments and run on into the environment */
	TRY(part_read(m, l.arg_end - 1, &last, 1, &state));
	if (state == PAGE_READ && last) {
		uint64_t end =
			l.env_start != l.arg_end || l.env_end < l.env_start ? l.arg_end : l.env_end;
		uint64_t len = end - l.arg_start;

		/* the kernel reads a page from arg_start whatever follows, then cuts to what was
		 * asked */
		if (title.left > len)
			title.left = (size_t)len;
		return mm_text_read(m, l.arg_start, PAGE_BYTES, title_sink, &title);
	}
	return mm_text_read(m, l.arg_start, l.arg_end - l.arg_start, sink, context);
}

const struct err *mm_environ(struct mm_text *m, gva_t mm, mm_text_sink sink, void *context)
{
	struct mm_layout l;

	TRY(mm_read_layout(m->k, mm, &l));
	if (!l.env_end || l.env_end <= l.env_start)
		return NULL;
	return mm_text_read(m, l.env_start, l.env_end - l.env_start, sink, context);
}
