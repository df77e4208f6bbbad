/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The attester and its callers. Input: requests of clients' processes, which may be taken over. */
#include "remotetrans/server/attester.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "remotetrans/base/process.h"
#include "remotetrans/base/scope.h"
#include "remotetrans/server/confinement.h"
#include "remotetrans/server/journal.h"
#include "remotetrans/wire/stream.h"

#define RESTART_MS    1000
#define ATTESTER_NAME "rt-attester" /* for ps */

static void refuse(struct attester_answer *a, enum wire_error refusal, const char *why)
{
	memset(a, 0, sizeof(*a));
	a->refusal = refusal;
	snprintf(a->why, sizeof(a->why), "%.*s", (int)WIRE_REMARK_MAX, why);
}

/* --- the attester's process --------------------------------------------------------------------
 */

static const struct err *carry_out(struct tpm *t, const struct attester_request *r,
				   struct attester_answer *ret)
{
	switch (r->op) {
	case ATTESTER_QUOTE:
		return tpm_quote(t, r->qualifying, &ret->quote);
	case ATTESTER_ENDORSE:
		return tpm_endorsement(t, &ret->endorsement);
	case ATTESTER_ACTIVATE:
		return tpm_activate(t, &r->credential, &r->secret, ret->secret);
	default:
		return ERR(ERR_PROTO, "no such request to the attester");
	}
}

static const struct err *with_tpm(const char *tcti, const struct attester_request *r,
				  struct attester_answer *ret)
{
	struct tpm *t;

	TRY(tpm_open(tcti, &t));
	const struct err *e = carry_out(t, r, ret);
	tpm_close(t);
	return e;
}

/* Whoever asked may have given up while others were served. */
static bool is_waiting(int fd)
{
	struct pollfd p = {.fd = fd};

	return poll(&p, 1, 0) == 0;
}

static void serve(const char *tcti, const struct attester_request *r, int fd)
{
	static struct attester_answer answer;

	if (!is_waiting(fd))
		return;
	memset(&answer, 0, sizeof(answer)); /* nothing of another client's answer */
	const struct err *e = with_tpm(tcti, r, &answer);
	if (e) {
		journal_say("%s", e->message);
		refuse(&answer, WIRE_ERROR_BACKEND, e->message);
	}
	(void)send(fd, &answer, sizeof(answer), MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* The descriptor that came with @m, and no more than one; -1: none. */
static int descriptor_of(struct msghdr *m)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(m);
	int fd = -1;

	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len == CMSG_LEN(sizeof(fd)))
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

union rights {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static _Noreturn void loop(const char *tcti, int queue)
{
	static struct attester_request request;

	for (;;) {
		union rights rights;
		struct iovec part = {&request, sizeof(request)};
		struct msghdr m = {.msg_iov = &part,
				   .msg_iovlen = 1,
				   .msg_control = &rights,
				   .msg_controllen = sizeof(rights)};
		ssize_t n = recvmsg(queue, &m, MSG_CMSG_CLOEXEC);
		AUTO_CLOSE int fd = n < 0 ? -1 : descriptor_of(&m);

		if (n <= 0 && errno != EINTR)
			_exit(1);
		if (fd >= 0 && n == sizeof(request) && !(m.msg_flags & (MSG_TRUNC | MSG_CTRUNC)))
			serve(tcti, &request, fd);
	}
}

static _Noreturn void attester_process(const struct attester *a, pid_t listener)
{
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != listener)
		_exit(1);
	prctl(PR_SET_NAME, ATTESTER_NAME);
	int queue = dup2(a->serve_fd, STDERR_FILENO + 1);
	close_range(STDERR_FILENO + 2, ~0u, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	const struct err *e = confinement_attester(a->config);
	if (!e)
		loop(a->config->tpm, queue);
	journal_say("attester: %s: %s", err_kind_name(e->kind), e->message);
	_exit(1);
}

/* --- the listener ------------------------------------------------------------------------------
 */

const struct err *attester_init(struct attester *a, const struct server_config *c)
{
	int pair[2];

	*a = (struct attester){.config = c, .ask_fd = -1, .serve_fd = -1};
	if (!c->tpm[0])
		return NULL;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "attester");
	a->ask_fd = pair[0];
	a->serve_fd = pair[1];
	return NULL;
}

void attester_deinit(struct attester *a)
{
	scope_close(&a->ask_fd);
	scope_close(&a->serve_fd);
}

static void start(struct attester *a)
{
	pid_t listener = getpid();
	int pidfd = -1;
	pid_t pid = process_fork(&pidfd);

	if (pid == 0)
		attester_process(a, listener);
	if (pid < 0)
		journal_say("cannot start the attester: %s", strerror(errno));
	else
		close(pidfd);
	a->pid = pid < 0 ? 0 : pid;
	a->start_at_ns = stream_after_ms(RESTART_MS);
}

int attester_tend(struct attester *a)
{
	if (a->serve_fd < 0 || a->pid)
		return -1;
	if (stream_now_ns() >= a->start_at_ns)
		start(a);
	return a->pid ? -1 : RESTART_MS;
}

bool attester_ended(struct attester *a, pid_t pid)
{
	if (pid != a->pid || !pid)
		return false;
	a->pid = 0;
	journal_say("the attester has ended; starting another");
	return true;
}

/* --- a client's process ------------------------------------------------------------------------
 */

static int ask_fd = -1;

void attester_enter(struct attester *a)
{
	scope_close(&a->serve_fd);
	a->serve_fd = -1;
	ask_fd = a->ask_fd;
}

static bool send_request(const struct attester_request *request, int answer_fd)
{
	union rights rights = {.align = {.cmsg_level = SOL_SOCKET,
					 .cmsg_type = SCM_RIGHTS,
					 .cmsg_len = CMSG_LEN(sizeof(int))}};
	struct iovec part = {(void *)request, sizeof(*request)};
	struct msghdr m = {.msg_iov = &part,
			   .msg_iovlen = 1,
			   .msg_control = &rights,
			   .msg_controllen = sizeof(rights)};

	memcpy(CMSG_DATA(&rights.align), &answer_fd, sizeof(answer_fd));
	return sendmsg(ask_fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT) == sizeof(*request);
}

static bool comes_by(int fd, uint64_t deadline_ns)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	int status;

	do {
		uint64_t now = stream_now_ns();

		status = poll(&p, 1, now < deadline_ns ? (int)((deadline_ns - now) / 1000000u) : 0);
	} while (status < 0 && errno == EINTR);
	return status > 0;
}

