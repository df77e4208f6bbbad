/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * System calls about sockets, as a tool may make them: socket(AF_NETLINK) and connect(). Input: the
 * arguments; the bytes at the address of the name, which end where the tool's memory ends.
 *
 * What is written into a netlink socket is netlink.c's business. The tool's memory is read as the
 * supervisor reads it; the tool is this process itself.
 */
#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"
#include "transcall/sys/sys.h"
#include "transcall/vfs/path.h"

#define PAGE 4096u

static uint8_t *page; /* unmapped memory follows */

static void prepare(void)
{
	page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	HOLDS(page != MAP_FAILED && mprotect(page + PAGE, PAGE, PROT_NONE) == 0);
}

const struct err *proc_lookup(struct proc_view *view, const char *path, struct proc_node *ret)
{
	(void)view, (void)path, (void)ret;
	return ERR(ERR_ABSENT, "an empty guest");
}

const struct err *proc_readlink(struct proc_view *view, const struct proc_node *node, char *ret,
				size_t size_bytes)
{
	(void)view, (void)node, (void)ret, (void)size_bytes;
	return ERR(ERR_ABSENT, "an empty guest");
}

static const struct err *want(void *context, uint64_t sets)
{
	(void)context, (void)sets;
	return NULL;
}

/* Where an absolute path leads in a world without links; false: longer than a path may be. */
static bool plain_path(const char *path, char *ret)
{
	char given[PATH_MAX];

	strcpy(ret, "/");
	if (!path_join(NULL, path, given))
		return false;
	for (const char *at = given; *at == '/' && at[1]; at += strcspn(at, "/")) {
		size_t len = strcspn(++at, "/");

		if (len == 2 && at[0] == '.' && at[1] == '.')
			path_pop(ret);
		else if (!path_push(ret, at, len))
			return false;
	}
	return true;
}

/* A path that is not this machine's own is no socket that the tool gets. */
static void check_connect(struct sys *s, const struct call *call, const uint8_t *name, size_t len)
{
	struct answer a = {0};
	const struct err *e = sys_connect(s, call, &a);
	struct sockaddr_un un = {0};
	char path[sizeof(un.sun_path) + 1] = "", plain[PATH_MAX];

	HOLDS(!e || e->kind == ERR_ABSENT);
	memcpy(&un, name, len < sizeof(un) ? len : sizeof(un));
	memcpy(path, un.sun_path, sizeof(un.sun_path));
	if (e || a.kind != ANSWER_NATIVE || un.sun_family != AF_UNIX || path[0] != '/')
		return;
	HOLDS(plain_path(path, plain));
	HOLDS(paths_rule(plain)->side == SIDE_HOST);
}

static void check_string(const struct tracee *who, uint64_t at, size_t size)
{
	static char text[PATH_MAX];
	int errnum = tracee_read_string(who, at, text, size);

	HOLDS(errnum == 0 || errnum == EFAULT || errnum == ENAMETOOLONG);
	HOLDS(errnum || memchr(text, 0, size));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len_bytes)
{
	struct proc_view view = {0};
	struct guest guest = {.view = &view, .reader_pid = 1, .want = want};
	static struct sys s;
	struct input in = {bytes, len_bytes};
	struct call call = {.who = {.listener = -1, .tid = getpid()}};
	struct answer a;

	if (!page)
		prepare();
	s = (struct sys){.guest = &guest, .vfs = {.guest = &guest, .procfs = -1}};
	uint8_t how = input_u8(&in);
	call.args[0] = AF_NETLINK;
	call.args[2] = how & 1 ? input_u64(&in) : in.left_bytes;
	HOLDS(!sys_socket_netlink(&s, &call, &a) && a.kind == ANSWER_ERROR && a.errnum);
	size_t len = in.left_bytes < PAGE ? in.left_bytes : PAGE;
	uint8_t *at = page + PAGE - len;
	if (len)
		memcpy(at, in.at, len);
	call.args[1] = (uint64_t)(uintptr_t)at + (how & 2 ? input_u64(&in) : 0);
	if (how & 2)
		check_string(&call.who, call.args[1], 1 + how * 16u % PATH_MAX);
	else
		check_connect(&s, &call, at, call.args[2] < len ? (size_t)call.args[2] : len);
	check_string(&call.who, (uint64_t)(uintptr_t)at, 1 + how * 16u % PATH_MAX);
	return 0;
}
