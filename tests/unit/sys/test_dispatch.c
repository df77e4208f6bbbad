/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls of a tool, which this process stands for, against the made-up guest of tests/trap. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/lib/unit.h"
#include "tests/trap/fake.h"
#include "transcall/sys/dispatch.h"

static struct proc_view view;

static const struct err *want(void *context, uint64_t sets)
{
	(void)context;
	(void)sets;
	return NULL;
}

static struct guest guest = {.view = &view, .reader_pid = 1, .want = want};
static struct sys s;

static char folder[64];

static void tear_down(void)
{
	char command[128];

	vfs_deinit(&s.vfs);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	CU_ASSERT_EQUAL(system(command), 0);
}

static void set_up(void)
{
	snprintf(folder, sizeof(folder), "/dev/shm/dispatch-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	view = (struct proc_view){0};
	s = (struct sys){.guest = &guest};
	CHECK_OK(vfs_init(&s.vfs, &guest, open(folder, O_RDONLY | O_DIRECTORY),
			  open("/proc", O_RDONLY | O_DIRECTORY)));
	CHECK_OK(vfs_begin(&s.vfs, "", 4000000));
}

static struct answer ask(int nr, uint64_t a, uint64_t b, uint64_t c)
{
	struct call call = {.who.tid = getpid(), .who.listener = -1, .nr = nr, .args = {a, b, c}};
	struct answer answer = {0};

	CHECK_OK(dispatch(&s, &call, &answer));
	return answer;
}

#define AT(text) ((uint64_t)(uintptr_t)(text))
#define FAILS(call, expected)                                                                      \
	do {                                                                                       \
		struct answer answer_ = (call);                                                    \
		CU_ASSERT_EQUAL(answer_.kind, ANSWER_ERROR);                                       \
		CU_ASSERT_EQUAL(answer_.errnum, expected);                                         \
	} while (0)

TEST(dispatch, opens)
{
	struct answer a;
	char text[64] = "";

	set_up();
	CU_ASSERT_EQUAL(ask(SYS_open, AT("/usr"), O_RDONLY, 0).kind, ANSWER_NATIVE);
	CU_ASSERT_EQUAL(ask(SYS_open, AT("/proc/version"), O_RDONLY, 0).kind, ANSWER_NATIVE);
	a = ask(SYS_open, AT("/etc/group"), O_RDONLY | O_CLOEXEC, 0);
	CU_ASSERT_EQUAL_FATAL(a.kind, ANSWER_FD);
	CU_ASSERT_TRUE(a.cloexec);
	CU_ASSERT(read(a.fd, text, sizeof(text) - 1) > 0);
	CU_ASSERT_STRING_EQUAL(text, "root:x:0:\n");
	close(a.fd);
	FAILS(ask(SYS_open, AT("/proc/kallsyms"), O_RDONLY, 0), ENOENT);
	FAILS(ask(SYS_open, AT("/run/x"), O_RDONLY, 0), ENOENT);
	FAILS(ask(SYS_open, AT("/proc/version"), O_RDWR, 0), EROFS);
	FAILS(ask(SYS_open, AT("/proc/1/exe"), O_RDONLY, 0), EACCES);
	FAILS(ask(SYS_open, 16, O_RDONLY, 0), EFAULT);
	FAILS(ask(SYS_openat, 9999, AT("x"), O_RDONLY), EBADF);
	tear_down();
}

TEST(dispatch, a_fault_is_counted_and_the_run_goes_on)
{
	set_up();
	FAILS(ask(SYS_open, AT("/proc/broken"), O_RDONLY, 0), EIO);
	CU_ASSERT_EQUAL(view.unreadable, 1);
	tear_down();
}

TEST(dispatch, an_integrity_error_ends_the_run)
{
	struct call call = {.who.tid = getpid(),
			    .who.listener = -1,
			    .nr = SYS_open,
			    .args = {AT("/proc/secret")}};
	struct answer answer;

	set_up();
	CHECK_ERR(dispatch(&s, &call, &answer), ERR_INTEGRITY);
	tear_down();
}

TEST(dispatch, signals_stay_here)
{
	set_up();
	memset(s.said, 0xff, sizeof(s.said)); /* no line on stderr */
	CU_ASSERT_EQUAL(ask(SYS_kill, 300, 0, 0).kind, ANSWER_VALUE);
	FAILS(ask(SYS_kill, 300, SIGKILL, 0), EPERM);
	FAILS(ask(SYS_kill, 31337, 0, 0), ESRCH);
	FAILS(ask(SYS_tgkill, 300, 300, SIGTERM), EPERM);
	CU_ASSERT_EQUAL(ask(SYS_kill, (uint32_t)-5, SIGTERM, 0).kind, ANSWER_NATIVE);
	tear_down();
}

TEST(dispatch, scheduling_is_the_guests)
{
	set_up();
	CU_ASSERT_EQUAL(ask(SYS_sched_getscheduler, 9999, 0, 0).value, 2);
	CU_ASSERT_EQUAL(ask(SYS_getpriority, 0, 9999, 0).value, 15);
	CU_ASSERT_EQUAL(ask(SYS_getsid, 9999, 0, 0).value, 1);
	FAILS(ask(SYS_sched_getscheduler, 31337, 0, 0), ESRCH);
	tear_down();
}

/* FAKE_HIDDEN is in no listing, only in the roll. */
TEST(dispatch, probes_find_who_is_not_in_proc)
{
	set_up();
	FAILS(ask(SYS_open, AT("/proc/666/stat"), O_RDONLY, 0), ENOENT);
	CU_ASSERT_EQUAL(ask(SYS_kill, FAKE_HIDDEN, 0, 0).kind, ANSWER_VALUE);
	CU_ASSERT_EQUAL(ask(SYS_tgkill, FAKE_HIDDEN, FAKE_HIDDEN, 0).kind, ANSWER_VALUE);
	CU_ASSERT_EQUAL(ask(SYS_getpgid, FAKE_HIDDEN, 0, 0).value, 1);
	CU_ASSERT_EQUAL(ask(SYS_getsid, FAKE_HIDDEN, 0, 0).value, 1);
	CU_ASSERT_EQUAL(ask(SYS_getpriority, 0, FAKE_HIDDEN, 0).value, 15);
	CU_ASSERT_EQUAL(ask(SYS_sched_getscheduler, FAKE_HIDDEN, 0, 0).value, 2);
	CU_ASSERT_EQUAL(ask(SYS_ioprio_get, 1, FAKE_HIDDEN, 0).value, FAKE_IOPRIO);
	FAILS(ask(SYS_ioprio_get, 1, FAKE_HIDDEN + 1, 0), ESRCH);
	FAILS(ask(SYS_getsid, FAKE_HIDDEN + 1, 0, 0), ESRCH);
	memset(s.said, 0xff, sizeof(s.said));
	FAILS(ask(SYS_kill, FAKE_HIDDEN, SIGKILL, 0), EPERM);
	tear_down();
}

/* This machine's processes stand for the tool's. */
TEST(dispatch, own_processes_by_number)
{
	uint64_t self = (uint64_t)getpid(), other = (uint64_t)getppid();

	set_up();
	s.vfs.lifted_above = 1;
	CU_ASSERT_EQUAL(ask(SYS_getsid, other, 0, 0).kind, ANSWER_NATIVE);
	CU_ASSERT_EQUAL(ask(SYS_kill, other, 0, 0).kind, ANSWER_NATIVE);
	FAILS(ask(SYS_getpriority, 0, self, 0), ESRCH);
	/* numbers mix: what the guest has, too, is the guest's */
	s.vfs.lifted_above = 0;
	CU_ASSERT_EQUAL(ask(SYS_getsid, other, 0, 0).kind, ANSWER_NATIVE);
	fake_mixed = (uint32_t)other;
	CU_ASSERT_EQUAL(ask(SYS_getsid, other, 0, 0).kind, ANSWER_VALUE);
	CU_ASSERT_EQUAL(ask(SYS_kill, other, 0, 0).kind, ANSWER_VALUE);
	CU_ASSERT_EQUAL(ask(SYS_kill, other, SIGTERM, 0).kind, ANSWER_NATIVE);
	fake_mixed = (uint32_t)self;
	CU_ASSERT_EQUAL(ask(SYS_getsid, self, 0, 0).kind, ANSWER_NATIVE);
	CU_ASSERT_EQUAL(ask(SYS_kill, 1, 0, 0).kind, ANSWER_VALUE);
	fake_mixed = 0;
	tear_down();
}

TEST(dispatch, an_unknown_call_is_refused)
{
	set_up();
	FAILS(ask(SYS_read, 0, 0, 0), ENOSYS);
	tear_down();
}
