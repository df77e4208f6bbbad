/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Children under the filter: what is denied, what passes, and the vDSO turned off. */
#include <errno.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/lib/unit.h"
#include "transcall/trap/filter.h"
#include "transcall/trap/vdso.h"

/* Exit status of @child run under the filter; nobody listens, so trapped calls fail with ENOSYS. */
static int under_filter(int (*child)(void))
{
	static struct filter filter;
	int status, listener, fd;
	pid_t pid;

	CHECK_OK(filter_build(&fd));
	CHECK_OK(filter_load(fd, &filter));
	close(fd);
	pid = fork();
	if (pid == 0) {
		if (filter_install(&filter, &listener))
			_exit(99);
		close(listener);
		_exit(child());
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int denied(void)
{
	if (syscall(SYS_io_uring_setup, 1, NULL) != -1 || errno != ENOSYS)
		return 1;
	if (syscall(SYS_pivot_root, "/", "/") != -1 || errno != EPERM)
		return 2;
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != -1 || errno != EPERM)
		return 3;
	if (ioctl(0, SIOCADDRT, NULL) != -1 || errno != EPERM)
		return 4;
	if (syscall(457 /* statmount */, NULL, NULL, 0, 0) != -1 || errno != ENOSYS)
		return 5;
	return 0;
}

static int trapped(void)
{
	if (syscall(SYS_openat, -100, "/", 0) != -1 || errno != ENOSYS)
		return 1;
	if (socket(AF_NETLINK, SOCK_RAW, 0) != -1 || errno != ENOSYS)
		return 2;
	if (ioctl(0, SIOCGIFCONF, NULL) != -1 || errno != ENOSYS)
		return 4;
	if (syscall(SYS_clock_gettime, CLOCK_REALTIME, NULL) != -1 || errno != ENOSYS)
		return 3;
	if (mount("none", "/", "tmpfs", 0, NULL) != -1 || errno != ENOSYS)
		return 4;
	return 0;
}

static int passed(void)
{
	struct timespec t;

	if (syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t) != 0)
		return 1;
	if (getpid() <= 0 || write(1, "", 0) != 0 || socket(AF_UNIX, SOCK_STREAM, 0) < 0)
		return 2;
	return 0;
}

static int other_architecture(void)
{
	int result;

	__asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory");
	return result > 0 ? 1 : 2;
}

TEST(filter, denies)
{
	CU_ASSERT_EQUAL(under_filter(denied), 0);
}

TEST(filter, traps)
{
	CU_ASSERT_EQUAL(under_filter(trapped), 0);
}

TEST(filter, leaves_the_rest)
{
	CU_ASSERT_EQUAL(under_filter(passed), 0);
}

TEST(filter, ends_programs_of_another_architecture)
{
	CU_ASSERT_EQUAL(under_filter(other_architecture), 128 + SIGSYS);
}

/* With the vDSO off the clock is a system call, which the filter traps and nobody answers. */
static int go_on;

static int clock_is_trapped(void)
{
	struct timespec t;
	char c;

	if (read(go_on, &c, 1) != 1)
		return 2;
	return clock_gettime(CLOCK_REALTIME, &t) == -1 && errno == ENOSYS ? 0 : 1;
}

TEST(vdso, turned_off_the_clock_is_a_system_call)
{
	static struct filter filter;
	int status, listener, pipes[2], fd;
	pid_t pid;

	CHECK_OK(filter_build(&fd));
	CHECK_OK(filter_load(fd, &filter));
	close(fd);
	CU_ASSERT_EQUAL_FATAL(pipe(pipes), 0);
	go_on = pipes[0];
	pid = fork();
	if (pid == 0) {
		if (filter_install(&filter, &listener))
			_exit(99);
		close(listener);
		_exit(clock_is_trapped());
	}
	CU_ASSERT_TRUE(vdso_turn_off(pid));
	CU_ASSERT_EQUAL(write(pipes[1], "x", 1), 1);
	waitpid(pid, &status, 0);
	CU_ASSERT_TRUE(WIFEXITED(status));
	CU_ASSERT_EQUAL(WEXITSTATUS(status), 0);
	close(pipes[0]);
	close(pipes[1]);
}

TEST(vdso, no_such_process)
{
	CU_ASSERT_TRUE(vdso_turn_off(0x7ffffff0)); /* it has no vDSO either */
}
