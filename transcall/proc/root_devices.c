/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/devices (fs/proc/devices.c), misc (drivers/char/misc.c) and fb
 * (drivers/video/fbdev/core/fb_procfs.c). Input: attacker-controlled.
 */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/devnum.h"
#include "transcall/proc/view.h"

static const struct err *majors_print(struct proc_view *view, enum devnum_kind kind, FILE *out)
{
	struct devnum_iter it;
	struct devnum d;

	devnum_majors_init(&it, kind);
	for (;;) {
		const struct err *e = devnum_majors_next(&it, view->kernel, &d);

		if (!e && gva_is_null(d.at))
			return NULL;
		if (!e)
			fprintf(out, "%3" PRId32 " %s\n", (int32_t)d.number, d.name);
		TRY(view_pass_over(view, e));
	}
}

const struct err *root_devices(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	(void)node;
	fputs("Character devices:\n", out);
	TRY(majors_print(view, DEVNUM_CHAR, out));
	fputs("\nBlock devices:\n", out);
	return majors_print(view, DEVNUM_BLOCK, out);
}

const struct err *root_misc(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct list_iter it;
	struct devnum d;

	(void)node;
	TRY(devnum_misc_init(&it, view->kernel));
	for (;;) {
		const struct err *e = devnum_misc_next(&it, view->kernel, &d);

		if (!e && gva_is_null(d.at))
			return NULL;
		if (!e)
			fprintf(out, "%3" PRId32 " %s\n", (int32_t)d.number, d.name);
		TRY(view_pass_over(view, e));
	}
}

const struct err *root_fb(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct devnum d;

	(void)node;
	if (!view->kernel->profile->has_symbol[S_registered_fb])
		return ERR(ERR_ABSENT, "frame buffers are a module of this kernel");
	for (unsigned i = 0; i < DEVNUM_FBS; i++) {
		TRY(devnum_fb_read(view->kernel, i, &d));
		if (!gva_is_null(d.at))
			fprintf(out, "%" PRId32 " %s\n", (int32_t)d.number, d.name);
	}
	return NULL;
}
