/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * transcall-keeper - holds the session with the remote VM, and serves the tools of front ends: the
 * one that started it, over descriptor 3, and then, where the session is shared, those that come.
 * Input: our own front ends; all of target/'s.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "remotetrans/base/printable.h"
#include "remotetrans/base/process.h"
#include "remotetrans/base/scope.h"
#include "transcall/front/options.h"
#include "transcall/keeper/death.h"
#include "transcall/keeper/report.h"
#include "transcall/keeper/share.h"
#include "transcall/sys/paths.h"
#include "transcall/sys/syscalls.h"
#include "transcall/trap/run.h"
#include "transcall/vfs/image.h"
#include "transcall/vfs/needs.h"

#define FIRST_CHANNEL 3

struct keeper {
	const struct options *options;
	struct target *target;
	struct guest guest;
	struct run *run;
	struct share share;
};

static const struct err *want(void *context, uint64_t sets)
{
	return target_want(context, sets);
}

static void slept(void *context)
{
	target_slept(context);
}

/* --- one tool ------------------------------------------------------------------------------- */

/* What we say belongs to the tool's front end; -1: to nobody. */
static void speak_to(int fd)
{
	AUTO_CLOSE int null = fd < 0 ? open("/dev/null", O_WRONLY | O_CLOEXEC) : -1;

	dup2(fd < 0 ? null : fd, STDERR_FILENO);
}

static const struct err *have_target(struct keeper *k, const struct hello *hello)
{
	const struct options *o = k->options;
	struct target_options options = {.in_pid = o->in_pid,
					 .sets = needs_of_program(hello->program),
					 .no_compress = o->no_compress,
					 .insecure_unverified = o->insecure_unverified,
					 .insecure_unattested = o->insecure_unattested};

	if (k->target)
		return target_again(k->target, options.sets);
	TRY(target_open(o->target, &options, &k->target));
	k->guest = (struct guest){
		.view = target_view(k->target), .want = want, .slept = slept, .context = k->target};
	share_begin(&k->share, k->target);
	return NULL;
}

static const struct err *run_for(struct keeper *k, int front, const struct hello *hello)
{
	struct control exited = control_of(CONTROL_EXITED);

	report_notices(k->target);
	TRY(run_tool(k->run, front, hello, &exited.value));
	report_incomplete(&k->guest);
	if (hello->stats)
		report_cost(k->target);
	speak_to(-1);
	death_ends_us(-1); /* now it may end */
	return control_send(front, &exited);
}

/* Everything of the tool is gone before it is said why. A front end that is gone, too, is not told
 * anything. */
static void fail(struct keeper *k, int front, const struct err *e)
{
	struct control failed = control_of(CONTROL_FAILED);
	struct pollfd p = {.fd = front};

	death_ends_us(-1);
	run_close(TAKE(k->run));
	if (poll(&p, 1, 0) == 0)
		printable_error(stderr, "transcall", e);
	IGNORE(control_send(front, &failed));
}

/* False: there is to be no other. */
static bool serve(struct keeper *k, int front)
{
	bool first = !k->target, open;
	struct control hello;
	const struct err *e = control_receive(front, &hello, &open);

	if (e || !open || hello.kind != CONTROL_HELLO)
		return false;
	death_ends_us(front);
	speak_to(hello.fds[0]);
	scope_close(&hello.fds[0]);
	hello.fds[0] = -1;
	if (!first)
		e = control_send(front, &hello);
	if (!e)
		e = have_target(k, &hello.hello);
	if (e && !first && e->kind == ERR_PEER)
		return false; /* it ended while it was kept: the front end has another opened */
	if (!e)
		e = run_for(k, front, &hello.hello);
	if (e)
		fail(k, front, e);
	return !e && run_is_fit(k->run);
}

/* --- all of them ---------------------------------------------------------------------------- */

/* A front end that is gone is no reason to die of: the tool is to end first. */
static void set_up(const struct options *o)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files is an error like others */
	signal(SIGCHLD, SIG_DFL);
	umask(022); /* for the shadow */
	fcntl(FIRST_CHANNEL, F_SETFD, FD_CLOEXEC);
	if (o->files_of_host)
		paths_take_files_of_host();
	if (o->notify_only)
		images_turn_off();
}

static const struct err *keep(const struct options *o)
{
	struct keeper k = {.options = o};
	int front = FIRST_CHANNEL;
	bool more;

	set_up(o);
	TRY(process_hide()); /* the session's key */
	share_init(&k.share, o->listen);
	const struct err *e = run_open(&k.guest, &k.run);
	if (e)
		fail(&k, front, e);
	else
		do {
			more = serve(&k, front);
			close(front);
		} while (more && share_wait(&k.share, &front));
	run_close(k.run);
	target_close(k.target);
	return NULL;
}

int main(int argc, char **argv)
{
	struct options options;
	const struct err *e = options_parse(argc, argv, true, &options);

	if (!e && (options.job == JOB_SUPPORT || options.job == JOB_SUPPORT_ROFF))
		syscalls_print(stdout, options.job == JOB_SUPPORT_ROFF);
	else if (!e)
		e = keep(&options);
	if (!e)
		return 0;
	printable_error(stderr, "transcall", e);
	return ERR_EXIT_CODE;
}
