/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Privileges and confinement, as the kernel then sees the process. */
#include "remotetrans/base/confine.h"
#include "remotetrans/base/process.h"
#include "tests/lib/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/landlock.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Whether /proc/self/status has the line "@key:\t@value". */
static bool status_is(const char *key, const char *value)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[512], wanted[512];
	bool found = false;

	snprintf(wanted, sizeof(wanted), "%s:\t%s\n", key, value);
	while (f && fgets(line, sizeof(line), f))
		found |= !strcmp(line, wanted);
	if (f)
		fclose(f);
	return found;
}

static int in_child(int (*probe)(void))
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(probe());
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static bool is_hidden(void)
{
	struct rlimit core;

	return prctl(PR_GET_DUMPABLE) == 0 && getrlimit(RLIMIT_CORE, &core) == 0 &&
	       core.rlim_cur == 0 && core.rlim_max == 0;
}

/* --- privileges ----------------------------------------------------------------------------------
 */

static const gid_t groups_of_root[] = {0, 4};

static int become_nobody(void)
{
	bool is_root = true;
	gid_t groups[8];

	if (setgroups(2, groups_of_root) != 0)
		return 9;

	if (process_drop("nobody", &is_root) || is_root)
		return 1;
	if (!status_is("Uid", "65534\t65534\t65534\t65534") ||
	    !status_is("Gid", "65534\t65534\t65534\t65534"))
		return 2;
	if (!status_is("CapEff", "0000000000000000") || !status_is("CapPrm", "0000000000000000") ||
	    !status_is("CapBnd", "0000000000000000") || !status_is("CapAmb", "0000000000000000"))
		return 3;
	if (!status_is("NoNewPrivs", "1") || !is_hidden() || umask(0) != 0077)
		return 4;
	if (getgroups(8, groups) != 1 || groups[0] != 65534)
		return 5;
	if (setuid(0) == 0 || seteuid(0) == 0)
		return 6;
	return 0;
}

static int stay_root(void)
{
	bool is_root = false;

	if (setgroups(2, groups_of_root) != 0)
		return 9;
	if (process_drop("", &is_root))
		return 1;
	if (!is_root)
		return 0; /* there is a user by the default name */
	if (!status_is("CapEff", "0000000000000000") || !status_is("CapBnd", "0000000000000000") ||
	    getgroups(0, NULL) != 0)
		return 2;
	return is_hidden() && status_is("NoNewPrivs", "1") ? 0 : 3;
}

static int become_by_others(void)
{
	bool is_root;

	if (process_drop("nobody", &is_root))
		return 1;
	const struct err *e = process_drop("root", &is_root);
	return e && e->kind == ERR_USAGE ? 0 : 2;
}

TEST(process, drops_all_privileges)
{
	bool is_root;

	CHECK_ERR(process_drop("no-such-user", &is_root), ERR_USAGE);
	if (geteuid() != 0)
		return;
	CU_ASSERT_EQUAL(in_child(become_nobody), 0);
	CU_ASSERT_EQUAL(in_child(stay_root), 0);
	CU_ASSERT_EQUAL(in_child(become_by_others), 0);
}

/* --- children ------------------------------------------------------------------------------------
 */

TEST(process, a_child_is_ended_by_its_descriptor)
{
	int status = 0, pidfd = -1;
	pid_t pid = process_fork(&pidfd);

	if (pid == 0)
		for (;;)
			pause();
	CU_ASSERT_TRUE(fcntl(pidfd, F_GETFD) & FD_CLOEXEC);
	process_kill(pidfd);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	process_kill(pidfd); /* it has ended: nothing happens */
	close(pidfd);
}

/* --- confinement ---------------------------------------------------------------------------------
 */

static const long deadly[] = {
	SYS_execve,
	SYS_execveat,
	SYS_ptrace,
	SYS_process_vm_readv,
	SYS_process_vm_writev,
	SYS_bpf,
	SYS_mount,
	SYS_umount2,
	SYS_unshare,
	SYS_setns,
	SYS_chroot,
	SYS_pidfd_getfd,
	SYS_io_uring_setup,
	SYS_perf_event_open,
	SYS_init_module,
	SYS_open_by_handle_at,
};
static long deadly_now;

static int try_deadly(void)
{
	if (process_harden() || confine_calls(NULL, 0, NULL, 0))
		return 1;
	syscall(deadly_now, -1, 0, 0, 0, 0, 0);
	return 0;
}

static int try_refused(void)
{
	if (process_harden() || confine_calls(NULL, 0, NULL, 0))
		return 1;
	return syscall(SYS_getuid) == -1 && errno == EPERM ? 0 : 2;
}

TEST(confine, calls_end_in_eperm_or_death)
{
	CU_ASSERT_EQUAL(in_child(try_refused), 0);
	for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++) {
		deadly_now = deadly[i];
		CU_ASSERT_EQUAL(in_child(try_deadly), -SIGSYS);
	}
}

static char folder[] = "/tmp/rt-confine-XXXXXX";

static bool can_create(const char *in, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", in, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0)
		close(fd);
	return fd >= 0 && unlink(path) == 0;
}

static int confined_files(void)
{
	static const char *const devices[] = {"/dev/full", "/dev/not-there", NULL};
	char outside[128];

	snprintf(outside, sizeof(outside), "%s/../rt-confine-outside", folder);
	if (process_harden() ||
	    confine_files(folder, LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_WRITE_FILE |
					  LANDLOCK_ACCESS_FS_REMOVE_FILE,
			  devices))
		return 1;
	if (!can_create(folder, "inside"))
		return 2;
	if (can_create("/tmp", "rt-confine-outside") || open("/dev/null", O_WRONLY) >= 0)
		return 3;
	if (mkdir(outside, 0700) == 0)
		return 4;
	if (open("/dev/full", O_RDWR | O_CLOEXEC) < 0)
		return 6;
	return open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0 ? 0 : 5;
}

TEST(confine, files_change_in_one_folder_only)
{
	if (!confine_has_files())
		return;
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	CU_ASSERT_EQUAL(in_child(confined_files), 0);
	rmdir(folder);
}
