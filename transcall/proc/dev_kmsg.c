/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's log as text: /dev/kmsg, and what syslog(2) copies. Input: attacker-controlled: of a
 * record's text only printable characters reach a terminal, as the kernel sees to it, too.
 */
#include "transcall/proc/log.h"

#include <inttypes.h>

#include "transcall/kobj/printk.h"
#include "transcall/proc/renderers.h"

#define NSEC_PER_USEC UINT64_C(1000)
#define NSEC_PER_SEC  UINT64_C(1000000000)

static unsigned priority_of(const struct printk_record *r)
{
	return (unsigned)r->facility << 3 | r->level;
}

/* append_char() and its callers, kernel/printk/printk.c */
static void escape(const char *text, size_t len, FILE *out)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < ' ' || c >= 127 || c == '\\')
			fprintf(out, "\\x%02x", c);
		else
			fputc(c, out);
	}
}

static void property(const char *name, const char *value, FILE *out)
{
	if (!*value)
		return;
	fprintf(out, " %s=", name);
	escape(value, strlen(value), out);
	fputc('\n', out);
}

/* msg_print_ext_header(), msg_print_ext_body() */
static void extended(const struct printk_record *r, FILE *out)
{
	fprintf(out, "%u,%" PRIu64 ",%" PRIu64 ",%c;", priority_of(r), r->seq,
		r->ts_ns / NSEC_PER_USEC, r->is_continued ? 'c' : '-');
	escape(r->text, r->len_bytes, out);
	fputc('\n', out);
	property("SUBSYSTEM", r->subsystem, out);
	property("DEVICE", r->device, out);
}

/* record_print_text(): each line of the text has the prefix. */
static void plain(const struct printk_record *r, bool time, FILE *out)
{
	const char *at = r->text, *end = r->text + r->len_bytes;

	do {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((newline ? newline : end) - at);

		fprintf(out, "<%u>", priority_of(r));
		if (time)
			fprintf(out, "[%5" PRIu64 ".%06" PRIu64 "] ", r->ts_ns / NSEC_PER_SEC,
				r->ts_ns % NSEC_PER_SEC / NSEC_PER_USEC);
		fwrite(at, 1, len, out);
		fputc('\n', out);
		at += len + 1;
	} while (at < end);
}

const struct err *dev_kmsg(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct printk_record r;
	struct printk_iter it;
	bool end;

	(void)node;
	TRY(printk_iter_init(&it, view->kernel));
	for (;;) {
		TRY(printk_iter_next(&it, view->kernel, &r, &end));
		if (end)
			return NULL;
		extended(&r, out);
	}
}

const struct err *proc_log(struct proc_view *view, FILE *out)
{
	struct printk_record r;
	struct printk_iter it;
	uint64_t first;
	uint8_t time;
	bool end;

	TRY(kread_u8(view->kernel, kernel_symbol(view->kernel, S_printk_time), &time));
	TRY(printk_clear_seq(view->kernel, &first));
	TRY(printk_iter_init(&it, view->kernel));
	for (;;) {
		TRY(printk_iter_next(&it, view->kernel, &r, &end));
		if (end)
			return NULL;
		if (r.seq >= first)
			plain(&r, time, out);
	}
}

const struct err *proc_log_size(struct proc_view *view, uint32_t *ret)
{
	struct printk_iter it;

	TRY(printk_iter_init(&it, view->kernel));
	*ret = UINT32_C(1) << it.size_bits;
	return NULL;
}
