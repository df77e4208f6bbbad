/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One trapped call after the other. Input: notifications of the tool's kernel. */
#include "transcall/trap/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "transcall/sys/dispatch.h"

#ifndef SECCOMP_ADDFD_FLAG_SEND /* Linux 5.14 */
#define SECCOMP_ADDFD_FLAG_SEND (1UL << 1)
#endif

/* As @number, or where the tool may not have that, as the lowest free one. */
static int add_fd(int listener, struct seccomp_notif_addfd *addfd, int number)
{
	if (number) {
		addfd->flags |= SECCOMP_ADDFD_FLAG_SETFD;
		addfd->newfd = (uint32_t)number;
		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, addfd) >= 0 || errno == ENOENT)
			return number;
		addfd->flags &= ~(uint32_t)SECCOMP_ADDFD_FLAG_SETFD;
		addfd->newfd = 0;
	}
	return ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, addfd);
}

/* ENOENT: the caller was killed meanwhile. */
static const struct err *reply(int listener, uint64_t id, const struct answer *a)
{
	struct seccomp_notif_resp response = {.id = id};
	struct seccomp_notif_addfd addfd = {
		.id = id, .flags = SECCOMP_ADDFD_FLAG_SEND, .srcfd = (uint32_t)a->fd};
	int failed;

	if (a->kind == ANSWER_FD) {
		addfd.newfd_flags = a->cloexec ? O_CLOEXEC : 0;
		failed = add_fd(listener, &addfd, a->number);
		close(a->fd);
		if (failed >= 0 || errno == ENOENT)
			return NULL;
		response.error = -errno; /* EMFILE and the like are the tool's */
	}
	if (a->kind == ANSWER_NATIVE)
		response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	if (a->kind == ANSWER_ERROR)
		response.error = -a->errnum;
	if (a->kind == ANSWER_VALUE)
		response.val = a->value;
	do /* a signal may interrupt waiting for another user of the filter */
		failed = ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
	while (failed < 0 && errno == EINTR);
	if (failed < 0 && errno != ENOENT)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot answer a system call");
	return NULL;
}

const struct err *calls_serve(struct sys *s, int listener)
{
	struct seccomp_notif notification = {0};
	struct answer answer;
	struct call call;

	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &notification) < 0) {
		if (errno == EINTR || errno == ENOENT)
			return NULL; /* the caller is gone already */
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot receive a system call");
	}
	call.who = (struct tracee){
		.listener = listener, .id = notification.id, .tid = (pid_t)notification.pid};
	call.nr = notification.data.nr;
	for (size_t i = 0; i < 6; i++)
		call.args[i] = notification.data.args[i];
	TRY(dispatch(s, &call, &answer));
	return reply(listener, notification.id, &answer);
}
