/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "remotetrans/base/process.h"
#include "tests/lib/unit.h"
#include "vmm/vmmd/confinement.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Exit status of @probe, or minus the signal that ended it. */
static int in_child(int (*probe)(void))
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(process_harden() ? 99 : probe());
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static int vmmd_probe(void)
{
	if (confinement_vmmd("/tmp/rt-no-socket"))
		return 1;
	if (open("/dev/null", O_RDWR) >= 0 || errno != EPERM)
		return 2;
	if (open("/tmp/rt-not-to-be", O_WRONLY | O_CREAT | O_EXCL, 0600) >= 0 || errno != EPERM)
		return 3;
	if (kill(getppid(), SIGKILL) == 0 || fork() >= 0)
		return 4;
	return open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0 ? 0 : 5;
}

static int vmmd_executes(void)
{
	if (confinement_vmmd("socket"))
		return 1;
	execl("/bin/true", "true", NULL);
	return 0;
}

static int vmmd_calls_out(void)
{
	if (confinement_vmmd("socket"))
		return 1;
	return socket(AF_INET, SOCK_STREAM, 0) < 0 ? 2 : 0;
}

static int guard_probe(void)
{
	if (confinement_vmmd("socket") || confinement_guard())
		return 1;
	if (open("/dev/null", O_RDONLY) >= 0 || errno != EPERM)
		return 2;
	if (socket(AF_UNIX, SOCK_STREAM, 0) >= 0 || errno != EPERM)
		return 3;
	int pidfd;
	return process_fork(&pidfd) < 0 && errno == EPERM ? 0 : 4;
}

static int guard_traces(void)
{
	if (confinement_guard())
		return 1;
	return ptrace(PTRACE_TRACEME, 0, 0, 0) ? 2 : 0;
}

TEST(confinement, vmmd_and_guard_can_do_their_jobs_and_no_more)
{
	CU_ASSERT_EQUAL(in_child(vmmd_probe), 0);
	CU_ASSERT_EQUAL(in_child(vmmd_executes), -SIGSYS);
	CU_ASSERT_EQUAL(in_child(vmmd_calls_out), -SIGSYS);
	CU_ASSERT_EQUAL(in_child(guard_probe), 0);
	CU_ASSERT_EQUAL(in_child(guard_traces), -SIGSYS);
}
