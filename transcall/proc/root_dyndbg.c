/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/dynamic_debug/control (lib/dynamic_debug.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>
#include <string.h>

#include "transcall/kobj/dyndbg.h"
#include "transcall/proc/view.h"

/* _DPRINTK_FLAGS_* (include/linux/dynamic_debug.h), in the order shown; kernels add to them. */
static const struct {
	uint32_t flag;
	char letter;
} flags[] = {{1u << 0, 'p'}, {1u << 1, 'm'}, {1u << 2, 'f'}, {1u << 5, 's'},
	     {1u << 3, 'l'}, {1u << 4, 't'}, {1u << 6, 'd'}};

static void flags_print(uint32_t set, FILE *out)
{
	bool any = false;

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (set & flags[i].flag)
			fputc(flags[i].letter, out);
		any |= set & flags[i].flag;
	}
	if (!any)
		fputc('_', out);
}

/* Octal numbers; since 5.15 letters, and quotes are no longer escaped. */
static void format_print(const char *format, bool letters, FILE *out)
{
	static const char escaped[] = "\t\r\n\"", as[] = "trn";

	for (; *format; format++) {
		const char *at = strchr(escaped, *format);

		if (!at || (letters && *at == '"'))
			fputc(*format, out);
		else if (letters)
			fprintf(out, "\\%c", as[at - escaped]);
		else
			fprintf(out, "\\%03o", (unsigned char)*format);
	}
}

static const struct err *class_print(const struct kernel *k, const struct dyndbg *d, FILE *out)
{
	char name[DYNDBG_NAME_BYTES];

	if (d->class_id == DYNDBG_CLASS_NONE)
		return NULL;
	const struct err *e = dyndbg_class_name(k, d, name);
	if (!e)
		fprintf(out, " class:%s", name);
	else if (e->kind == ERR_ABSENT)
		fprintf(out, " class unknown, _id:%" PRIu32, d->class_id);
	return e && e->kind == ERR_ABSENT ? NULL : e;
}

static const struct err *message_print(const struct kernel *k, const struct dyndbg *d, FILE *out)
{
	fprintf(out, "%s:%" PRIu32 " [%s]%s =", d->file, d->line, d->module, d->function);
	flags_print(d->flags, out);
	fputs(" \"", out);
	format_print(d->format, profile_has(k->profile, F_ddebug_class_id), out);
	fputc('"', out);
	TRY(class_print(k, d, out));
	fputc('\n', out);
	return NULL;
}

const struct err *dynamic_debug_control(struct proc_view *view, const struct proc_node *node,
					FILE *out)
{
	struct dyndbg_iter it;
	struct dyndbg d;

	(void)node;
	fputs("# filename:lineno [module]function flags format\n", out);
	TRY(dyndbg_iter_init(&it, view->kernel));
	for (;;) {
		long start = ftell(out);
		const struct err *e = dyndbg_iter_next(&it, view->kernel, &d);

		if (!e && gva_is_null(d.at))
			return NULL;
		if (!e)
			e = message_print(view->kernel, &d, out);
		TRY(view_pass_line(view, out, start, e));
	}
}
