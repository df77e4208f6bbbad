/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest-walk RAMFILE PROFILE - run every reader over a lab guest's RAM; built with sanitizers.
 *
 * Prints what could not be read. Exit status 0; 1 when the kernel was not found; 3 when there was
 * more to read than 15 s suffice for.
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/tools/ramguest.h"
#include "transcall/proc/workset.h"

#define SECONDS    15
#define TOO_LONG   3
#define POOL_UNITS (1u << 22) /* as the server's walk */

static void give_up(int signal)
{
	(void)signal;
	_exit(TOO_LONG);
}

static const struct err *run(const char *ram, const char *profile, struct proc_view *view)
{
	static struct ramguest guest;

	TRY(ramguest_open(&guest, ram, profile));
	TRY(proc_view_init(view, &guest.kernel, 1));
	work_fill(&view->work, POOL_UNITS);
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
	signal(SIGALRM, give_up);
	alarm(SECONDS);
	e = run(argv[1], argv[2], &view);
	printf("%lu unreadable, %lu not in memory, %lu changed while being read%s%s\n",
	       view.unreadable, view.absent, view.races, e ? ": " : "", e ? e->message : "");
	return e != NULL;
}
