/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Input: texts with names that a server chose. */
#include "transcall/keeper/report.h"

#include <stdlib.h>
#include <unistd.h>

#include "remotetrans/base/printable.h"

/* For a person to know; a script asks `remotetrans info`, or sets require_protected=. */
static void say_unprotected(const struct target *target)
{
	const char *vm = isatty(STDERR_FILENO) ? target_unprotected(target) : NULL;

	if (vm)
		fprintf(stderr, "transcall: VM %s is not protected from its host's administrator\n",
			vm);
}

void report_notices(const struct target *target)
{
	char notice[256];

	target_notice(target, notice, sizeof(notice));
	printable_notice(stderr, "transcall", notice);
	say_unprotected(target);
}

void report_incomplete(const struct guest *guest)
{
	const struct proc_view *view = guest->view;

	if (llabs(guest->skew_seconds) > 1)
		fprintf(stderr,
			"transcall: the guest's clock could not be shown: it is %lld s ahead of "
			"this machine's\n",
			(long long)guest->skew_seconds);
	if (view->unreadable || view->absent || view->races)
		fprintf(stderr,
			"transcall: not everything could be read: %lu unreadable, %lu not in "
			"memory, %lu changed while being read\n",
			view->unreadable, view->absent, view->races);
}

void report_cost(struct target *target)
{
	char cost[512];

	target_phases(target, cost, sizeof(cost));
	printable_clean(cost);
	fprintf(stderr, "transcall: %s\n", cost);
	target_cost(target, cost, sizeof(cost));
	printable_clean(cost);
	fprintf(stderr, "transcall: %s\n", cost);
}
