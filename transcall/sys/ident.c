/* SPDX-License-Identifier: GPL-2.0-or-later */
/* uname, sysinfo and the clocks. */
#include <errno.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <time.h>

#include "transcall/sys/process.h"
#include "transcall/trap/vdso.h"

#define NS_PER_SECOND UINT64_C(1000000000)

const struct err *sys_uname(struct sys *s, const struct call *call, struct answer *ret)
{
	struct utsname name = {0};

	TRY(vfs_want(&s->vfs, "/proc/version"));
	TRY(guest_uname(s->guest, &name));
	answer_written(ret, tracee_write(&call->who, call->args[0], &name, sizeof(name)));
	return NULL;
}

const struct err *sys_sysinfo(struct sys *s, const struct call *call, struct answer *ret)
{
	struct sysinfo info = {0};

	TRY(vfs_want(&s->vfs, "/proc/meminfo"));
	TRY(guest_sysinfo(s->guest, &info));
	TRY(process_roll(s));
	info.procs = (unsigned short)s->roll.tasks;
	answer_written(ret, tracee_write(&call->who, call->args[0], &info, sizeof(info)));
	return NULL;
}

/* false: the guest's clock cannot be told; the tool gets this machine's, which is said at the end.
 */
static const struct err *now(struct sys *s, uint64_t *ret_wall_ns, uint64_t *ret_boot_ns, bool *ret)
{
	const struct err *e;

	TRY(vfs_want(&s->vfs, "/proc/uptime"));
	e = clock_read(&s->clock, s->guest, s->vfs.snapshots, ret_wall_ns, ret_boot_ns);
	*ret = !e;
	if (!e)
		return NULL;
	s->clock.native = true;
	return e->kind == ERR_ABSENT || e->kind == ERR_FAULT || e->kind == ERR_RACE ? NULL : e;
}

/* TAI minus UTC is the guest's secret of no tool's interest: 0, as in a kernel nobody told it. */
const struct err *sys_clock_gettime(struct sys *s, const struct call *call, struct answer *ret)
{
	uint64_t wall_ns, boot_ns, ns;
	struct timespec t;

	bool known;

	answer_native(ret);
	TRY(now(s, &wall_ns, &boot_ns, &known));
	if (!known)
		return NULL;
	ns = (uint32_t)call->args[0] == CLOCK_BOOTTIME ? boot_ns : wall_ns;
	t = (struct timespec){.tv_sec = (time_t)(ns / NS_PER_SECOND),
			      .tv_nsec = (long)(ns % NS_PER_SECOND)};
	answer_written(ret, tracee_write(&call->who, call->args[1], &t, sizeof(t)));
	return NULL;
}

const struct err *sys_gettimeofday(struct sys *s, const struct call *call, struct answer *ret)
{
	uint64_t wall_ns, boot_ns;
	struct timezone zone = {0};
	struct timeval t;
	int errnum = 0;

	bool known;

	answer_native(ret);
	TRY(now(s, &wall_ns, &boot_ns, &known));
	if (!known)
		return NULL;
	t = (struct timeval){.tv_sec = (time_t)(wall_ns / NS_PER_SECOND),
			     .tv_usec = (suseconds_t)(wall_ns % NS_PER_SECOND / 1000)};
	if (call->args[0])
		errnum = tracee_write(&call->who, call->args[0], &t, sizeof(t));
	if (errnum == 0 && call->args[1])
		errnum = tracee_write(&call->who, call->args[1], &zone, sizeof(zone));
	answer_written(ret, errnum);
	return NULL;
}

const struct err *sys_time(struct sys *s, const struct call *call, struct answer *ret)
{
	uint64_t wall_ns, boot_ns;
	time_t t;

	bool known;

	answer_native(ret);
	TRY(now(s, &wall_ns, &boot_ns, &known));
	if (!known)
		return NULL;
	t = (time_t)(wall_ns / NS_PER_SECOND);
	answer_value(ret, t);
	if (call->args[0] && tracee_write(&call->who, call->args[0], &t, sizeof(t)))
		answer_error(ret, EFAULT);
	return NULL;
}

/* Every libc sets its thread pointer once, early, before it asks for the time. */
const struct err *sys_program_started(struct sys *s, const struct call *call, struct answer *ret)
{
	answer_native(ret);
	vfs_program_started(&s->vfs);
	if (!vdso_turn_off(call->who.tid))
		s->clock.native = true;
	return NULL;
}

const struct err *sys_slept(struct sys *s, const struct call *call, struct answer *ret)
{
	(void)call;
	vfs_sleeps(&s->vfs);
	answer_native(ret);
	return NULL;
}
