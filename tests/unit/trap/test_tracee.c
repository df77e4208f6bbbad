/* SPDX-License-Identifier: GPL-2.0-or-later */
/* This process stands for the tool. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/lib/unit.h"
#include "transcall/trap/tracee.h"

static struct tracee self(void)
{
	return (struct tracee){.listener = -1, .tid = getpid()};
}

/* Two pages, the second of them not readable; the end of the first is returned. */
static char *guarded(void)
{
	char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CU_ASSERT_NOT_EQUAL_FATAL(pages, MAP_FAILED);
	CU_ASSERT_EQUAL(mprotect(pages + 4096, 4096, PROT_NONE), 0);
	return pages + 4096;
}

TEST(tracee, strings_may_end_where_memory_does)
{
	struct tracee t = self();
	char *end = guarded();
	char text[600];

	strcpy(end - 6, "/proc");
	CU_ASSERT_EQUAL(tracee_read_string(&t, (uint64_t)(uintptr_t)(end - 6), text, sizeof(text)),
			0);
	CU_ASSERT_STRING_EQUAL(text, "/proc");
	memset(end - 500, 'x', 500);
	CU_ASSERT_EQUAL(
		tracee_read_string(&t, (uint64_t)(uintptr_t)(end - 500), text, sizeof(text)),
		EFAULT);
	CU_ASSERT_EQUAL(tracee_read_string(&t, (uint64_t)(uintptr_t)(end - 500), text, 500),
			ENAMETOOLONG);
	end[-1] = '\0';
	CU_ASSERT_EQUAL(tracee_read_string(&t, (uint64_t)(uintptr_t)(end - 500), text, 500), 0);
	CU_ASSERT_EQUAL(strlen(text), 499);
	munmap(end - 4096, 8192);
}

TEST(tracee, reads_all_or_nothing)
{
	struct tracee t = self();
	char *end = guarded();
	char bytes[16];

	CU_ASSERT_EQUAL(tracee_read(&t, (uint64_t)(uintptr_t)(end - 16), bytes, 16), 0);
	CU_ASSERT_EQUAL(tracee_read(&t, (uint64_t)(uintptr_t)(end - 8), bytes, 16), EFAULT);
	CU_ASSERT_EQUAL(tracee_read(&t, 0, bytes, 1), EFAULT);
	munmap(end - 4096, 8192);
}

TEST(tracee, writes_only_to_who_waits)
{
	struct tracee t = self();
	int number = 5, other = 7;

	CU_ASSERT_EQUAL(tracee_write(&t, (uint64_t)(uintptr_t)&number, &other, sizeof(other)),
			EFAULT);
	CU_ASSERT_EQUAL(number, 5);
}

TEST(tracee, directories_and_descriptors)
{
	struct tracee t = self();
	char path[512], cwd[512];
	int dir = open("/usr", O_RDONLY | O_DIRECTORY), pipes[2];
	struct stat st;

	CU_ASSERT_EQUAL(tracee_directory(&t, AT_FDCWD, path, sizeof(path)), 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(getcwd(cwd, sizeof(cwd)));
	CU_ASSERT_STRING_EQUAL(path, cwd);
	CU_ASSERT_EQUAL(tracee_directory(&t, dir, path, sizeof(path)), 0);
	CU_ASSERT_STRING_EQUAL(path, "/usr");
	CU_ASSERT_EQUAL(tracee_directory(&t, 9999, path, sizeof(path)), EBADF);
	CU_ASSERT_EQUAL(pipe(pipes), 0);
	CU_ASSERT_EQUAL(tracee_directory(&t, pipes[0], path, sizeof(path)), ENOTDIR);
	CU_ASSERT_EQUAL(tracee_fstat(&t, dir, &st), 0);
	CU_ASSERT_TRUE(S_ISDIR(st.st_mode));
	close(dir);
	close(pipes[0]);
	close(pipes[1]);
}

TEST(tracee, a_removed_directory_has_no_path)
{
	struct tracee t = self();
	char folder[] = "/tmp/tracee-XXXXXX", path[512];
	int dir;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	dir = open(folder, O_RDONLY | O_DIRECTORY);
	CU_ASSERT_EQUAL(rmdir(folder), 0);
	CU_ASSERT_EQUAL(tracee_directory(&t, dir, path, sizeof(path)), ENOENT);
	close(dir);
}

TEST(tracee, arguments_by_number)
{
	char *argv[] = {"cat", "-", "", "-u", NULL}, text[4] = "";
	posix_spawn_file_actions_t streams;
	struct tracee t = self();
	int pipes[2];

	CU_ASSERT_EQUAL_FATAL(pipe2(pipes, O_CLOEXEC), 0);
	posix_spawn_file_actions_init(&streams);
	posix_spawn_file_actions_adddup2(&streams, pipes[0], 0);
	CU_ASSERT_EQUAL_FATAL(posix_spawnp(&t.tid, "cat", &streams, NULL, argv, NULL), 0);
	/* its memory is there a little before its arguments are */
	for (int i = 0; i < 1000 && tracee_argument(&t, 0, text, sizeof(text)); i++)
		usleep(1000);
	CU_ASSERT_STRING_EQUAL(text, "cat");
	CU_ASSERT_EQUAL(tracee_argument(&t, 0, text, 3), ESRCH);
	CU_ASSERT_EQUAL(tracee_argument(&t, 2, text, sizeof(text)), 0);
	CU_ASSERT_STRING_EQUAL(text, "");
	CU_ASSERT_EQUAL(tracee_argument(&t, 3, text, sizeof(text)), 0);
	CU_ASSERT_STRING_EQUAL(text, "-u");
	CU_ASSERT_EQUAL(tracee_argument(&t, 4, text, sizeof(text)), ESRCH);
	kill(t.tid, SIGKILL);
	waitpid(t.tid, NULL, 0);
	CU_ASSERT_EQUAL(tracee_argument(&t, 0, text, sizeof(text)), ESRCH);
	posix_spawn_file_actions_destroy(&streams);
	close(pipes[0]);
	close(pipes[1]);
}

TEST(tracee, ids_in_its_own_namespace)
{
	struct tracee t = self();
	uint32_t pid = 0, tid = 0;

	CU_ASSERT_EQUAL(tracee_own_ids(&t, &pid, &tid), 0);
	CU_ASSERT_EQUAL(pid, (uint32_t)getpid());
	CU_ASSERT_EQUAL(tid, (uint32_t)getpid());
}
