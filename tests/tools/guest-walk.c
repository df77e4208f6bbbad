/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest-walk RAMFILE PROFILE - run every reader over a lab guest's RAM; built with sanitizers.
 *
 * Prints what could not be read. Exit status 0, or 1 when the kernel was not found.
 */
#include <stdio.h>

#include "tests/tools/ramguest.h"
#include "transcall/proc/workset.h"

static const struct err *run(const char *ram, const char *profile, struct proc_view *view)
{
	static struct ramguest guest;

	TRY(ramguest_open(&guest, ram, profile));
	TRY(proc_view_init(view, &guest.kernel, 1));
	return workset_walk(view, WORKSET_ALL);
}

int main(int argc, char **argv)
{
	struct proc_view view = {.refresh = NULL};
	const struct err *e;

	if (argc != 3) {
		fprintf(stderr, "usage: %s RAMFILE PROFILE\n", argv[0]);
		return 2;
	}
	e = run(argv[1], argv[2], &view);
	printf("%lu unreadable, %lu not in memory, %lu changed while being read%s%s\n",
	       view.unreadable, view.absent, view.races, e ? ": " : "", e ? e->message : "");
	return e != NULL;
}
