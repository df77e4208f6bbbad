/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filters for our own processes. Input: tables of ours. */
#include "remotetrans/base/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct confine_rule computing[] = {
	CONFINE_CALL(exit),
	CONFINE_CALL(exit_group),
	CONFINE_CALL(rt_sigreturn),
	CONFINE_CALL(restart_syscall),
	CONFINE_CALL(brk),
	CONFINE_CALL(munmap),
	CONFINE_CALL(mremap),
	CONFINE_CALL(madvise),
	CONFINE_CALL(futex),
	CONFINE_CALL(clock_gettime),
	CONFINE_CALL(sigaltstack),
	/* anonymous memory, not for code */
	CONFINE_CALL_IF(mmap, CONFINE_BITS(4, UINT32_MAX, UINT32_MAX),
			CONFINE_BITS(2, PROT_EXEC, 0)),
};

/* What none of our confined processes has a reason to try. */
static const struct confine_rule fatal[] = {
	CONFINE_CALL(execve),
	CONFINE_CALL(execveat),
	CONFINE_CALL(ptrace),
	CONFINE_CALL(process_vm_readv),
	CONFINE_CALL(process_vm_writev),
	CONFINE_CALL_IF(socket, CONFINE_IS_NOT(0, AF_UNIX)),
	CONFINE_CALL(bpf),
	CONFINE_CALL(perf_event_open),
	CONFINE_CALL(userfaultfd),
	CONFINE_CALL(io_uring_setup),
	CONFINE_CALL(init_module),
	CONFINE_CALL(finit_module),
	CONFINE_CALL(kexec_load),
	CONFINE_CALL(kexec_file_load),
	CONFINE_CALL(mount),
	CONFINE_CALL(umount2),
	CONFINE_CALL(pivot_root),
	CONFINE_CALL(chroot),
	CONFINE_CALL(unshare),
	CONFINE_CALL(setns),
	CONFINE_CALL(open_by_handle_at),
	CONFINE_CALL(pidfd_getfd),
	CONFINE_CALL(keyctl),
};

static unsigned conditions_of(const struct confine_rule *r)
{
	unsigned n = 0;

	while (n < CONFINE_CONDITIONS_MAX && r->when[n].op)
		n++;
	return n;
}

static int add(scmp_filter_ctx filter, uint32_t action, const struct confine_rule *rules,
	       size_t count)
{
	int error = 0;

	for (size_t i = 0; i < count && !error; i++)
		error = seccomp_rule_add_array(filter, action, rules[i].syscall,
					       conditions_of(&rules[i]), rules[i].when);
	return error;
}

static int restrict_to_computing(scmp_filter_ctx filter)
{
	int error = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);

	if (!error)
		error = add(filter, SCMP_ACT_KILL_PROCESS, fatal, COUNT(fatal));
	if (!error)
		error = add(filter, SCMP_ACT_ALLOW, computing, COUNT(computing));
	return error;
}

const struct err *confine_calls(const struct confine_rule *rules, size_t count,
				const struct confine_rule *more, size_t more_count)
{
	/* Refused, not killed: the C library asks the kernel about its surroundings now and then.
	 */
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int error = filter ? restrict_to_computing(filter) : -ENOMEM;

	if (!error)
		error = add(filter, SCMP_ACT_ALLOW, rules, count);
	if (!error)
		error = add(filter, SCMP_ACT_ALLOW, more, more_count);
	if (!error)
		error = seccomp_load(filter);
	seccomp_release(filter);
	return error ? ERR_ERRNO(ERR_SYSTEM, -error, "seccomp") : NULL;
}

/* --- files -------------------------------------------------------------------------------------
 */

#define ALL_CHANGES                                                                                \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |                           \
	 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |                           \
	 LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |                               \
	 LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |                             \
	 LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM)

static const struct err *except_beneath(int ruleset, const char *folder, uint64_t rights)
{
	AUTO_CLOSE int fd = open(folder, O_PATH | O_CLOEXEC);
	struct landlock_path_beneath_attr beneath = {.allowed_access = rights, .parent_fd = fd};

	if (fd < 0)
		return ERR_ERRNO(ERR_USAGE, errno, "cannot use %s", folder);
	if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "Landlock");
	return NULL;
}

static const struct err *except_devices(int ruleset, const char *const *devices)
{
	for (; devices && *devices; devices++)
		if (access(*devices, F_OK) == 0)
			TRY(except_beneath(ruleset, *devices, LANDLOCK_ACCESS_FS_WRITE_FILE));
	return NULL;
}

bool confine_has_files(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
}

const struct err *confine_files(const char *folder, uint64_t rights, const char *const *devices)
{
	const struct landlock_ruleset_attr all = {.handled_access_fs = ALL_CHANGES};
	AUTO_CLOSE int ruleset =
		(int)syscall(SYS_landlock_create_ruleset, &all, sizeof(all.handled_access_fs), 0);

	if (ruleset < 0 && (errno == ENOSYS || errno == EOPNOTSUPP))
		return NULL;
	if (ruleset < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "Landlock");
	if (folder[0])
		TRY(except_beneath(ruleset, folder, rights));
	TRY(except_devices(ruleset, devices));
	if (syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "Landlock");
	return NULL;
}
