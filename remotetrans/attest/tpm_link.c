/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The connection to a TPM. Input: what it, or whoever poses as it, sends. */
#include "remotetrans/attest/tpm_link.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "remotetrans/base/buf.h"
#include "remotetrans/base/scope.h"

#define HEAD_BYTES 10u /* tag, size, code: TPM 2.0 part 1, section 18 */

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t tpm_link_after_ms(uint64_t timeout_ms)
{
	return now_ns() + timeout_ms * 1000000u;
}

static const char *after(const char *text, const char *start)
{
	size_t len = strlen(start);

	return strncmp(text, start, len) == 0 && text[len] ? text + len : NULL;
}

const char *tpm_link_path(const char *name)
{
	const char *device = after(name, TPM_NAME_DEVICE);

	return device ? device : after(name, TPM_NAME_SWTPM);
}

static const char *remedy(int error)
{
	switch (error) {
	case EACCES:
	case EPERM:
		return "; let the user that asks use it (group tss)";
	case EBUSY:
		return "; another program has it: use the kernel's resource manager, /dev/tpmrm0";
	default:
		return "; is the TPM switched on in the firmware, and its driver loaded?";
	}
}

static const struct err *open_device(const char *path, int *ret)
{
	*ret = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (*ret >= 0)
		return NULL;
	int error = errno;
	return ERR(ERR_PEER, "no TPM at %s: %s%s", path, strerror(error), remedy(error));
}

static const struct err *open_socket(const char *path, int *ret)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	if (strlen(path) >= sizeof(address.sun_path))
		return ERR(ERR_USAGE, "%s: longer than a socket's path may be", path);
	strcpy(address.sun_path, path);
	*ret = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (*ret < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot create a socket");
	if (connect(*ret, (struct sockaddr *)&address, sizeof(address)) == 0)
		return NULL;
	int error = errno; /* EAGAIN: others are waiting already */
	return ERR(ERR_PEER, "no swtpm at %s: %s; %s", path, strerror(error),
		   error == EAGAIN ? "it is busy" : "is it running?");
}

const struct err *tpm_link_open(const char *name, struct tpm_link *ret)
{
	const char *path = tpm_link_path(name);

	*ret = (struct tpm_link){.fd = -1, .is_socket = after(name, TPM_NAME_SWTPM)};
	if (!path)
		return ERR(ERR_USAGE,
			   "'%.100s' names no TPM: it is " TPM_NAME_DEVICE
			   "/dev/tpmrm0, or " TPM_NAME_SWTPM "SOCKET",
			   name);
	return ret->is_socket ? open_socket(path, &ret->fd) : open_device(path, &ret->fd);
}

void tpm_link_close(struct tpm_link *l)
{
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
}

static const struct err *wait_for(int fd, short events, uint64_t deadline_ns)
{
	struct pollfd p = {.fd = fd, .events = events};
	uint64_t now = now_ns();
	int status = poll(&p, 1, now < deadline_ns ? (int)((deadline_ns - now) / 1000000u) : 0);

	if (status > 0 || (status < 0 && errno == EINTR))
		return NULL;
	if (status < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "poll");
	return ERR(ERR_PEER, "the TPM does not answer: another program keeps it busy, or it hangs");
}

static const struct err *lost(const char *why)
{
	return ERR(ERR_PEER, "the connection to the TPM is lost: %s", why);
}

const struct err *tpm_link_send(struct tpm_link *l, const uint8_t *command, size_t len_bytes,
				uint64_t deadline_ns)
{
	while (len_bytes) {
		ssize_t n = l->is_socket ? send(l->fd, command, len_bytes, MSG_NOSIGNAL)
					 : write(l->fd, command, len_bytes);

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return lost(strerror(errno));
		if (n < 0) {
			TRY(wait_for(l->fd, POLLOUT, deadline_ns));
			continue;
		}
		command += n;
		len_bytes -= (size_t)n;
	}
	return NULL;
}

/* How long the response says it is; 0: its head is not there yet. */
static size_t length_of(const uint8_t *response, size_t have_bytes)
{
	struct buf_reader r = buf_reader_over(response, have_bytes);
	uint32_t size = 0;

	if (have_bytes < HEAD_BYTES || buf_skip(&r, 2) || buf_read_u32(&r, &size))
		return 0;
	size = __builtin_bswap32(size);
	return size < HEAD_BYTES ? SIZE_MAX : size;
}

const struct err *tpm_link_receive(struct tpm_link *l, uint8_t *ret, size_t size_bytes,
				   size_t *ret_len_bytes, uint64_t deadline_ns)
{
	size_t have = 0, whole = 0;

	while (!whole || have < whole) {
		TRY(wait_for(l->fd, POLLIN, deadline_ns));
		/* a device gives a response by one read or never */
		ssize_t n = read(l->fd, ret + have, size_bytes - have);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (n <= 0)
			return lost(n < 0 ? strerror(errno) : "it was closed");
		have += (size_t)n;
		whole = length_of(ret, have);
		if (whole > size_bytes || (whole && have > whole))
			return lost("what it sent is no response");
	}
	*ret_len_bytes = whole;
	return NULL;
}
