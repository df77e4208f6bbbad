/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * open and its like, access, readlink, chdir. Input: the tool's arguments; the tree's answers.
 *
 * What the tool's kernel finds by itself in the filled shadow is left to it; other descriptors the
 * supervisor opens and hands over.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "transcall/sys/fixed.h"
#include "transcall/sys/log.h"
#include "transcall/sys/where.h"
#include "transcall/vfs/path.h"

#define DIRFD(arg) ((int)(uint32_t)(arg))

/* --- open ---------------------------------------------------------------------------------- */

struct open_request {
	struct where at;
	uint64_t flags;
};

static int open_decode(const struct call *call, struct open_request *ret)
{
	const uint64_t *args = call->args;
	struct open_how how = {0};

	switch (call->nr) {
	case SYS_open:
		*ret = (struct open_request){{AT_FDCWD, args[0], true}, args[1]};
		break;
	case SYS_creat:
		*ret = (struct open_request){{AT_FDCWD, args[0], true},
					     O_CREAT | O_WRONLY | O_TRUNC};
		break;
	case SYS_openat2:
		if (args[3] < sizeof(how))
			return EINVAL;
		if (tracee_read(&call->who, args[2], &how, sizeof(how)))
			return EFAULT;
		*ret = (struct open_request){{DIRFD(args[0]), args[1], true}, how.flags};
		break;
	default:
		*ret = (struct open_request){{DIRFD(args[0]), args[1], true}, args[2]};
	}
	if (ret->flags & O_NOFOLLOW)
		ret->at.follow = false;
	return 0;
}

static void answer_fd(struct answer *a, int fd, uint64_t flags)
{
	if (fd < 0)
		answer_error(a, errno);
	else
		*a = (struct answer){
			.kind = ANSWER_FD, .fd = fd, .cloexec = (flags & O_CLOEXEC) != 0};
}

/* A file with a fixed text: a new descriptor of the one file that there is of it. */
static void open_text(struct sys *s, const struct place *p, uint64_t flags, struct answer *ret)
{
	int fd = fixed_file(s, p->path, p->text);
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	answer_fd(ret, fd < 0 ? fd : open(path, O_RDONLY | O_CLOEXEC), flags);
}

/* /proc/N of a process of the tool: its own procfs. FIFOs and terminals only through /proc/self. */
static void open_own(struct sys *s, const struct place *p, uint64_t flags, struct answer *ret)
{
	int wanted = (int)(flags & (O_ACCMODE | O_DIRECTORY | O_PATH | O_NOFOLLOW));

	answer_fd(ret,
		  openat(s->vfs.procfs, p->path + 1, wanted | O_NONBLOCK | O_NOCTTY | O_CLOEXEC),
		  flags);
}

static const struct err *open_namespace(struct sys *s, const struct call *call,
					const struct proc_node *node, struct answer *ret)
{
	struct proc_namespace ns;

	TRY(proc_namespace_open(s->guest->view, node, &ns));
	special_answer(s, call, &ns, ret);
	return NULL;
}

/* Through a magic link: the guest's object itself is out of reach, unless the tree has its path. */
static const struct err *open_magic(struct sys *s, const struct call *call, struct place *p,
				    struct answer *ret)
{
	char text[PATH_MAX];

	TRY(proc_readlink(s->guest->view, &p->node, text, sizeof(text)));
	answer_error(ret, EACCES);
	if (strstr(p->path, "/ns/"))
		return open_namespace(s, call, &p->node, ret);
	if (text[0] != '/')
		return NULL;
	TRY(vfs_resolve(&s->vfs, &call->who, NULL, text, true, p));
	if (p->side != SIDE_GUEST || p->node.kind == NODE_MAGIC)
		return ERR(ERR_ABSENT, "not in the tree");
	p->native = false;
	answer_native(ret); /* to be opened by whoever called */
	return NULL;
}

static const struct err *open_log(struct sys *s, const struct place *p, uint64_t flags,
				  struct answer *ret)
{
	const char *text;
	size_t len;
	int fd = -1;

	TRY(vfs_text(&s->vfs, p, &text, &len));
	errno = log_open(&s->ends, text, len, &fd);
	answer_fd(ret, fd, flags);
	return NULL;
}

/* fstat() of an open directory is native, and lsns learns a process' owner so. An ordinary user
 * cannot give files away: there the owner is the tool's. */
