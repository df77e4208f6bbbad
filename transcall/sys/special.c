/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptors that stand for objects of the guest. Input: the tool's arguments; the guest's answers. */
#include "transcall/sys/special.h"

#include <errno.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"
#include "transcall/sys/sys.h"

static int free_number(const struct call *call)
{
	struct stat st;

	for (int fd = SPECIAL_FIRST; fd < SPECIAL_FIRST + SPECIAL_COUNT; fd++)
		if (tracee_fstat(&call->who, fd, &st) == EBADF)
			return fd;
	return 0;
}

void special_answer(struct sys *s, const struct call *call, const struct proc_namespace *ns,
		    struct answer *ret)
{
	AUTO_CLOSE int fd = memfd_create(ns->entry, MFD_CLOEXEC);
	struct special *special = &s->special[s->special_count % SPECIAL_COUNT];
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		answer_error(ret, errno);
		return;
	}
	*special = (struct special){.dev = st.st_dev, .ino = st.st_ino, .ns = *ns};
	s->special_count++;
	*ret = (struct answer){.kind = ANSWER_FD,
			       .fd = fd_take(&fd),
			       .number = free_number(call),
			       .cloexec = true};
}

const struct proc_namespace *special_find(const struct sys *s, const struct call *call, int fd)
{
	struct stat st;

	if (tracee_fstat(&call->who, fd, &st))
		return NULL;
	for (size_t i = 0; i < SPECIAL_COUNT; i++)
		if (s->special[i].ino == st.st_ino && s->special[i].dev == st.st_dev)
			return &s->special[i].ns;
	return NULL;
}

/* ioctl_ns(2): what the guest's namespace is related to. */
static const struct err *relative(struct sys *s, const struct call *call,
				  const struct proc_namespace *ns, bool parent, struct answer *ret)
{
	bool is_pid = proc_namespace_type(ns) == CLONE_NEWPID;
	struct proc_namespace other;
	const struct err *e;

	if (parent && !is_pid && proc_namespace_type(ns) != CLONE_NEWUSER) {
		answer_error(ret, EINVAL);
		return NULL;
	}
	e = parent && is_pid ? proc_namespace_parent(s->guest->view, ns, &other)
			     : proc_namespace_owner(s->guest->view, ns, &other);
	if (e && e->kind == ERR_ABSENT) {
		answer_error(ret, EPERM);
		return NULL;
	}
	TRY(e);
	special_answer(s, call, &other, ret);
	return NULL;
}

static const struct err *owner_uid(struct sys *s, const struct call *call,
				   const struct proc_namespace *ns, struct answer *ret)
{
	uint32_t uid;

	if (proc_namespace_type(ns) != CLONE_NEWUSER) {
		answer_error(ret, EINVAL);
		return NULL;
	}
	TRY(proc_namespace_uid(s->guest->view, ns, &uid));
	answer_written(ret, tracee_write(&call->who, call->args[2], &uid, sizeof(uid)));
	return NULL;
}

const struct err *sys_ns_ioctl(struct sys *s, const struct call *call, struct answer *ret)
{
	const struct proc_namespace *ns = special_find(s, call, (int)(uint32_t)call->args[0]);

	answer_native(ret);
	if (!ns)
		return NULL;
	switch ((uint32_t)call->args[1]) {
	case NS_GET_USERNS:
		return relative(s, call, ns, false, ret);
	case NS_GET_PARENT:
		return relative(s, call, ns, true, ret);
	case NS_GET_NSTYPE:
		answer_value(ret, proc_namespace_type(ns));
		return NULL;
	case NS_GET_OWNER_UID:
		return owner_uid(s, call, ns, ret);
	default:
		answer_error(ret, ENOTTY);
		return NULL;
	}
}
