/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rebuilt tree, asked for everything. */
#include "tests/fuzz/tree.h"

#include <ctype.h>
#include <limits.h>
#include <zlib.h>

#include "transcall/proc/system.h"

#define TEXT_MAX  (64u << 20) /* of one file */
#define NAMES_MAX (1u << 22)

/* Reading made-up memory never looks like a lying server. */
static void check(const struct err *e)
{
	HOLDS(!e || e->kind == ERR_ABSENT || e->kind == ERR_FAULT || e->kind == ERR_RACE ||
	      e->kind == ERR_PROFILE);
}

/* --- paths ----------------------------------------------------------------------------------- */

struct finding {
	struct tree_paths *paths;
	const char *dir;
	char **pids;
};

static bool is_wanted(const struct finding *f, const char *name)
{
	if (strcmp(f->dir, "/proc") != 0 || !isdigit((unsigned char)*name) || !*f->pids)
		return true;
	for (char **pid = f->pids; *pid; pid++)
		if (strcmp(*pid, name) == 0)
			return true;
	return false;
}

static bool add_path(void *context, const char *name, enum node_kind kind)
{
	struct finding *f = context;
	struct tree_paths *p = f->paths;

	(void)kind;
	if (!is_wanted(f, name) || p->count == TREE_PATHS_MAX)
		return p->count < TREE_PATHS_MAX;
	p->path[p->count] = malloc(strlen(f->dir) + strlen(name) + 2);
	HOLDS(p->path[p->count]);
	sprintf(p->path[p->count++], "%s/%s", strcmp(f->dir, "/") ? f->dir : "", name);
	return true;
}

void tree_paths_find(struct tree_paths *paths, struct proc_view *view, char **pids)
{
	struct finding f = {.paths = paths, .pids = pids};

	paths->path[0] = strdup("/");
	paths->count = 1;
	for (unsigned i = 0; i < paths->count; i++) {
		struct proc_node node;

		f.dir = paths->path[i];
		if (!proc_lookup(view, f.dir, &node) && node.kind == NODE_DIR)
			IGNORE(proc_list(view, &node, add_path, &f));
	}
}

void tree_paths_save(const struct tree_paths *paths, const char *file)
{
	gzFile out = gzopen(file, "wb9");

	HOLDS(out);
	for (unsigned i = 0; i < paths->count; i++)
		gzprintf(out, "%s\n", paths->path[i]);
	HOLDS(gzclose(out) == Z_OK);
}

void tree_paths_load(struct tree_paths *paths, const char *file)
{
	gzFile in = gzopen(file, "rb");
	char line[256];

	HOLDS(in);
	while (paths->count < TREE_PATHS_MAX && gzgets(in, line, sizeof(line))) {
		line[strcspn(line, "\n")] = 0;
		paths->path[paths->count++] = strdup(line);
	}
	gzclose(in);
}

/* --- one node -------------------------------------------------------------------------------- */

static bool count_name(void *context, const char *name, enum node_kind kind)
{
	unsigned *count = context;

	HOLDS(*name && !strchr(name, '/') && strlen(name) < sizeof(((struct proc_node *)0)->name));
	HOLDS(kind >= NODE_DIR && kind <= NODE_MAGIC);
	return ++*count < NAMES_MAX;
}

static void render(struct proc_view *view, const struct proc_node *node)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	HOLDS(out);
	const struct err *e = proc_render(view, node, out);
	check(e);
	fclose(out);
	HOLDS(len <= TEXT_MAX);
	free(text);
}

static void use_node(struct proc_view *view, const struct proc_node *node)
{
	char text[PATH_MAX];
	unsigned count = 0;
	struct stat st;

	check(proc_attr(view, node, &st));
	switch (node->kind) {
	case NODE_DIR:
		check(proc_list(view, node, count_name, &count));
		HOLDS(count < NAMES_MAX);
		return;
	case NODE_FILE:
		render(view, node);
		return;
	case NODE_MAGIC:
		check(proc_stat_target(view, node, &st));
		check(proc_socket_protocol(view, node, text, sizeof(text)));
		/* fall through */
	case NODE_SYMLINK:
		memset(text, 'x', sizeof(text));
		if (!proc_readlink(view, node, text, sizeof(text)))
			HOLDS(memchr(text, 0, sizeof(text)));
	}
}

void tree_use(struct proc_view *view, const char *path)
{
	struct proc_node node;
	const struct err *e = proc_lookup(view, path, &node);

	check(e);
	if (!e)
		use_node(view, &node);
}

void tree_use_system(struct proc_view *view, const char *path)
{
	struct utsname name;
	struct sysinfo info;
	struct stat st;
	uint64_t ns;
	uint32_t number;

	check(proc_uname(view, &name));
	check(proc_sysinfo(view, &info));
	check(proc_boottime_ns(view, &ns));
	check(proc_realtime_ns(view, &ns));
	check(proc_monotonic_ns(view, &ns));
	check(proc_pid_max(view, &number));
	check(proc_reader_pid(view, &number));
	check(proc_path_stat(view, path, true, &st));
	check(proc_path_stat(view, path, false, &st));
}

void tree_vcpu(struct vcpu *v)
{
	v->online = v->has_tsc = v->has_hpet = v->has_acpi_pm = true;
	v->tsc = UINT64_C(1) << 40;
	v->tsc_khz = 2000000;
	v->clock_ns = UINT64_C(1) << 38;
}
