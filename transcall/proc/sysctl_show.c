/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of /proc/sys that are numbers or text in memory. Input: attacker-controlled. */
#include "transcall/proc/sysctl_show.h"

#include <inttypes.h>
#include <string.h>

#include "transcall/proc/view.h"

#define NUMBERS_MAX 64u
#define TEXT_MAX    4096u
#define USER_HZ     100
#define NS_PER_S    1000000000

/* What a jiffy or a number is shown as. */
typedef int64_t convert_fn(const struct kernel *k, int64_t value);

static int64_t as_is(const struct kernel *k, int64_t value)
{
	(void)k;
	return value;
}

static int64_t to_seconds(const struct kernel *k, int64_t value)
{
	return value / (int64_t)k->hz;
}

static int64_t to_milliseconds(const struct kernel *k, int64_t value)
{
	return value * 1000 / (int64_t)k->hz;
}

/* jiffies_to_clock_t() */
static int64_t to_user_hz(const struct kernel *k, int64_t value)
{
	int64_t ns = NS_PER_S / (int64_t)k->hz;

	return value > INT64_MAX / ns ? value : value * ns / (NS_PER_S / USER_HZ);
}

static uint32_t count_of(const struct sysctl_entry *e, uint32_t size_bytes)
{
	uint32_t count = gva_is_null(e->data) ? 0 : e->max_len / size_bytes;

	return count < NUMBERS_MAX ? count : NUMBERS_MAX;
}

/* do_proc_dointvec(): tabs between, and nothing at all of nothing. */
static const struct err *show_ints(const struct kernel *k, const struct sysctl_entry *e,
				   convert_fn *convert, FILE *out)
{
	uint32_t count = count_of(e, 4), value;

	for (uint32_t i = 0; i < count; i++) {
		TRY(kread_u32(k, gva_add(e->data, 4 * (uint64_t)i), &value));
		fprintf(out, "%s%" PRId64, i ? "\t" : "", convert(k, (int32_t)value));
	}
	if (count)
		fputc('\n', out);
	return NULL;
}

#define SHOW(name)                                                                                 \
	const struct err *name(struct proc_view *view, const struct proc_node *node,               \
			       const struct sysctl_entry *e, FILE *out)

SHOW(show_int)
{
	(void)node;
	return show_ints(view->kernel, e, as_is, out);
}

SHOW(show_int_jiffies)
{
	(void)node;
	return show_ints(view->kernel, e, to_seconds, out);
}

SHOW(show_int_userhz)
{
	(void)node;
	return show_ints(view->kernel, e, to_user_hz, out);
}

SHOW(show_int_ms)
{
	(void)node;
	return show_ints(view->kernel, e, to_milliseconds, out);
}

SHOW(show_uint)
{
	uint32_t value;

	(void)node;
	if (!count_of(e, 4))
		return NULL;
	TRY(kread_u32(view->kernel, e->data, &value));
	fprintf(out, "%" PRIu32 "\n", value);
	return NULL;
}

SHOW(show_u8)
{
	uint8_t value;

	(void)node;
	TRY(kread_u8(view->kernel, e->data, &value));
	fprintf(out, "%u\n", value);
	return NULL;
}

static const struct err *show_longs(const struct kernel *k, const struct sysctl_entry *e,
				    convert_fn *convert, FILE *out)
{
	uint32_t count = count_of(e, 8);
	uint64_t value;

	for (uint32_t i = 0; i < count; i++) {
		TRY(kread_u64(k, gva_add(e->data, 8 * (uint64_t)i), &value));
		fprintf(out, "%s%" PRIu64, i ? "\t" : "", (uint64_t)convert(k, (int64_t)value));
	}
	if (count)
		fputc('\n', out);
	return NULL;
}

SHOW(show_ulong)
{
	(void)node;
	return show_longs(view->kernel, e, as_is, out);
}

SHOW(show_ulong_ms)
{
	(void)node;
	return show_longs(view->kernel, e, to_milliseconds, out);
}

SHOW(show_string)
{
	char text[TEXT_MAX];
	size_t size = e->max_len < sizeof(text) ? e->max_len + (size_t)1 : sizeof(text);

	(void)node;
	if (gva_is_null(e->data) || !e->max_len)
		return NULL;
	TRY(kread_str(view->kernel, e->data, text, size));
	fprintf(out, "%s\n", text);
	return NULL;
}

SHOW(show_zero)
{
	(void)view, (void)node, (void)e;
	fputs("0\n", out);
	return NULL;
}

SHOW(show_nothing)
{
	(void)view, (void)node, (void)e, (void)out;
	return NULL;
}

/* A struct static_key: on, or off. */
SHOW(show_key)
{
	int64_t enabled;

	(void)node;
	if (gva_is_null(e->data))
		return ERR(ERR_ABSENT, "the guest's kernel has no such key");
	TRY(kfield_int(view->kernel, e->data, F_static_key_enabled, &enabled));
	fprintf(out, "%d\n", enabled > 0);
	return NULL;
}

static const struct err *show_bits(struct proc_view *view, const struct sysctl_entry *e,
				   uint32_t bits, FILE *out)
{
	uint32_t value;

	if (gva_is_null(e->data))
		return ERR(ERR_ABSENT, "the guest's kernel has no watchdogs");
	TRY(kread_u32(view->kernel, e->data, &value));
	fprintf(out, "%d\n", (value & bits) != 0);
	return NULL;
}

/* NMI_WATCHDOG_ENABLED and SOFT_WATCHDOG_ENABLED, include/linux/nmi.h */
SHOW(show_watchdogs)
{
	(void)node;
	return show_bits(view, e, 3, out);
}

SHOW(show_watchdog_nmi)
{
	(void)node;
	return show_bits(view, e, 1, out);
}

SHOW(show_watchdog_soft)
{
	(void)node;
	return show_bits(view, e, 2, out);
}
