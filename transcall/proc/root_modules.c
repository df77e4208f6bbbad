/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/modules (kernel/module/procfs.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/module.h"
#include "transcall/proc/view.h"

#define KPTR_HIDDEN 2 /* kptr_restrict: nobody sees kernel addresses */

/* taint_flags[], kernel/panic.c: bit number to letter */
static const char taint_letters[] = "PFSRMBUDAWCIOELKXTNJ";

static const struct err *print_users(const struct kernel *k, const struct kmodule *m, FILE *out)
{
	struct list_iter it;
	bool printed = m->permanent;

	TRY(module_users_init(&it, k, m->at));
	fprintf(out, " %d ", m->references);
	for (;;) {
		char name[MODULE_NAME_BYTES];
		gva_t user;

		TRY(module_users_next(&it, k, &user));
		if (gva_is_null(user))
			break;
		TRY(kfield_str(k, user, F_module_name, name, sizeof(name)));
		fprintf(out, "%s,", name);
		printed = true;
	}
	if (m->permanent)
		fputs("[permanent],", out);
	if (!printed)
		fputc('-', out);
	return NULL;
}

static void print_taints(const struct kmodule *m, FILE *out)
{
	if (!m->taints)
		return;
	fputs(" (", out);
	for (unsigned i = 0; i + 1 < sizeof(taint_letters); i++)
		if (m->taints >> i & 1)
			fputc(taint_letters[i], out);
	if (m->state != MODULE_LIVE)
		fputc(m->state == MODULE_GOING ? '-' : '+', out);
	fputc(')', out);
}

static const struct err *print_module(const struct kernel *k, const struct kmodule *m, bool hidden,
				      FILE *out)
{
	static const char *const states[] = {
		[MODULE_LIVE] = "Live",
		[MODULE_COMING] = "Loading",
		[MODULE_GOING] = "Unloading",
	};

	if (m->state == MODULE_UNFORMED)
		return NULL;
	fprintf(out, "%s %u", m->name, m->size_bytes);
	TRY(print_users(k, m, out));
	fprintf(out, " %s 0x%016" PRIx64, states[m->state], hidden ? 0 : m->base.v);
	print_taints(m, out);
	fputc('\n', out);
	return NULL;
}

const struct err *root_modules(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	struct list_iter it;
	struct kmodule m;
	uint32_t restricted;
	gva_t at;

	(void)node;
	TRY(kread_u32(k, kernel_symbol(k, S_kptr_restrict), &restricted));
	TRY(modules_init(&it, k));
	for (;;) {
		long start = ftell(out);
		const struct err *e = modules_next(&it, k, &at);

		if (!e && gva_is_null(at))
			return NULL;
		if (!e)
			e = module_read(k, at, &m);
		if (!e)
			e = print_module(k, &m, restricted >= KPTR_HIDDEN, out);
		TRY(view_pass_line(view, out, start, e));
	}
}
