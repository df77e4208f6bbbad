/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Input: the user's environment, files and process. */
#include "transcall/front/identity.h"

#include <limits.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "remotetrans/client/config.h"

/* FNV-1a, 64 bit (draft-eastlake-fnv), twice: no secret, it only has to differ. */
struct digest {
	uint64_t a, b;
};

static void add(struct digest *d, const void *bytes, size_t len_bytes)
{
	const unsigned char *at = bytes;

	for (size_t i = 0; i < len_bytes; i++) {
		d->a = (d->a ^ at[i]) * UINT64_C(0x100000001b3);
		d->b = (d->b ^ at[i] ^ 0x55) * UINT64_C(0x100000001b3);
	}
}

/* With its end, so that two texts are not taken for one. */
static void add_text(struct digest *d, const char *text)
{
	add(d, text ? text : "\1", text ? strlen(text) + 1 : 1);
}

/* Which file it is and whether it changed. */
static void add_file(struct digest *d, const char *path)
{
	struct stat st = {0};

	if (stat(path, &st) < 0)
		st = (struct stat){0};
	add_text(d, path);
	add(d, &st.st_dev, sizeof(st.st_dev));
	add(d, &st.st_ino, sizeof(st.st_ino));
	add(d, &st.st_size, sizeof(st.st_size));
	add(d, &st.st_ctim, sizeof(st.st_ctim));
}

static void add_options(struct digest *d, const struct options *o)
{
	add_text(d, o->target);
	add(d, &o->in_pid, sizeof(o->in_pid));
	add(d, &o->files_of_host, sizeof(o->files_of_host));
	add(d, &o->notify_only, sizeof(o->notify_only));
	add(d, &o->no_compress, sizeof(o->no_compress));
	add(d, &o->insecure_unverified, sizeof(o->insecure_unverified));
	add(d, &o->insecure_unattested, sizeof(o->insecure_unattested));
}

static void add_configuration(struct digest *d)
{
	static const char *const names[] = {"HOME", "REMOTETRANS_CONFIG", "REMOTETRANS_STATE",
					    "XDG_STATE_HOME", "TRANSCALL_TARGET"};
	char path[INI_PATH_BYTES] = "", folder[4096] = "";

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		add_text(d, getenv(names[i]));
	IGNORE(config_path(path, sizeof(path))); /* the keeper says that there is none */
	add_file(d, path);
	if (path[0] != '/')
		add_text(d, getcwd(folder, sizeof(folder)));
}

static void add_namespaces(struct digest *d)
{
	static const char *const names[] = {"mnt", "pid", "net", "user", "time"};
	char path[32], text[64];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "/proc/self/ns/%s", names[i]);
		ssize_t len = readlink(path, text, sizeof(text));
		add(d, text, len > 0 ? (size_t)len : 0);
	}
}

/* As far as they decide what a keeper of ours may and how much. */
static void add_process(struct digest *d)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3] = {0};
	const unsigned ids[] = {getuid(), geteuid(), getgid(), getegid()};
	gid_t groups[NGROUPS_MAX];
	int group_count = getgroups(NGROUPS_MAX, groups);
	struct rlimit limit;
	struct stat root = {0};

	add(d, ids, sizeof(ids));
	add(d, groups, group_count > 0 ? (size_t)group_count * sizeof(*groups) : 0);
	syscall(SYS_capget, &header, caps);
	add(d, caps, sizeof(caps));
	for (int i = 0; i < RLIMIT_NLIMITS; i++)
		if (getrlimit((__rlimit_resource_t)i, &limit) == 0)
			add(d, &limit, sizeof(limit));
	if (stat("/", &root) == 0) {
		add(d, &root.st_dev, sizeof(root.st_dev));
		add(d, &root.st_ino, sizeof(root.st_ino));
	}
}

void identity_of(const struct options *o, const char *keeper, char ret[static IDENTITY_BYTES])
{
	struct digest d = {.a = UINT64_C(0xcbf29ce484222325), .b = UINT64_C(0x84222325cbf29ce4)};

	add_options(&d, o);
	add_file(&d, keeper);
	add_configuration(&d);
	add_namespaces(&d);
	add_process(&d);
	snprintf(ret, IDENTITY_BYTES, "%016llx%016llx", (unsigned long long)d.a,
		 (unsigned long long)d.b);
}