/* Lengths are not believed: it is the attester that reads what the TPM says. */
static bool is_sound(const struct attester_request *request, const struct attester_answer *a)
{
	const struct tpm_quote *q = &a->quote;
	const struct tpm_endorsement *e = &a->endorsement;

	if (a->refusal)
		return memchr(a->why, 0, sizeof(a->why)) != NULL;
	if (request->op == ATTESTER_QUOTE)
		return q->quote.len_bytes <= TPM_BLOB_MAX &&
		       q->signature.len_bytes <= TPM_BLOB_MAX &&
		       q->ak_public.len_bytes <= TPM_BLOB_MAX && q->pcr_count <= TPM_PCRS;
	if (request->op == ATTESTER_ENDORSE)
		return e->ek_certificate.len_bytes <= TPM_BLOB_MAX &&
		       e->ek_public.len_bytes <= TPM_BLOB_MAX &&
		       e->ak_public.len_bytes <= TPM_BLOB_MAX;
	return true;
}

void attester_ask(const struct attester_request *request, struct attester_answer *ret)
{
	int pair[2];

	if (ask_fd < 0) {
		refuse(ret, WIRE_ERROR_BACKEND,
		       "this host has no TPM for us: tpm= in remotetransd.conf names none");
		return;
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
		refuse(ret, WIRE_ERROR_BACKEND, "no socket for the attester");
		return;
	}
	AUTO_CLOSE int mine = pair[0];
	bool sent = send_request(request, pair[1]);
	close(pair[1]);
	if (!sent || !comes_by(mine, stream_after_ms(ATTESTER_TIMEOUT_MS)))
		refuse(ret, WIRE_ERROR_BUSY,
		       "the TPM is busy with other requests, or hangs; try again later");
	else if (recv(mine, ret, sizeof(*ret), 0) != sizeof(*ret) || !is_sound(request, ret))
		refuse(ret, WIRE_ERROR_BUSY, "the attester ended in the middle; try again");
}
