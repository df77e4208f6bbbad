/* SPDX-License-Identifier: GPL-2.0-or-later */
/* By SIGIO: the answer of a server may take seconds. Process 1 of the tool's dies of our death. */
#include "transcall/keeper/death.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

#include "remotetrans/base/err.h"

static volatile sig_atomic_t watched = -1;

/* There are messages, or the other side is gone. */
static void look(int signal)
{
	int before = errno;
	ssize_t len;
	char c;

	(void)signal;
	do
		len = watched < 0 ? 1 : recv(watched, &c, sizeof(c), MSG_PEEK | MSG_DONTWAIT);
	while (len < 0 && errno == ECONNRESET);
	if (len == 0)
		_exit(ERR_EXIT_CODE);
	errno = before;
}

void death_ends_us(int channel)
{
	struct sigaction action = {.sa_handler = look, .sa_flags = SA_RESTART};

	watched = channel;
	if (channel < 0)
		return;
	sigaction(SIGIO, &action, NULL);
	fcntl(channel, F_SETOWN, getpid());
	fcntl(channel, F_SETFL, O_RDWR | O_ASYNC);
	look(SIGIO); /* if it is gone already */
}
