/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/consoles (fs/proc/consoles.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/console.h"
#include "transcall/proc/view.h"

static const struct {
	uint16_t flag;
	char name;
} letters[] = {
	{CONSOLE_ENABLED, 'E'},     {CONSOLE_CONSDEV, 'C'}, {CONSOLE_BOOT, 'B'},
	{CONSOLE_NBCON, 'N'}, /* where the kernel has such consoles */
	{CONSOLE_PRINTBUFFER, 'p'}, {CONSOLE_BRL, 'b'},     {CONSOLE_ANYTIME, 'a'},
};

static void console_print(const struct console *c, bool has_nbcon, FILE *out)
{
	char name[32];

	snprintf(name, sizeof(name), "%s%d", c->name, c->index);
	fprintf(out, "%-20s %c%c%c (", name, c->reads ? 'R' : '-',
		c->writes || (has_nbcon && c->flags & CONSOLE_NBCON) ? 'W' : '-',
		c->unblanks ? 'U' : '-');
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if (has_nbcon || letters[i].flag != CONSOLE_NBCON)
			fputc(c->flags & letters[i].flag ? letters[i].name : ' ', out);
	fputc(')', out);
	if (c->has_device)
		fprintf(out, " %4" PRIu32 ":%" PRIu32, c->major, c->minor);
	fputc('\n', out);
}

const struct err *root_consoles(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	bool has_nbcon = profile_has(view->kernel->profile, F_console_nbcon_state);
	struct console_iter it;
	struct console c;

	(void)node;
	TRY(console_iter_init(&it, view->kernel));
	for (;;) {
		const struct err *e = console_iter_next(&it, view->kernel, &c);

		if (!e && gva_is_null(c.at))
			return NULL;
		if (!e)
			console_print(&c, has_nbcon, out);
		TRY(view_pass_over(view, e));
	}
}
