/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Input: the environment; keepers of this user. */
#include "transcall/front/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"
#include "transcall/front/identity.h"
#include "transcall/front/place.h"

#define ANSWERS_MS 1000 /* whoever waits for a tool is up at once */

const struct err *keeper_program(char *ret, size_t size_bytes)
{
	static const char *const names[] = {"transcall-keeper",
					    "../libexec/remotetrans/transcall-keeper"};
	char own[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", own, sizeof(own) - 1);

	own[len > 0 ? len : 0] = '\0';
	if (strrchr(own, '/'))
		*strrchr(own, '/') = '\0';
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (snprintf(ret, size_bytes, "%s/%s", own, names[i]) < (int)size_bytes &&
		    access(ret, X_OK) == 0)
			return NULL;
	}
	return ERR(ERR_SYSTEM, "transcall-keeper is not beside %.200s/transcall", own);
}

/* --- one that is there ------------------------------------------------------------------------ */

static bool is_shared(const struct options *o)
{
	const char *said = getenv("TRANSCALL_SHARE");

	return !o->no_share && !(said && strcmp(said, "no") == 0);
}

/* A first answer, which is that it heard us, in time; then what it has got, in its time. */
static bool ask(int channel, const struct control *hello, struct control *ret_enter)
{
	struct pollfd p = {.fd = channel, .events = POLLIN};
	bool open;

	if (control_send(channel, hello) || poll(&p, 1, ANSWERS_MS) != 1)
		return false;
	if (control_receive(channel, ret_enter, &open) || !open)
		return false;
	if (ret_enter->kind != CONTROL_HELLO)
		return true;
	return !control_receive(channel, ret_enter, &open) && open;
}

static bool take_kept(const char *path, const struct control *hello, int *ret_channel,
		      struct control *ret_enter)
{
	AUTO_CLOSE int channel = place_connect(path);

	if (channel < 0 || !ask(channel, hello, ret_enter))
		return false;
	*ret_channel = fd_take(&channel);
	return true;
}

/* --- a new one -------------------------------------------------------------------------------- */

/* In a session of its own: what the terminal sends is the tool's. Of what is open it has nothing
 * but the channel, and standard error, until it is told a better one. */
_Noreturn static void become_keeper(const char *program, char *const *argv, int channel)
{
	sigset_t none;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	setsid();
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	if (fcntl(STDERR_FILENO, F_GETFD) & FD_CLOEXEC) /* a stand-in, see main.c; or closed */
		dup2(null, STDERR_FILENO);
	if (channel != 3 && dup2(channel, 3) < 0)
		_exit(ERR_EXIT_CODE);
	fcntl(3, F_SETFD, 0);
	close_range(4, UINT_MAX, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execv(program, argv);
	_exit(ERR_EXIT_CODE);
}

static const struct err *start(const struct options *o, const char *program, int *ret_channel,
			       pid_t *ret)
{
	char *argv[OPTIONS_KEEPER_MAX + 3], pid_text[16];
	int pair[2], n = 0;

	options_for_keeper(o, pid_text, argv);
	while (argv[n])
		n++;
	if (o->listen) {
		argv[n++] = "--listen";
		argv[n++] = (char *)(uintptr_t)o->listen;
	}
	argv[n] = NULL;
	TRY(control_pair(pair));
	*ret = vfork();
	if (*ret == 0)
		become_keeper(program, argv, pair[1]);
	close(pair[1]);
	*ret_channel = pair[0];
	return *ret < 0 ? ERR_ERRNO(ERR_SYSTEM, errno, "cannot start transcall-keeper") : NULL;
}

const struct err *keeper_get(const struct options *o, const struct control *hello, int *ret_channel,
			     struct control *ret_enter, pid_t *ret_own)
{
	char program[PATH_MAX], folder[PLACE_BYTES], identity[IDENTITY_BYTES], path[PATH_MAX];
	struct options of_keeper = *o;
	bool open = false;
	pid_t pid;

	*ret_own = 0;
	TRY(keeper_program(program, sizeof(program)));
	if (is_shared(o) && place_folder(folder)) {
		identity_of(o, program, identity);
		snprintf(path, sizeof(path), "%s/%s", folder, identity);
		of_keeper.listen = path;
		if (take_kept(path, hello, ret_channel, ret_enter))
			return NULL;
	}
	TRY(start(&of_keeper, program, ret_channel, &pid));
	*ret_own = of_keeper.listen ? 0 : pid;
	TRY(control_send(*ret_channel, hello));
	do
		TRY(control_receive(*ret_channel, ret_enter, &open));
	while (open && ret_enter->kind == CONTROL_HELLO);
	return open ? NULL : ERR(ERR_SYSTEM, "transcall-keeper ended early");
}
