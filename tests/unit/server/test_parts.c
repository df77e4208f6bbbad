/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The server's smaller parts: access, configuration, memory, records, walk. */
#include "remotetrans/base/confine.h"
#include "remotetrans/base/process.h"
#include "remotetrans/server/access.h"
#include "remotetrans/server/confinement.h"
#include "remotetrans/server/journal.h"
#include "remotetrans/server/memory.h"
#include "remotetrans/server/records.h"
#include "remotetrans/server/vmcoreinfo.h"
#include "remotetrans/server/walk_shared.h"
#include "tests/lib/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "remotetrans/wire/record.h"

/* --- access --------------------------------------------------------------------------------------
 */

static bool allows(const char *list, const char *client)
{
	struct vm_config vm = {.name = "x"};

	snprintf(vm.allow, sizeof(vm.allow), "%s", list);
	return access_allowed(&vm, client);
}

TEST(access, names_match_whole)
{
	CU_ASSERT_TRUE(allows("alice", "alice"));
	CU_ASSERT_TRUE(allows("bob, alice", "alice"));
	CU_ASSERT_TRUE(allows(" bob ,alice , carol", "alice"));
	CU_ASSERT_TRUE(allows("a b, c", "a b"));
	CU_ASSERT_FALSE(allows("alice", "alic"));
	CU_ASSERT_FALSE(allows("alice", "alice2"));
	CU_ASSERT_FALSE(allows("alice2,xalice", "alice"));
	CU_ASSERT_FALSE(allows("", "alice"));
	CU_ASSERT_FALSE(allows(",,", "alice"));
	CU_ASSERT_FALSE(allows("alice", ""));
	CU_ASSERT_FALSE(allows(", ,", ""));
	CU_ASSERT_FALSE(allows("*", "alice"));
}

TEST(access, evidence_is_for_those_of_a_vm_or_of_the_list)
{
	struct vm_config vms[] = {{.allow = "alice"}, {.allow = "bob, carol"}};
	struct server_config c = {.vms = vms, .vm_count = 2, .attest_allow = "dave, eve"};

	CU_ASSERT_TRUE(access_may_attest(&c, "alice"));
	CU_ASSERT_TRUE(access_may_attest(&c, "carol"));
	CU_ASSERT_TRUE(access_may_attest(&c, "dave"));
	CU_ASSERT_FALSE(access_may_attest(&c, "mallory"));
	CU_ASSERT_FALSE(access_may_attest(&c, "dave, eve"));
	CU_ASSERT_FALSE(access_may_attest(&c, ""));
	c.attest_allow[0] = 0;
	CU_ASSERT_FALSE(access_may_attest(&c, "dave"));
	CU_ASSERT_FALSE(access_may_attest(&c, ""));
}

/* --- memory --------------------------------------------------------------------------------------
 */

static char path[] = "/tmp/rt-memory-XXXXXX";

static FILE *image(uint64_t bytes)
{
	strcpy(path, "/tmp/rt-memory-XXXXXX");
	int fd = mkstemp(path);
	CU_ASSERT_TRUE_FATAL(fd >= 0 && ftruncate(fd, (off_t)bytes) == 0);
	FILE *f = fdopen(fd, "r+");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	return f;
}

TEST(memory, raw_q35_above_4_gib)
{
	const uint64_t gib = UINT64_C(1) << 30;
	struct memory m;
	FILE *f = image(3 * gib);

	CHECK_OK(memory_open(&m, path, "q35"));
	CU_ASSERT_EQUAL(memory_ram_bytes(&m), 3 * gib - 0x20000);
	CU_ASSERT_EQUAL(memory_max_frame(&m), (5 * gib >> FRAME_SHIFT) - 1);
	CU_ASSERT_PTR_EQUAL(memory_frame(&m, gfn(0x9f)), m.bytes + 0x9f000);
	CU_ASSERT_PTR_NULL(memory_frame(&m, gfn(0xa0)));
	CU_ASSERT_PTR_EQUAL(memory_frame(&m, gfn(0x7ffff)), m.bytes + 0x7ffff000);
	CU_ASSERT_PTR_NULL(memory_frame(&m, gfn(0x80000)));
	CU_ASSERT_PTR_NULL(memory_frame(&m, gfn(0xfffff)));
	CU_ASSERT_PTR_EQUAL(memory_frame(&m, gfn(0x100000)), m.bytes + 2 * gib);
	CU_ASSERT_PTR_NULL(memory_frame(&m, gfn(0x140000)));
	CU_ASSERT_PTR_NULL(memory_frame(&m, gfn(UINT64_MAX)));
	memory_deinit(&m);
	fclose(f);
	unlink(path);
}

