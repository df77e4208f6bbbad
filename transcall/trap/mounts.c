/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tool's mounts. The supervisor knows which path is whose; these mounts see to it that a call
 * nobody trapped finds nothing rather than the host's file.
 */
#include "transcall/trap/mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "transcall/sys/paths.h"
#include "transcall/vfs/vfs.h"

#define SHADOW    "/run/shadow"
#define NEW_DEV   "/run/dev"
#define EMPTY     "/run/empty"
#define EMPTY_DIR "/run/empty.d"
#define SHM       "/dev/shm"

static const struct err *failed(const char *what, const char *path)
{
	return ERR_ERRNO(ERR_SYSTEM, errno, "cannot %s %s for the tool", what, path);
}

static const struct err *make_dir(const char *path)
{
	return mkdir(path, 0755) == 0 || errno == EEXIST ? NULL : failed("make", path);
}

static const struct err *make_file(const char *path)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0444);

	if (fd < 0)
		return failed("make", path);
	close(fd);
	return NULL;
}

static const struct err *bind(const char *from, const char *to)
{
	return mount(from, to, NULL, MS_BIND | MS_REC, NULL) == 0 ? NULL : failed("mount", to);
}

static const struct err *tmpfs(const char *path)
{
	return mount("none", path, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755") == 0
		       ? NULL
		       : failed("mount a tmpfs on", path);
}

/* A private procfs of this pid namespace, with nothing but processes where the kernel can (5.8). */
static const struct err *own_procfs(int *ret)
{
	static const unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;

	TRY(make_dir(OWN_PROCFS));
	if (mount("proc", OWN_PROCFS, "proc", flags, "subset=pid") < 0 &&
	    mount("proc", OWN_PROCFS, "proc", flags, NULL) < 0)
		return failed("mount procfs on", OWN_PROCFS);
	*ret = open(OWN_PROCFS, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *ret < 0 ? failed("open", OWN_PROCFS) : NULL;
}

/* A mount of ours: the one there, not its file system. */
static const struct err *read_only(const char *path)
{
	static const unsigned long flags = MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV;

	return mount(NULL, path, NULL, flags, NULL) == 0 ? NULL : failed("make read-only", path);
}

/* The shadow's @name, read-only, on @path. */
static const struct err *shadow_mount(const char *from, const char *path)
{
	TRY(make_dir(from));
	TRY(bind(from, path));
	if (mount(NULL, path, NULL,
		  MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		return failed("make read-only", path);
	return NULL;
}

/* Below its own root, which then has no path: only the supervisor writes to it. */
static const struct err *shadow(int *ret)
{
	TRY(make_dir(SHADOW));
	TRY(tmpfs(SHADOW));
	*ret = open(SHADOW, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*ret < 0)
		return failed("open", SHADOW);
	TRY(shadow_mount(SHADOW "/proc", "/proc"));
	TRY(shadow_mount(SHADOW "/sys", "/sys"));
	return umount2(SHADOW, MNT_DETACH) == 0 ? NULL : failed("unmount", SHADOW);
}

/* --- /dev ---------------------------------------------------------------------------------- */

static const char *const devices[] = {"null", "zero", "full", "random", "urandom", "tty"};
static const char *const links[][2] = {{"/proc/self/fd", NEW_DEV "/fd"},
				       {"/proc/self/fd/0", NEW_DEV "/stdin"},
				       {"/proc/self/fd/1", NEW_DEV "/stdout"},
				       {"/proc/self/fd/2", NEW_DEV "/stderr"},
				       {"pts/ptmx", NEW_DEV "/ptmx"}};

static const struct err *bind_device(const char *name)
{
	char from[64], to[64];

	snprintf(from, sizeof(from), "/dev/%s", name);
	snprintf(to, sizeof(to), NEW_DEV "/%s", name);
	if (access(from, F_OK) < 0)
		return NULL;
	TRY(make_file(to));
	return bind(from, to);
}

static const struct err *dev(void)
{
	TRY(make_dir(NEW_DEV));
	TRY(tmpfs(NEW_DEV));
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		TRY(bind_device(devices[i]));
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (symlink(links[i][0], links[i][1]) < 0)
			return failed("make", links[i][1]);
	TRY(make_dir(NEW_DEV "/shm"));
	TRY(tmpfs(NEW_DEV "/shm"));
	TRY(make_dir(NEW_DEV "/pts"));
	if (access("/dev/pts", F_OK) == 0)
		TRY(bind("/dev/pts", NEW_DEV "/pts"));
	TRY(read_only(NEW_DEV));
	return mount(NEW_DEV, "/dev", NULL, MS_MOVE, NULL) == 0 ? NULL : failed("mount", "/dev");
}

/* --- everything else ----------------------------------------------------------------------- */

/* Below a mount of ours already. */
static bool is_covered(const char *path)
{
	static const char *const ours[] = {"/proc", "/sys", "/dev", "/run"};

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strncmp(path, ours[i], strlen(ours[i])) == 0)
			return true;
	return false;
}

/* What is not the host's to give is empty. A symbolic link cannot be covered. */
static const struct err *cover(void)
{
	const struct path_rule *rule;
	struct stat st;

	TRY(make_file(EMPTY));
	TRY(make_dir(EMPTY_DIR));
	for (size_t i = 0; (rule = paths_row(i)); i++) {
		if (rule->side == SIDE_HOST || is_covered(rule->path) || lstat(rule->path, &st) < 0)
			continue;
		if (S_ISREG(st.st_mode))
			TRY(bind(EMPTY, rule->path));
		else if (S_ISDIR(st.st_mode))
			TRY(bind(EMPTY_DIR, rule->path));
	}
	return NULL;
}

const struct err *mounts_make(int *ret_root, int *ret_procfs)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return failed("make private", "/");
	TRY(tmpfs("/run"));
	TRY(own_procfs(ret_procfs));
	TRY(dev());
	TRY(shadow(ret_root));
	TRY(cover());
	return read_only("/run");
}

/* All else is either the host's own or cannot be written. */
void mounts_clean(void)
{
	struct statfs fs;

	if (statfs(SHM, &fs) == 0 && fs.f_files - fs.f_ffree <= 1)
		return; /* its root is all it has */
	umount2(SHM, MNT_DETACH);
	IGNORE(tmpfs(SHM)); /* without it there is none, which tools bear */
}
