/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filters of the listener, of clients' processes, and of the attester. */
#include "remotetrans/server/confinement.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "remotetrans/attest/tpm_link.h"
#include "remotetrans/base/confine.h"
#include "remotetrans/server/backend.h"
#include "remotetrans/server/bootlog.h"

#define STORE_PROFILES                                                                             \
	(LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_WRITE_FILE |                             \
	 LANDLOCK_ACCESS_FS_REMOVE_FILE)
#define NEW_FILE (O_CREAT | O_EXCL)

static const struct confine_rule client[] = {
	/* the connection, the VMM's socket, the walk's */
	CONFINE_CALL(read),
	CONFINE_CALL(write),
	CONFINE_CALL(recvfrom),
	CONFINE_CALL(sendto),
	CONFINE_CALL(poll),
	CONFINE_CALL(close),
	CONFINE_CALL_IF(socket, CONFINE_IS(0, AF_UNIX), CONFINE_BITS(1, 0xf, SOCK_STREAM)),
	CONFINE_CALL(connect),
	/* guest RAM, images, profiles, the list of revoked certificates */
	CONFINE_OPEN_READ,
	CONFINE_CALL(newfstatat),
	CONFINE_CALL(fstat),
	CONFINE_CALL(lseek),
	CONFINE_CALL(pread64),
	CONFINE_CALL(fcntl),
	CONFINE_CALL(getdents64),
	CONFINE_CALL_IF(mmap, CONFINE_IS(2, PROT_READ)),
	CONFINE_CALL_IF(mprotect, CONFINE_BITS(2, PROT_EXEC, 0)),
	/* a question to the attester, with a descriptor */
	CONFINE_CALL(sendmsg),
	/* a new profile */
	CONFINE_CALL_IF(openat, CONFINE_BITS(2, NEW_FILE, NEW_FILE)),
	CONFINE_CALL(rename),
	CONFINE_CALL(unlink),
	/* OpenSSL */
	CONFINE_CALL(getrandom),
	CONFINE_CALL(getpid),
	/* the walk's child, and that it confines itself */
	CONFINE_CALL_IF(socketpair, CONFINE_IS(0, AF_UNIX)),
	CONFINE_FORK,
	CONFINE_KILL,
	CONFINE_CALL(wait4),
	CONFINE_CALL_IF(prctl, CONFINE_IS(0, PR_SET_PDEATHSIG)),
	CONFINE_CALL_IF(prctl, CONFINE_IS(0, PR_SET_NO_NEW_PRIVS)),
	CONFINE_CALL_IF(prctl, CONFINE_IS(0, PR_SET_SECCOMP)),
	CONFINE_CALL(seccomp),
	CONFINE_CALL_IF(prlimit64, CONFINE_IS(0, 0)),
	CONFINE_CALL(close_range),
};

/* The listener needs all of that, since its children inherit its filter; and for itself: */
static const struct confine_rule listener[] = {
	CONFINE_CALL(accept4),         CONFINE_CALL(getppid),    CONFINE_CALL(getpeername),
	CONFINE_CALL(getsockname),     CONFINE_CALL(setsockopt), CONFINE_CALL(rt_sigprocmask),
	CONFINE_CALL(clock_nanosleep),
};

/* The attester: the TPM's device, or a socket in its place; requests with descriptors. */
#define OPEN_DEVICE CONFINE_CALL_IF(openat, CONFINE_BITS(2, O_ACCMODE | O_CREAT | O_TRUNC, O_RDWR))

static const struct confine_rule attester[] = {
	CONFINE_CALL(read),
	CONFINE_CALL(write),
	CONFINE_CALL(sendto),
	CONFINE_CALL(poll),
	CONFINE_CALL(close),
	CONFINE_CALL_IF(socket, CONFINE_IS(0, AF_UNIX), CONFINE_BITS(1, 0xf, SOCK_STREAM)),
	CONFINE_CALL(connect),
	CONFINE_CALL(recvmsg),
	OPEN_DEVICE,
	CONFINE_CALL(getrandom),
	CONFINE_CALL(getpid),
};

/* What it and its confinement need beyond what the listener has anyway. */
static const struct confine_rule attester_from_listener[] = {
	CONFINE_CALL(recvmsg),
	OPEN_DEVICE,
	CONFINE_CALL_IF(prctl, CONFINE_IS(0, PR_SET_NAME)),
	CONFINE_CALL(dup2),
	CONFINE_CALL(access),
	CONFINE_CALL(landlock_create_ruleset),
	CONFINE_CALL(landlock_add_rule),
	CONFINE_CALL(landlock_restrict_self),
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Beyond what all need, for a VM or for the hypervisor's event log. NULL: nothing; no two backends
 * need something. */
static const struct backend_needs *needs_of(const struct server_config *c)
{
	const struct backend_ops *ops;

	if (bootlog_is_xen(c) && !backend_by_name(BOOTLOG_XEN, &ops))
		return ops->needs;
	for (size_t i = 0; i < c->vm_count; i++)
		if (!backend_by_name(c->vms[i].backend, &ops) && ops->needs)
			return ops->needs;
	return NULL;
}

#define RULES_MAX (COUNT(listener) + COUNT(attester_from_listener) + BACKEND_NEEDS_MAX)

static size_t add(struct confine_rule *more, size_t used, const struct confine_rule *rules,
		  size_t count)
{
	for (size_t i = 0; i < count; i++)
		more[used + i] = rules[i];
	return used + count;
}

static const struct err *confine(const struct server_config *c, bool is_listener)
{
	const struct backend_needs *needs = needs_of(c);
	struct confine_rule more[RULES_MAX];
	size_t count = 0;

	if (needs)
		count = add(more, count, needs->calls, needs->call_count);
	if (is_listener)
		count = add(more, count, listener, COUNT(listener));
	if (is_listener && c->tpm[0])
		count = add(more, count, attester_from_listener, COUNT(attester_from_listener));
	return confine_calls(client, COUNT(client), more, count);
}

/* Devices to be written to: the backend's, and the TPM. */
#define DEVICES_MAX 8

static const struct err *confine_to_devices(const char *folder, const struct backend_needs *needs,
					    const char *tpm)
{
	const char *devices[DEVICES_MAX + 2] = {NULL};
	size_t count = 0;

	for (; needs && needs->devices && needs->devices[count] && count < DEVICES_MAX; count++)
		devices[count] = needs->devices[count];
	if (tpm[0])
		devices[count] = tpm_link_path(tpm);
	return confine_files(folder, STORE_PROFILES, devices);
}

const struct err *confinement_listener(const struct server_config *c)
{
	TRY(confine_to_devices(c->profiles, needs_of(c), c->tpm));
	return confine(c, true);
}

const struct err *confinement_client(const struct server_config *c)
{
	return confine(c, false);
}

const struct err *confinement_attester(const struct server_config *c)
{
	TRY(confine_to_devices("", NULL, c->tpm));
	return confine_calls(attester, COUNT(attester), NULL, 0);
}