/* A core with two segments; the second claims more than the file has. */
static void write_core(FILE *f)
{
	uint8_t bytes[4 * 4096] = {0x7f, 'E', 'L', 'F', 2, 1, 1};
	struct buf_writer w = buf_writer_over(bytes, sizeof(bytes));
	const uint64_t segments[][3] = {{4096, 0x10000, 4096}, {8192, 0x200000, 1 << 30}};

	w.used_bytes = 16;
	IGNORE(buf_write_u16(&w, 4));  /* e_type ET_CORE */
	IGNORE(buf_write_u16(&w, 62)); /* e_machine x86-64 */
	IGNORE(buf_write_u32(&w, 1));
	IGNORE(buf_write_u64(&w, 0));
	IGNORE(buf_write_u64(&w, 64)); /* e_phoff */
	IGNORE(buf_write_u64(&w, 0));
	IGNORE(buf_write_u32(&w, 0));
	IGNORE(buf_write_u16(&w, 64));
	IGNORE(buf_write_u16(&w, 56)); /* e_phentsize */
	IGNORE(buf_write_u16(&w, 2));  /* e_phnum */
	w.used_bytes = 64;
	for (unsigned i = 0; i < 2; i++) {
		IGNORE(buf_write_u32(&w, 1)); /* PT_LOAD */
		IGNORE(buf_write_u32(&w, 0));
		IGNORE(buf_write_u64(&w, segments[i][0]));
		IGNORE(buf_write_u64(&w, 0));
		IGNORE(buf_write_u64(&w, segments[i][1]));
		IGNORE(buf_write_u64(&w, segments[i][2]));
		IGNORE(buf_write_u64(&w, segments[i][2]));
		IGNORE(buf_write_u64(&w, 4096));
	}
	bytes[4096] = 'A';
	bytes[8192] = 'B';
	CU_ASSERT_EQUAL(fwrite(bytes, 1, sizeof(bytes), f), sizeof(bytes));
	fflush(f);
}

TEST(memory, elf_core_is_cut_to_the_file)
{
	struct memory m;
	FILE *f = image(0);

	write_core(f);
	CHECK_OK(memory_open(&m, path, "q35"));
	CU_ASSERT_EQUAL(memory_frame(&m, gfn(0x10))[0], 'A');
	CU_ASSERT_EQUAL(memory_frame(&m, gfn(0x200))[0], 'B');
	CU_ASSERT_PTR_NOT_NULL(memory_frame(&m, gfn(0x201)));
	CU_ASSERT_PTR_NULL(memory_frame(&m, gfn(0x202)));
	CU_ASSERT_PTR_NULL(memory_frame(&m, gfn(0x11)));
	memory_deinit(&m);
	fclose(f);
	unlink(path);
}

TEST(memory, unusable_files_are_refused)
{
	struct memory m;
	FILE *f = image(100);

	CHECK_ERR(memory_open(&m, path, "q35"), ERR_USAGE);
	CHECK_ERR(memory_open(&m, "/nonexistent", "q35"), ERR_USAGE);
	CU_ASSERT_EQUAL(ftruncate(fileno(f), 4 << 20), 0);
	CHECK_ERR(memory_open(&m, path, "toaster"), ERR_USAGE);
	fputs("\177ELF but nothing more", f);
	fflush(f);
	CHECK_ERR(memory_open(&m, path, "q35"), ERR_USAGE);
	fclose(f);
	unlink(path);
}

TEST(vmcoreinfo, is_found_and_hostile_ones_are_not)
{
	struct memory m;
	struct vcpu v;
	FILE *f = image(4 << 20);

	CHECK_OK(memory_open(&m, path, "q35"));
	CHECK_ERR(vmcoreinfo_vcpu(&m, &v), ERR_FAULT);
	/* a page full of it without an end, tables outside of RAM, tables unaligned, then a good
	 * one */
	fseek(f, 0x1000, SEEK_SET);
	for (unsigned i = 0; i < 4096 / 10; i++)
		fputs("OSRELEASE=", f);
	fseek(f, 0x3000, SEEK_SET);
	fputs("OSRELEASE=x\nSYMBOL(swapper_pg_dir)=ffffffffff000000\nNUMBER(phys_base)=0\n", f);
	fseek(f, 0x4000, SEEK_SET);
	fputs("OSRELEASE=x\nSYMBOL(swapper_pg_dir)=ffffffff80010010\nNUMBER(phys_base)=0\n", f);
	fflush(f);
	CHECK_ERR(vmcoreinfo_vcpu(&m, &v), ERR_FAULT);
	fseek(f, 0x5000, SEEK_SET);
	fputs("OSRELEASE=x\nSYMBOL(swapper_pg_dir)=ffffffff80200000\nNUMBER(phys_base)=-1048576\n"
	      "NUMBER(pgtable_l5_enabled)=1\n",
	      f);
	fflush(f);
	CHECK_OK(vmcoreinfo_vcpu(&m, &v));
	CU_ASSERT_EQUAL(v.cr3, 0x100000);
	CU_ASSERT_EQUAL(v.cr4, 0x1020);
	memory_deinit(&m);
	fclose(f);
	unlink(path);
}

