/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/version and /proc/cmdline. Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <string.h>

#include "transcall/kobj/uts.h"

#define BANNER_BYTES  512
#define CMDLINE_BYTES 4096 /* COMMAND_LINE_SIZE is 2048 */

/* linux_proc_banner is a format with three names to fill in: nothing of it reaches printf here. */
static void print_banner(FILE *out, const char *format, const struct utsname *names)
{
	const char *const fill[] = {names->sysname, names->release, names->version};
	size_t used = 0;

	for (const char *at = format; *at; at++) {
		bool hole = at[0] == '%' && at[1] == 's' && used < sizeof(fill) / sizeof(fill[0]);

		if (hole) {
			fputs(fill[used++], out);
			at++;
		} else {
			fputc(*at, out);
		}
	}
}

const struct err *root_version(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	char format[BANNER_BYTES];
	struct utsname names;
	const struct kernel *k = view->kernel;

	(void)node;
	TRY(kread_str(k, kernel_symbol(k, S_linux_proc_banner), format, sizeof(format)));
	TRY(uts_of_task(k, view->reader, &names));
	print_banner(out, format, &names);
	return NULL;
}

const struct err *root_cmdline(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	char text[CMDLINE_BYTES];
	const struct kernel *k = view->kernel;
	gva_t at;

	(void)node;
	TRY(kread_ptr(k, kernel_symbol(k, S_saved_command_line), &at));
	TRY(kread_str(k, at, text, sizeof(text)));
	fprintf(out, "%s\n", text);
	return NULL;
}
