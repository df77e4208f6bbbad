/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arguments and results of the stat family. Input: the tool's arguments. */
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#include "transcall/sys/stat.h"

/* AT_EMPTY_PATH alone does not say so: there may be a path all the same. */
static bool path_is_empty(const struct call *call, uint64_t path)
{
	char first = 0;

	return path == 0 || (tracee_read(&call->who, path, &first, 1) == 0 && first == '\0');
}

static struct stat_request request_at(const struct call *call, uint64_t flags, uint64_t out)
{
	const uint64_t *args = call->args;

	return (struct stat_request){
		.at = {(int)(uint32_t)args[0], args[1], !(flags & AT_SYMLINK_NOFOLLOW)},
		.out = out,
		.of_descriptor = (flags & AT_EMPTY_PATH) && path_is_empty(call, args[1])};
}

struct stat_request stat_request(const struct call *call)
{
	const uint64_t *args = call->args;
	struct stat_request request;

	switch (call->nr) {
	case SYS_stat:
	case SYS_lstat:
		return (struct stat_request){.at = {AT_FDCWD, args[0], call->nr == SYS_stat},
					     .out = args[1]};
	case SYS_fstat:
		return (struct stat_request){
			.at.dirfd = (int)(uint32_t)args[0], .out = args[1], .of_descriptor = true};
	case SYS_statx:
		request = request_at(call, args[2], args[4]);
		request.extended = true;
		return request;
	default:
		return request_at(call, args[3], args[2]);
	}
}

static struct statx_timestamp timestamp(struct timespec t)
{
	return (struct statx_timestamp){.tv_sec = t.tv_sec, .tv_nsec = (uint32_t)t.tv_nsec};
}

int stat_write(const struct call *call, const struct stat_request *request, const struct stat *st)
{
	struct statx x = {
		.stx_mask = STATX_BASIC_STATS,
		.stx_blksize = (uint32_t)st->st_blksize,
		.stx_nlink = (uint32_t)st->st_nlink,
		.stx_uid = st->st_uid,
		.stx_gid = st->st_gid,
		.stx_mode = (uint16_t)st->st_mode,
		.stx_ino = st->st_ino,
		.stx_size = (uint64_t)st->st_size,
		.stx_blocks = (uint64_t)st->st_blocks,
		.stx_atime = timestamp(st->st_atim),
		.stx_mtime = timestamp(st->st_mtim),
		.stx_ctime = timestamp(st->st_ctim),
		.stx_rdev_major = major(st->st_rdev),
		.stx_rdev_minor = minor(st->st_rdev),
		.stx_dev_major = major(st->st_dev),
		.stx_dev_minor = minor(st->st_dev),
	};

	return request->extended ? tracee_write(&call->who, request->out, &x, sizeof(x))
				 : tracee_write(&call->who, request->out, st, sizeof(*st));
}