/* --- records -------------------------------------------------------------------------------------
 */

TEST(records, keep_their_bounds_while_growing)
{
	struct records r = {0};
	size_t len;

	for (unsigned i = 0; i < 3000; i++) {
		uint8_t *at;

		CHECK_OK(records_reserve(&r, 10 + i % 7, &at));
		memset(at, (int)(i % 251), 10 + i % 7);
		CHECK_OK(records_added(&r, 10 + i % 7));
	}
	CU_ASSERT_EQUAL(r.count, 3000);
	for (unsigned i = 0; i < 3000; i++) {
		const uint8_t *at = records_at(&r, i, &len);

		CU_ASSERT_EQUAL(len, 10 + i % 7);
		CU_ASSERT_TRUE(at[0] == i % 251 && at[len - 1] == i % 251);
	}
	records_deinit(&r);
}

TEST(records, lengths_come_from_the_type)
{
	struct rtvmm_header h = {.type = RTVMM_RECORD_PAGE, .payload_bytes = 4096};
	size_t len = 0;

	CHECK_OK(records_length((const uint8_t *)&h, &len));
	CU_ASSERT_EQUAL(len, WIRE_RECORD_BYTES_MAX);
	h.payload_bytes = 4095;
	CHECK_ERR(records_length((const uint8_t *)&h, &len), ERR_PROTO);
	h.type = 99;
	CHECK_ERR(records_length((const uint8_t *)&h, &len), ERR_PROTO);
}

/* --- confinement --------------------------------------------------------------------------------
 */

/* Run @probe in a child. Return: its exit status, or minus the signal that ended it. */
static int in_child(int (*probe)(int fd), int fd)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(probe(fd));
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/* 0 when everything but computing and one pipe is refused; else which was not. */
static int walk_probe(int fd)
{
	if (walk_confine(fd, NULL))
		return 1;
	if (open("/dev/null", O_RDONLY) >= 0 || errno != EPERM)
		return 2;
	if (socket(AF_UNIX, SOCK_STREAM, 0) >= 0 || errno != EPERM)
		return 3;
	if (kill(getppid(), 0) == 0)
		return 4;
	if (syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) != -1 || errno != EPERM)
		return 5;
	if (mmap(NULL, 4096, PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
		return 6;
	if (write(STDERR_FILENO, "x", 1) != -1)
		return 7;
	if (prctl(PR_SET_DUMPABLE, 1) == 0)
		return 8;
	uint8_t *memory = malloc(1 << 20);
	if (!memory)
		return 9;
	memset(memory, 1, 1 << 20);
	if (mmap(NULL, 1 << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
	    MAP_FAILED)
		return 11;
	bool written = write(fd, memory, 1) == 1;
	free(memory);
	return written ? 0 : 10;
}

static int walk_executes(int fd)
{
	if (walk_confine(fd, NULL))
		return 1;
	execl("/bin/true", "true", NULL);
	return 0;
}

TEST(walk, confinement_leaves_computing_only)
{
	int fds[2];
	uint8_t byte = 0;

	CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
	CU_ASSERT_EQUAL(in_child(walk_probe, fds[1]), 0);
	CU_ASSERT_EQUAL(in_child(walk_executes, fds[1]), -SIGSYS);
	close(fds[1]);
	CU_ASSERT_EQUAL(read(fds[0], &byte, 1), 1);
	CU_ASSERT_EQUAL(byte, 1);
	close(fds[0]);
}

/* As a client's process, which the listener has started. */
static bool confined_as_client(void)
{
	static const struct server_config none;

	return !process_harden() && !confinement_listener(&none) && !confinement_client(&none);
}

static int client_probe(int fd)
{
	struct rlimit limit;

	if (!confined_as_client())
		return 1;
	if (open("/dev/null", O_WRONLY) >= 0 || errno != EPERM)
		return 2;
	if (open("/tmp/rt-not-to-be", O_WRONLY | O_CREAT | O_TRUNC, 0600) >= 0 || errno != EPERM)
		return 3;
	if (kill(getppid(), SIGKILL) == 0 || errno != EPERM)
		return 5;
	if (syscall(SYS_pidfd_open, getppid(), 0) >= 0)
		return 6;
	if (fork() >= 0 || errno != EPERM)
		return 7;
	if (accept4(fd, NULL, NULL, 0) >= 0 || errno != EPERM)
		return 8;
	if (socket(AF_UNIX, SOCK_DGRAM, 0) >= 0 || errno != EPERM)
		return 9;
	if (prctl(PR_SET_DUMPABLE, 1) == 0)
		return 10;
	if (syscall(SYS_prlimit64, getppid(), RLIMIT_CORE, NULL, &limit) == 0)
		return 11;
	if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) != MAP_FAILED)
		return 12;
	int readable = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return readable >= 0 ? 0 : 13;
}

