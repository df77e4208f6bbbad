/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/sys: values that are one variable of the kernel, and a few others. Input:
 * attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>
#include <string.h>

#include "transcall/kobj/uts.h"
#include "transcall/proc/system.h"

#define UUID_BYTES 16

enum width { /* of each number: int or unsigned long */
	     INT = 4,
	     LONG = 8
};

static const struct {
	const char *path; /* below /proc/sys */
	enum symbol_id symbol;
	enum width width;
	unsigned count;
} variables[] = {
	{"fs/nr_open", S_sysctl_nr_open, INT, 1},
	{"fs/pipe-max-size", S_pipe_max_size, INT, 1},
	{"kernel/cap_last_cap", S_cap_last_cap, INT, 1},
	{"kernel/dmesg_restrict", S_dmesg_restrict, INT, 1},
	{"kernel/kptr_restrict", S_kptr_restrict, INT, 1},
	{"kernel/ngroups_max", S_ngroups_max, INT, 1},
	{"kernel/overflowgid", S_overflowgid, INT, 1},
	{"kernel/overflowuid", S_overflowuid, INT, 1},
	{"kernel/panic", S_panic_timeout, INT, 1},
	{"kernel/printk", S_console_printk, INT, 4},
	{"kernel/randomize_va_space", S_randomize_va_space, INT, 1},
	{"kernel/tainted", S_tainted_mask, LONG, 1},
	{"kernel/threads-max", S_max_threads, INT, 1},
	{"vm/dirty_background_bytes", S_dirty_background_bytes, LONG, 1},
	{"vm/dirty_background_ratio", S_dirty_background_ratio, INT, 1},
	{"vm/dirty_bytes", S_vm_dirty_bytes, LONG, 1},
	{"vm/dirty_ratio", S_vm_dirty_ratio, INT, 1},
	{"vm/max_map_count", S_sysctl_max_map_count, INT, 1},
	{"vm/min_free_kbytes", S_min_free_kbytes, INT, 1},
	{"vm/overcommit_kbytes", S_sysctl_overcommit_kbytes, LONG, 1},
	{"vm/overcommit_memory", S_sysctl_overcommit_memory, INT, 1},
	{"vm/overcommit_ratio", S_sysctl_overcommit_ratio, INT, 1},
	{"vm/swappiness", S_vm_swappiness, INT, 1},
	{"vm/vfs_cache_pressure", S_sysctl_vfs_cache_pressure, INT, 1},
};

static const struct err *print_number(const struct kernel *k, gva_t at, enum width width, FILE *out)
{
	uint64_t wide;
	uint32_t narrow;

	if (width == LONG) {
		TRY(kread_u64(k, at, &wide));
		fprintf(out, "%" PRIu64, wide);
		return NULL;
	}
	TRY(kread_u32(k, at, &narrow));
	fprintf(out, "%d", (int32_t)narrow);
	return NULL;
}

/* proc_dointvec(), proc_doulongvec(): numbers with tabs between. */
const struct err *sysctl_variable(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const char *path = node->entry->path + strlen("/proc/sys/");

	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		gva_t at = kernel_symbol(view->kernel, variables[i].symbol);

		if (strcmp(path, variables[i].path) != 0)
			continue;
		if (gva_is_null(at))
			return ERR(ERR_ABSENT, "the guest's kernel has no %s", path);
		for (unsigned n = 0; n < variables[i].count; n++) {
			if (n)
				fputc('\t', out);
			TRY(print_number(view->kernel, gva_add(at, n * variables[i].width),
					 variables[i].width, out));
		}
		fputc('\n', out);
		return NULL;
	}
	return ERR(ERR_ABSENT, "%s is in no table", path);
}

const struct err *sysctl_pid_max(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	uint32_t v;

	(void)node;
	TRY(proc_pid_max(view, &v));
	fprintf(out, "%u\n", v);
	return NULL;
}

/* Names of the guest: which one, the file's name says. */
const struct err *sysctl_uts(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct utsname names;
	const char *text = NULL;

	TRY(uts_of_task(view->kernel, view->reader, &names));
	if (strcmp(node->name, "ostype") == 0)
		text = names.sysname;
	else if (strcmp(node->name, "osrelease") == 0)
		text = names.release;
	else if (strcmp(node->name, "version") == 0)
		text = names.version;
	else if (strcmp(node->name, "hostname") == 0)
		text = names.nodename;
	else if (strcmp(node->name, "domainname") == 0)
		text = names.domainname;
	else if (strcmp(node->name, "arch") == 0)
		text = names.machine;
	if (!text)
		return ERR(ERR_ABSENT, "no such name: %s", node->name);
	fprintf(out, "%s\n", text);
	return NULL;
}

/* All zero until somebody in the guest asked for it: the kernel draws it then. */
const struct err *sysctl_boot_id(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	uint8_t id[UUID_BYTES];
	bool drawn = false;

	(void)node;
	TRY(kread(k, kernel_symbol(k, S_sysctl_bootid), id, sizeof(id)));
	for (unsigned i = 0; i < sizeof(id); i++)
		drawn |= id[i] != 0;
	if (!drawn)
		return ERR(ERR_ABSENT, "the guest has not drawn its boot id yet");
	for (unsigned i = 0; i < sizeof(id); i++)
		fprintf(out, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", id[i]);
	fputc('\n', out);
	return NULL;
}

const struct err *sysctl_file_max(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	uint64_t most;

	(void)node;
	TRY(kfield_uint(k, kernel_symbol(k, S_files_stat), F_files_stat_max_files, &most));
	fprintf(out, "%" PRIu64 "\n", most);
	return NULL;
}