static const struct err *give_owner(struct sys *s, const struct place *p, const char *shadow_path)
{
	struct stat st;

	TRY(proc_attr(s->guest->view, &p->node, &st));
	shadow_chown(&s->vfs.shadow, shadow_path, st.st_uid, st.st_gid);
	return NULL;
}

static const struct err *open_guest(struct sys *s, const struct call *call, struct place *p,
				    const struct open_request *request, struct answer *ret)
{
	char path[PATH_MAX];
	bool by_link = p->node.kind == NODE_MAGIC && request->at.follow;

	if (by_link) {
		const struct err *e = open_magic(s, call, p, ret);

		if (e && e->kind == ERR_ABSENT) {
			answer_error(ret, EACCES);
			return NULL;
		}
		if (e || ret->kind != ANSWER_NATIVE)
			return e;
	}
	if ((request->flags & O_ACCMODE) != O_RDONLY && !(request->flags & O_PATH)) {
		answer_error(ret, p->node.kind == NODE_DIR ? EISDIR : EROFS);
		return NULL;
	}
	if (strcmp(p->path, "/dev/kmsg") == 0 && !(request->flags & O_PATH))
		return open_log(s, p, request->flags, ret);
	if (request->flags & O_PATH && p->node.kind != NODE_DIR)
		TRY(vfs_make(&s->vfs, p));
	else
		TRY(vfs_fill(&s->vfs, p));
	TRY(vfs_shadow_path(&s->vfs, p, path));
	if (p->node.kind == NODE_DIR)
		TRY(give_owner(s, p, path));
	answer_native(ret);
	if (strcmp(p->node.name, "maps") == 0)
		named_read_by(&s->vfs.named, call->who.tid);
	if (!p->native || strcmp(path, p->path) != 0)
		answer_fd(ret,
			  shadow_open(&s->vfs.shadow, path,
				      (int)(request->flags & (O_DIRECTORY | O_PATH | O_NOFOLLOW))),
			  request->flags);
	return NULL;
}

/* A file of the guest's disks that cannot be read is explained once, and not taken from here. */
static const struct err *explain(struct sys *s, const struct place *p, const struct err *e)
{
	const char *rest;

	if (!e || e->kind != ERR_FAULT || path_under(p->path, "/proc", &rest) ||
	    path_under(p->path, "/sys", &rest) || s->said_files >= SAID_FILES_MAX)
		return e;
	for (unsigned i = 0; i < s->said_files; i++)
		if (s->said_file[i] == p->node.entry)
			return e;
	s->said_file[s->said_files++] = p->node.entry;
	fprintf(stderr, "transcall: %s cannot be read: %s\n", p->path, e->message);
	return e;
}

/* For the library in the tool (inside/). */
static const struct err *open_inside(struct sys *s, const struct place *p, uint64_t flags,
				     struct answer *ret)
{
	int fd = -1;

	if ((flags & O_ACCMODE) != O_RDONLY) {
		answer_error(ret, EACCES);
		return NULL;
	}
	TRY(images_open(&s->vfs, path_name(p->path), &fd));
	answer_fd(ret, fd, flags);
	return NULL;
}

const struct err *sys_open(struct sys *s, const struct call *call, struct answer *ret)
{
	struct open_request request;
	struct place p;
	int errnum = open_decode(call, &request);

	p.side = 0;
	if (errnum == 0) {
		const struct err *e = where_find(s, call, request.at, &p, &errnum);

		if (e && e->kind == ERR_ABSENT && p.side == SIDE_INSIDE)
			return open_inside(s, &p, request.flags, ret);
		TRY(e);
	}
	if (errnum) {
		answer_error(ret, errnum);
		return NULL;
	}
	answer_native(ret);
	if (p.side == SIDE_OURS)
		open_text(s, &p, request.flags, ret);
	if (p.side == SIDE_OWN && !p.native)
		open_own(s, &p, request.flags, ret);
	if (p.side == SIDE_GUEST)
		return explain(s, &p, open_guest(s, call, &p, &request, ret));
	return NULL;
}

/* --- chdir --------------------------------------------------------------------------------- */

const struct err *sys_chdir(struct sys *s, const struct call *call, struct answer *ret)
{
	struct place p;
	char path[PATH_MAX];
	int errnum;

	TRY(where_find(s, call, (struct where){AT_FDCWD, call->args[0], true}, &p, &errnum));
	answer_native(ret);
	if (errnum)
		answer_error(ret, errnum);
	else if (p.side == SIDE_OURS)
		answer_error(ret, ENOTDIR);
	else if (p.side == SIDE_OWN && !p.native)
		answer_error(ret, EACCES);
	if (errnum || p.side != SIDE_GUEST)
		return NULL;
	if (p.node.kind == NODE_FILE) {
		answer_error(ret, ENOTDIR);
		return NULL;
	}
	TRY(vfs_make(&s->vfs, &p));
	TRY(vfs_shadow_path(&s->vfs, &p, path));
	if (p.node.kind == NODE_MAGIC || !p.native)
		answer_error(ret, EACCES);
	else if (strcmp(path, p.path) != 0)
		return unlisted_show(&s->vfs, &p, path);
	return NULL;
}

