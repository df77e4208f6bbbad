/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Process 1 of the tool's pid namespace, and the tool until exec. Allocates nothing after clone. */
#include "transcall/trap/inside.h"

#include <errno.h>
#include <limits.h>
#include <linux/sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "transcall/trap/control.h"
#include "transcall/trap/preload.h"

/* Nobody to tell: the supervisor is gone, and its end ends us. */
static void tell(const struct inside *in, const struct control *message)
{
	if (control_send(in->channel, message))
		_exit(ERR_EXIT_CODE);
}

_Noreturn static void fail(const struct inside *in, const struct err *e)
{
	struct control message = {.kind = CONTROL_FAILED, .fds = {-1, -1}};

	memcpy(message.text, e->message, sizeof(message.text));
	tell(in, &message);
	_exit(ERR_EXIT_CODE);
}

_Noreturn static void become_tool(const struct inside *in)
{
	struct control message = {.kind = CONTROL_LISTENER, .fds = {-1, -1}};
	const struct err *e;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	e = filter_install(in->filter, &message.fds[0]);
	if (e)
		fail(in, e);
	tell(in, &message);
	close(message.fds[0]);
	sigprocmask(SIG_SETMASK, in->mask, NULL);
	preload_set();
	execvp(in->argv[0], in->argv);
	message = (struct control){.kind = CONTROL_NO_PROGRAM, .value = errno, .fds = {-1, -1}};
	tell(in, &message);
	_exit(errno == ENOENT ? 127 : 126);
}

/* fork() with a descriptor of the child. */
static pid_t fork_tool(int *ret_pidfd)
{
	struct clone_args args = {.flags = CLONE_PIDFD,
				  .pidfd = (uint64_t)(uintptr_t)ret_pidfd,
				  .exit_signal = SIGCHLD};

	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

/* Until the tool's first process ends: then process 1 does, and the kernel ends all others. */
static void wait_for(const struct inside *in, pid_t tool)
{
	struct control message = {.fds = {-1, -1}};
	int status;

	for (;;) {
		pid_t pid = waitpid(-1, &status, WUNTRACED);

		if (pid < 0 && errno != EINTR)
			_exit(ERR_EXIT_CODE);
		if (pid != tool)
			continue;
		message.value = status;
		message.kind = WIFSTOPPED(status) ? CONTROL_STOPPED : CONTROL_EXITED;
		tell(in, &message);
		if (!WIFSTOPPED(status))
			return;
	}
}

_Noreturn void inside_run(const struct inside *in)
{
	struct control tree = {.kind = CONTROL_TREE, .fds = {-1, -1}};
	struct control started = {.kind = CONTROL_TOOL, .fds = {-1, -1}};
	uint32_t lifted;
	const struct err *e;
	pid_t tool;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "transcall-init");
	prctl(PR_SET_DUMPABLE, 1); /* our /proc/self must be ours, to set up a user namespace */
	e = namespaces_enter(in->world, in->privileged, &tree.fds[0], &tree.fds[1], &lifted);
	if (e)
		fail(in, e);
	prctl(PR_SET_DUMPABLE, 0); /* we are a copy of the supervisor, keys and all */
	tree.value = (int)lifted;
	tell(in, &tree);
	tool = fork_tool(&started.fds[0]);
	if (tool < 0)
		fail(in, ERR_ERRNO(ERR_SYSTEM, errno, "cannot start the tool"));
	if (tool == 0)
		become_tool(in);
	tell(in, &started);
	if (in->channel > 0)
		close_range(0, (unsigned)in->channel - 1, 0);
	close_range((unsigned)in->channel + 1, UINT_MAX, 0);
	wait_for(in, tool);
	_exit(0);
}
