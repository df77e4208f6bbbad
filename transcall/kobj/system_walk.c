/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The working set of the system as a whole. Input: attacker-controlled. */
#include "transcall/kobj/system_walk.h"

#include "transcall/kobj/cpu.h"
#include "transcall/kobj/inode.h"
#include "transcall/kobj/irq.h"
#include "transcall/kobj/load.h"
#include "transcall/kobj/meminfo.h"
#include "transcall/kobj/namei.h"
#include "transcall/kobj/node.h"
#include "transcall/kobj/pagecache.h"
#include "transcall/kobj/pid.h"
#include "transcall/kobj/time.h"
#include "transcall/kobj/uts.h"
#include "transcall/kobj/walk.h"

#define FILE_BYTES_MAX 65536
#define CMDLINE_BYTES  2048 /* COMMAND_LINE_SIZE */

/* Names of users, groups and services, and the time zone: most tools ask for some of them. */
static const char *const files[] = {"/etc/passwd", "/etc/group",    "/etc/localtime",
				    "/etc/hosts",  "/etc/services", "/etc/protocols"};

static const struct err *file_walk(const struct kernel *k, const struct kpath *root,
				   const char *path)
{
	struct kpath at;
	struct stat st;
	gva_t inode;

	TRY(namei_lookup(k, root, path, true, &at));
	TRY(inode_of_dentry(k, at.dentry, &inode));
	TRY(inode_stat(k, inode, &st));
	for (int64_t from = 0; from < st.st_size && from < FILE_BYTES_MAX; from += FRAME_BYTES) {
		int64_t left = st.st_size - from;
		char bytes[FRAME_BYTES];

		TRY(walk_past(pagecache_read(k, inode, (uint64_t)from, bytes,
					     left < FRAME_BYTES ? (size_t)left : FRAME_BYTES)));
	}
	return NULL;
}

static const struct err *files_walk_all(const struct kernel *k, gva_t reader)
{
	struct kpath root;

	TRY(kpath_root(k, reader, &root));
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		TRY(walk_past(file_walk(k, &root, files[i])));
	return NULL;
}

static const struct err *cpus_walk(const struct kernel *k, const struct ktime *now)
{
	struct cpu_queues queues;
	struct cpu_set set;

	TRY(cpu_set_read(k, CPU_POSSIBLE, &set));
	TRY(cpu_set_read(k, CPU_PRESENT, &set));
	TRY(cpu_set_read(k, CPU_ONLINE, &set));
	TRY(cpu_queues_read(k, &queues));
	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++) {
		struct cpu_times times;
		struct cpu_irqs irqs;

		TRY(cpu_times_read(k, cpu, true, now, &times));
		TRY(cpu_irqs_read(k, cpu, &irqs));
	}
	return NULL;
}

static const struct err *irqs_walk(const struct kernel *k)
{
	uint32_t lines, errors, count;

	TRY(irq_lines(k, &lines));
	TRY(irq_errors(k, &errors));
	for (uint32_t irq = 0; irq < lines; irq++) {
		gva_t desc;

		TRY(irq_next(k, &irq, &desc));
		if (gva_is_null(desc))
			break;
		TRY(irq_count(k, desc, &count));
	}
	return NULL;
}

static const struct err *memory_walk(const struct kernel *k)
{
	struct meminfo_direct direct;
	struct vmstat stat;
	struct meminfo m;
	uint64_t v;

	TRY(vmstat_read(k, &stat));
	TRY(meminfo_read(k, &stat, &m));
	TRY(meminfo_vmalloc_kb(k, &v));
	TRY(meminfo_direct_read(k, &direct));
	return node_online(k, &v);
}

/* Single variables, all in the kernel image's data. */
static const struct err *variables_walk(const struct kernel *k)
{
	static const enum symbol_id symbols[] = {
		S_total_forks,    S_nr_threads,         S_pid_max,
		S_max_threads,    S_sysctl_bootid,      S_cap_last_cap,
		S_ngroups_max,    S_linux_proc_banner,  S_num_poisoned_pages,
		S_totalcma_pages, S_early_memtest_done,
	};
	char text[CMDLINE_BYTES];
	uint64_t v;
	gva_t at;

	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++)
		if (!gva_is_null(kernel_symbol(k, symbols[i])))
			TRY(walk_past(kread_u64(k, kernel_symbol(k, symbols[i]), &v)));
	TRY(kread_ptr(k, kernel_symbol(k, S_saved_command_line), &at));
	return kread_str(k, at, text, sizeof(text));
}

static const struct err *reader_walk(const struct kernel *k)
{
	struct time_offsets offsets;
	struct utsname names;
	gva_t reader;

	TRY(pid_find_task(k, kernel_symbol(k, S_init_pid_ns), 1, &reader));
	TRY(walk_past(uts_of_task(k, reader, &names)));
	TRY(walk_past(time_offsets_of_task(k, reader, &offsets)));
	return files_walk_all(k, reader);
}

const struct err *system_walk(const struct kernel *k)
{
	struct ktime now = {0};
	struct load load;

	TRY(walk_past(time_read(k, &now)));
	TRY(walk_past(load_read(k, now.jiffies, &load)));
	TRY(walk_past(cpus_walk(k, &now)));
	TRY(walk_past(irqs_walk(k)));
	TRY(walk_past(memory_walk(k)));
	TRY(walk_past(variables_walk(k)));
	return walk_past(reader_walk(k));
}