/* --- access -------------------------------------------------------------------------------- */

/* As root: anything but executing what nobody may execute. */
static const struct err *access_guest(struct sys *s, const struct place *p, int mode, bool follow,
				      struct answer *ret)
{
	struct stat st;

	if (p->node.kind == NODE_MAGIC && follow)
		TRY(proc_stat_target(s->guest->view, &p->node, &st));
	else
		TRY(proc_attr(s->guest->view, &p->node, &st));
	if ((mode & X_OK) && S_ISREG(st.st_mode) && !(st.st_mode & 0111))
		answer_error(ret, EACCES);
	else
		answer_value(ret, 0);
	return NULL;
}

const struct err *sys_access(struct sys *s, const struct call *call, struct answer *ret)
{
	const uint64_t *args = call->args;
	struct where at = {AT_FDCWD, args[0], true};
	uint64_t mode = args[1];
	struct place p;
	int errnum;

	if (call->nr != SYS_access) {
		at = (struct where){DIRFD(args[0]), args[1], true};
		mode = args[2];
	}
	if (call->nr == SYS_faccessat2 && (args[3] & AT_SYMLINK_NOFOLLOW))
		at.follow = false;
	TRY(where_find(s, call, at, &p, &errnum));
	answer_native(ret);
	if (errnum)
		answer_error(ret, errnum);
	else if (p.side == SIDE_GUEST)
		return access_guest(s, &p, (int)mode, at.follow, ret);
	else if (p.side == SIDE_OURS)
		answer_value(ret, 0);
	else if (p.side == SIDE_OWN && !p.native)
		answer_written(ret, faccessat(s->vfs.procfs, p.path + 1, (int)mode, 0) ? errno : 0);
	return NULL;
}

/* --- readlink ------------------------------------------------------------------------------ */

static void answer_text(const struct call *call, uint64_t at, uint64_t size, const char *text,
			struct answer *ret)
{
	size_t len = strlen(text);

	if (len > size)
		len = (size_t)size;
	if (tracee_write(&call->who, at, text, len))
		answer_error(ret, EFAULT);
	else
		answer_value(ret, (int64_t)len);
}

/* The text of a link that is not left to the tool's kernel. */
static const struct err *link_text(struct sys *s, const struct place *p, char *ret, int *ret_errnum)
{
	ssize_t len;

	*ret_errnum = 0;
	if (p->side == SIDE_OWN && p->text) {
		strcpy(ret, p->text);
	} else if (p->side == SIDE_OWN) {
		len = readlinkat(s->vfs.procfs, p->path + 1, ret, PATH_MAX - 1);
		if (len < 0)
			*ret_errnum = errno;
		else
			ret[len] = '\0';
	} else if (p->side == SIDE_GUEST &&
		   (p->node.kind == NODE_SYMLINK || p->node.kind == NODE_MAGIC)) {
		return proc_readlink(s->guest->view, &p->node, ret, PATH_MAX);
	} else {
		*ret_errnum = EINVAL;
	}
	return NULL;
}

const struct err *sys_readlink(struct sys *s, const struct call *call, struct answer *ret)
{
	const uint64_t *args = call->args;
	bool at_form = call->nr == SYS_readlinkat;
	struct where at = {at_form ? DIRFD(args[0]) : AT_FDCWD, args[at_form], false};
	char text[PATH_MAX];
	struct place p;
	int errnum;

	if ((int)args[2 + at_form] <= 0) {
		answer_error(ret, EINVAL);
		return NULL;
	}
	TRY(where_find(s, call, at, &p, &errnum));
	answer_native(ret);
	if (errnum == 0 && (p.side == SIDE_HOST || (p.side == SIDE_OWN && p.native && !p.text)))
		return NULL;
	if (errnum == 0)
		TRY(link_text(s, &p, text, &errnum));
	if (errnum)
		answer_error(ret, errnum);
	else
		answer_text(call, args[1 + at_form], args[2 + at_form], text, ret);
	return NULL;
}