static int client_executes(int fd)
{
	(void)fd;
	if (!confined_as_client())
		return 1;
	execl("/bin/true", "true", NULL);
	return 0;
}

static int client_traces(int fd)
{
	(void)fd;
	if (!confined_as_client())
		return 1;
	return ptrace(PTRACE_TRACEME, 0, 0, 0) ? 2 : 0;
}

static int client_calls_out(int fd)
{
	(void)fd;
	if (!confined_as_client())
		return 1;
	return socket(AF_INET, SOCK_STREAM, 0) < 0 ? 2 : 0;
}

TEST(confinement, a_clients_process_can_do_its_job_and_no_more)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	CU_ASSERT_EQUAL(in_child(client_probe, fd), 0);
	CU_ASSERT_EQUAL(in_child(client_executes, fd), -SIGSYS);
	CU_ASSERT_EQUAL(in_child(client_traces, fd), -SIGSYS);
	CU_ASSERT_EQUAL(in_child(client_calls_out, fd), -SIGSYS);
	close(fd);
}

/* As the process that owns the TPM, which is /dev/null here. */
static bool confined_as_attester(void)
{
	static const struct server_config c = {.tpm = "device:/dev/null"};

	return !process_harden() && !confinement_listener(&c) && !confinement_attester(&c);
}

static int attester_probe(int fd)
{
	(void)fd;
	bool has_landlock = confine_has_files();
	if (!confined_as_attester())
		return 1;
	if (open("/dev/null", O_RDWR | O_NONBLOCK | O_CLOEXEC) < 0)
		return 2;
	if (has_landlock && (open("/dev/zero", O_RDWR) >= 0 || errno != EACCES))
		return 3;
	if (open("/dev/null", O_RDONLY) >= 0 || errno != EPERM)
		return 4;
	if (open("/tmp/rt-not-to-be", O_RDWR | O_CREAT, 0600) >= 0 || errno != EPERM)
		return 5;
	if (kill(getppid(), 0) == 0 || fork() >= 0)
		return 6;
	int unix_socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return unix_socket >= 0 ? 0 : 7;
}

static int attester_executes(int fd)
{
	(void)fd;
	if (!confined_as_attester())
		return 1;
	execl("/bin/true", "true", NULL);
	return 0;
}

static int attester_calls_out(int fd)
{
	(void)fd;
	if (!confined_as_attester())
		return 1;
	return socket(AF_INET, SOCK_STREAM, 0) < 0 ? 2 : 0;
}

TEST(confinement, the_attester_opens_the_tpm_and_no_more)
{
	CU_ASSERT_EQUAL(in_child(attester_probe, -1), 0);
	CU_ASSERT_EQUAL(in_child(attester_executes, -1), -SIGSYS);
	CU_ASSERT_EQUAL(in_child(attester_calls_out, -1), -SIGSYS);
}

TEST(journal, shows_hostile_names_in_plain)
{
	char text[128] = "";
	int fds[2], before = dup(STDERR_FILENO);

	CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
	dup2(fds[1], STDERR_FILENO);
	journal_say("a %s b", "\033[2J\n\xc2\x9b");
	dup2(before, STDERR_FILENO);
	ssize_t len = read(fds[0], text, sizeof(text) - 1);
	CU_ASSERT_TRUE(len > 0);
	CU_ASSERT_STRING_EQUAL(text, "remotetransd: a \\x1b[2J\\x0a\\xc2\\x9b b\n");
	close(before);
	close(fds[0]);
	close(fds[1]);
}

/* --- walk ----------------------------------------------------------------------------------------
 */

TEST(walk, a_bad_profile_is_a_remark_and_the_child_lives)
{
	struct walk_result result;
	struct vcpu v = {.online = true};
	struct memory m;
	struct walk *w;
	FILE *f = image(4 << 20);

	CHECK_OK(memory_open(&m, path, "q35"));
	CHECK_OK(walk_start(&m, "rubbish", 7, &w));
	for (unsigned i = 0; i < 3; i++) {
		walk_run(w, 1, &v, 1, 5000, &result);
		CU_ASSERT_EQUAL(result.count, 0);
		CU_ASSERT_PTR_NOT_NULL(strstr(result.remark, "PROFILE"));
		CU_ASSERT_TRUE(walk_is_alive(w));
	}
	walk_stop(w);
	memory_deinit(&m);
	fclose(f);
	unlink(path);
}
