/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths named by maps files. Input: text rendered from guest memory; attacker-controlled. */
#include "transcall/vfs/named.h"

#include "transcall/proc/mapped.h"

#define PATHS_MAX 65536u

struct adding {
	struct named *n;
	const struct err *e;
};

static bool add(void *context, const char *path)
{
	struct adding *a = context;
	struct path_state *ignored;

	if (a->n->paths.used < PATHS_MAX)
		a->e = pathmap_add(&a->n->paths, path, NODE_FILE, &ignored);
	return !a->e;
}

const struct err *named_add(struct named *n, const char *text, size_t len_bytes)
{
	struct adding a = {.n = n};

	mapped_each(text, len_bytes, add, &a);
	return a.e;
}

static bool is_reader(const struct named *n, pid_t tid)
{
	for (unsigned i = 0; i < n->reader_count && i < NAMED_READERS; i++)
		if (n->readers[i] == tid)
			return true;
	return false;
}

void named_read_by(struct named *n, pid_t tid)
{
	if (!is_reader(n, tid))
		n->readers[n->reader_count++ % NAMED_READERS] = tid;
}

bool named_to(const struct named *n, pid_t tid, const char *path)
{
	return is_reader(n, tid) && pathmap_find(&n->paths, path);
}

void named_deinit(struct named *n)
{
	pathmap_deinit(&n->paths);
}
