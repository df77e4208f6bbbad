/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Process 1 of the tool's pid namespace. Allocates nothing after clone.
 *
 * The tool is no child of it at first: it becomes one when who started it (front/enter.c) ends. So
 * process 1 waits for nobody before it is told which process the tool is, and misses none.
 */
#include "transcall/trap/inside.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "transcall/trap/mounts.h"
#include "transcall/trap/namespaces.h"

/* Nobody to tell: the keeper is gone, and its end ends us. */
static void tell(const struct inside *in, const struct control *message)
{
	if (control_send(in->channel, message))
		_exit(ERR_EXIT_CODE);
}

_Noreturn static void fail(const struct inside *in, const struct err *e)
{
	struct control message = control_of(CONTROL_FAILED);

	memcpy(message.text, e->message, sizeof(message.text));
	tell(in, &message);
	_exit(ERR_EXIT_CODE);
}

static void make(const struct inside *in)
{
	struct control tree;
	const struct err *e;

	prctl(PR_SET_DUMPABLE, 1); /* our /proc/self must be ours, to set up a user namespace */
	e = namespaces_make(in->privileged, in->uid, in->gid, &tree);
	if (e)
		fail(in, e);
	prctl(PR_SET_DUMPABLE, 0);
	tell(in, &tree);
	if (in->channel > 0)
		close_range(0, (unsigned)in->channel - 1, 0);
	close_range((unsigned)in->channel + 1, UINT_MAX, 0);
}

/* What the tool left behind: its processes. Who is forked meanwhile is found the next time. */
static void end_all(void)
{
	do
		kill(-1, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR);
}

/* Until the tool's first process ends; then no other is left. */
static void wait_for(const struct inside *in, pid_t tool)
{
	struct control message;
	int status;

	for (;;) {
		pid_t pid = waitpid(-1, &status, WUNTRACED);

		if (pid < 0 && errno != EINTR)
			_exit(ERR_EXIT_CODE);
		if (pid != tool)
			continue;
		message = control_of(WIFSTOPPED(status) ? CONTROL_STOPPED : CONTROL_EXITED);
		message.value = status;
		if (WIFSTOPPED(status)) {
			tell(in, &message);
			continue;
		}
		end_all();
		mounts_clean();
		tell(in, &message);
		return;
	}
}

_Noreturn void inside_run(const struct inside *in)
{
	struct control tool;
	bool open;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "transcall-init");
	make(in);
	while (!control_receive(in->channel, &tool, &open) && open)
		wait_for(in, tool.value);
	_exit(0);
}
