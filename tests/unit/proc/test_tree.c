/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_procentry.h"
#include "tests/unit/kobj/fake_tasks.h"
#include "tests/unit/kobj/fake_user.h"
#include "transcall/kobj/mm.h"
#include "transcall/kobj/task.h"
#include "transcall/proc/rows.h"
#include "transcall/proc/tree.h"

#include <stdlib.h>
#include <string.h>

#define ARG    UINT64_C(0x7ffc00000000)
#define ROUNDS 5 /* answers are tried so often */

static struct fake_guest g;
static struct proc_view view;
static gva_t init, shell, top;
static unsigned refreshes;
static gva_t repair_at; /* what the next snapshot holds there */
static uint64_t repair_with;

static bool stale; /* frames were replaced while they were read */
static bool stale_for_ever;

static bool is_stale(const struct proc_view *v)
{
	(void)v;
	return stale;
}

/* A new snapshot: the list that was cut short is whole in it. */
static const struct err *refresh(struct proc_view *v)
{
	(void)v;
	refreshes++;
	stale = stale_for_ever;
	if (!gva_is_null(repair_at))
		fake_u64(&g, repair_at, repair_with);
	return NULL;
}

static const struct err *refresh_refused(struct proc_view *v)
{
	(void)v;
	refreshes++;
	return ERR(ERR_INTEGRITY, "frame 1 is not what the VMM tagged");
}

/* Processes 1 (threads 1, 10) and 20. */
static void set_up(void)
{
	fake_guest_init(&g);
	fake_tasks_init(&g);
	fake_user_init(&g);
	init = fake_process(&g, 1, "init");
	fake_thread(&g, init, 10, "helper");
	shell = fake_process(&g, 20, "a (shell)");
	top = kernel_symbol(&g.k, S_init_pid_ns);
	refreshes = 0;
	repair_at = gva(0);
	stale = stale_for_ever = false;
	view = (struct proc_view){.refresh = refresh, .is_stale = is_stale};
	CHECK_OK(proc_view_init(&view, &g.k, 1));
}

/* What is read at @path; "" on an error, which is returned. */
static const struct err *read_path(const char *path, char *ret, size_t size_bytes)
{
	struct proc_node node;
	char *text = NULL;
	size_t len;

	*ret = 0;
	TRY(proc_lookup(&view, path, &node));
	FILE *out = open_memstream(&text, &len);
	const struct err *e = proc_render(&view, &node, out);
	fclose(out);
	snprintf(ret, size_bytes, "%s", text);
	free(text);
	return e;
}

static void check_text(const char *path, const char *expected)
{
	char text[256];

	CHECK_OK(read_path(path, text, sizeof(text)));
	CU_ASSERT_STRING_EQUAL(text, expected);
}

static void check_absent(const char *path)
{
	struct proc_node node;

	CHECK_ERR(proc_lookup(&view, path, &node), ERR_ABSENT);
}

/* Names, each with a blank after it. */
static char names[4096];
static size_t names_left; /* the listing is stopped after so many */

static bool gather(void *context, const char *name, enum node_kind kind)
{
	(void)context, (void)kind;
	strncat(names, name, sizeof(names) - strlen(names) - 2);
	strcat(names, " ");
	return --names_left;
}

static const struct err *list_path(const char *path)
{
	struct proc_node node;

	*names = 0;
	names_left = 1000;
	TRY(proc_lookup(&view, path, &node));
	return proc_list(&view, &node, gather, NULL);
}

/* Cut the list of init's threads so that it never comes back to its head; the place, and its value.
 */
static void cut_threads(void)
{
	gva_t link = kfield_at(&g.k, init, F_task_struct_thread_node);

	repair_with = 0;
	memcpy(&repair_with, g.bytes + (link.v - FAKE_BASE), 8);
	fake_u64(&g, link, link.v);
}

TEST(tree, table_is_well_formed)
{
	CU_ASSERT_PTR_NULL(proc_rows_check());
}

TEST(tree, finds_processes_and_threads)
{
	set_up();
	check_text("/proc/1/comm", "init\n");
	check_text("/proc/20/comm", "a (shell)\n");
	check_text("/proc/1/task/10/comm", "helper\n");
	check_text("/proc/1/task/1/comm", "init\n");
	check_text("/proc/10/comm", "helper\n"); /* not listed, yet there */
}

TEST(tree, what_the_guest_lacks_is_absent)
{
	static const char *const paths[] = {
		"/proc/2",
		"/proc/2/comm",
		"/proc/01",
		"/proc/0",
		"/proc/-1",
		"/proc/4294967297",
		"/proc/99999999999",
		"/proc/1 ",
		"/proc/1/nothing",
		"/proc/1/comm/x",
		"/proc/1/task/20",
		"/proc/20/task/10",
		"/proc/PID",
		"/proc/1/task/TID",
		"/proc/PID_TID",
		"/nothing",
		"/proc/1/task/10/task",
		"/proc/..",
	};

	set_up();
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		check_absent(paths[i]);
	CU_ASSERT_EQUAL(view.races + view.unreadable, 0);
	CU_ASSERT_EQUAL(refreshes, 0);
}

TEST(tree, names_too_long_are_absent)
{
	char path[400] = "/proc/";

	set_up();
	memset(path + 6, '1', sizeof(path) - 7);
	check_absent(path);
}

TEST(tree, lists_leaders_in_the_order_of_numbers)
{
	const char *first;

	set_up();
	fake_process(&g, 3, "late");
	CHECK_OK(list_path("/proc"));
	first = strstr(names, "1 3 20 ");
	CU_ASSERT_PTR_NOT_NULL(first);
	CU_ASSERT_PTR_NULL(strstr(names, " 10 "));
	CU_ASSERT_PTR_NOT_NULL(strstr(names, "uptime "));
	CU_ASSERT_PTR_NULL(strstr(names, "PID"));
	CHECK_OK(list_path("/proc/1/task"));
	CU_ASSERT_STRING_EQUAL(names, "1 10 ");
}

TEST(tree, listing_stops_when_told)
{
	struct proc_node node;

	set_up();
	CHECK_OK(proc_lookup(&view, "/proc/1/task", &node));
	*names = 0;
	names_left = 1;
	CHECK_OK(proc_list(&view, &node, gather, NULL));
	CU_ASSERT_STRING_EQUAL(names, "1 ");
}

TEST(tree, rows_of_other_kernels_are_absent)
{
	set_up();
	check_absent("/proc/1/loginuid");
	CHECK_OK(list_path("/proc/1"));
	CU_ASSERT_PTR_NULL(strstr(names, "loginuid "));
	fake_field(&g, F_task_struct_loginuid, 200, 4);
	CHECK_OK(list_path("/proc/1"));
	CU_ASSERT_PTR_NOT_NULL(strstr(names, "loginuid "));
}

TEST(tree, nodes_do_only_what_their_kind_does)
{
	struct proc_node file, dir, link;
	struct stat st;
	char text[64];

	set_up();
	CHECK_OK(proc_lookup(&view, "/proc/1/comm", &file));
	CHECK_OK(proc_lookup(&view, "/proc/1", &dir));
	CHECK_OK(proc_lookup(&view, "/proc/mounts", &link));
	CHECK_ERR(proc_list(&view, &file, gather, NULL), ERR_ABSENT);
	CHECK_ERR(proc_readlink(&view, &file, text, sizeof(text)), ERR_ABSENT);
	CHECK_ERR(proc_stat_target(&view, &file, &st), ERR_ABSENT);
	CHECK_ERR(proc_render(&view, &dir, stderr), ERR_ABSENT);
	CHECK_OK(proc_readlink(&view, &link, text, sizeof(text)));
	CU_ASSERT_STRING_EQUAL(text, "self/mounts");
	CHECK_OK(proc_readlink(&view, &link, text, 5));
	CU_ASSERT_STRING_EQUAL(text, "self");
}

/* --- what the guest's kernel registered --------------------------------------------------------
 */

static void check_unavailable(const char *path)
{
	char text[8];

	CHECK_ERR(read_path(path, text, sizeof(text)), ERR_ABSENT);
}

TEST(tree, registered_entries_say_what_is_in_proc)
{
	gva_t root, dir;

	set_up();
	root = fake_procentry_init(&g);
	fake_procentry_add(&g, root, "mounts", S_IFLNK | 0777);
	dir = fake_procentry_add(&g, root, "of_a_module", S_IFDIR | 0555);
	fake_procentry_add(&g, dir, "file", S_IFREG | 0600);
	CHECK_OK(list_path("/proc"));
	CU_ASSERT_STRING_EQUAL(names, "mounts of_a_module 1 20 ");
	CHECK_OK(list_path("/proc/of_a_module"));
	CU_ASSERT_STRING_EQUAL(names, "file ");
	check_absent("/proc/stat");
	check_absent("/proc/of_a_module/other");
	check_text("/proc/1/comm", "init\n");
}

TEST(tree, registered_entries_without_a_row_have_all_but_content)
{
	struct proc_node node;
	char text[16];
	gva_t root, at;

	set_up();
	root = fake_procentry_init(&g);
	at = fake_procentry_add(&g, root, "secret", S_IFREG | 0640);
	CHECK_OK(proc_lookup(&view, "/proc/secret", &node));
	CU_ASSERT_EQUAL(node.kind, NODE_FILE);
	CU_ASSERT_EQUAL(node.mode, 0640);
	CU_ASSERT_EQUAL(node.registered.v, at.v);
	check_unavailable("/proc/secret");
	at = fake_procentry_add(&g, root, "link", S_IFLNK | 0777);
	fake_set(&g, at, F_proc_dir_entry_data, fake_str(&g, "secret").v);
	CHECK_OK(proc_lookup(&view, "/proc/link", &node));
	CHECK_OK(proc_readlink(&view, &node, text, sizeof(text)));
	CU_ASSERT_STRING_EQUAL(text, "secret");
}

/* A row's function is for a file; a module may have made a directory of that name. */
TEST(tree, registered_entries_have_the_type_that_they_say)
{
	struct proc_node node;

	set_up();
	fake_procentry_add(&g, fake_procentry_init(&g), "version", S_IFDIR | 0555);
	CHECK_OK(proc_lookup(&view, "/proc/version", &node));
	CU_ASSERT_EQUAL(node.kind, NODE_DIR);
	CHECK_OK(list_path("/proc/version"));
	CU_ASSERT_STRING_EQUAL(names, "");
}

/* --- RACE: again over a new snapshot ------------------------------------------------------- */

TEST(tree, race_that_a_new_snapshot_ends_leaves_no_trace)
{
	set_up();
	cut_threads();
	stale = true;
	repair_at = kfield_at(&g.k, init, F_task_struct_thread_node);
	CHECK_OK(list_path("/proc/1/task"));
	CU_ASSERT_STRING_EQUAL(names, "1 10 ");
	CU_ASSERT_EQUAL(refreshes, 1);
	CU_ASSERT_EQUAL(view.races, 0);
}

TEST(tree, race_that_does_not_end_is_reported_and_counted)
{
	set_up();
	cut_threads();
	stale = stale_for_ever = true;
	CHECK_ERR(list_path("/proc/1/task"), ERR_RACE);
	CU_ASSERT_STRING_EQUAL(names, ""); /* nothing of an answer that failed */
	CU_ASSERT_EQUAL(refreshes, ROUNDS - 1);
	CU_ASSERT_EQUAL(view.races, 1);
}

/* The list is broken in the very snapshot: no other try sees more. */
TEST(tree, of_a_broken_list_what_can_be_read_is_shown_and_the_rest_counted)
{
	set_up();
	cut_threads();
	CHECK_OK(list_path("/proc/1/task"));
	CU_ASSERT_STRING_EQUAL(names, "1 ");
	CU_ASSERT_EQUAL(view.races, 1);
	CU_ASSERT_EQUAL(refreshes, 0);
	view.refresh = NULL;
	view.is_stale = NULL;
	CHECK_OK(list_path("/proc/1/task"));
	CU_ASSERT_STRING_EQUAL(names, "1 ");
	CU_ASSERT_EQUAL(view.races, 2);
}

/* A node of the IDR, all of whose slots lead to @below. */
static gva_t node_over(gva_t below, unsigned shift)
{
	gva_t node = fake_alloc(&g, 1024, 64);

	fake_set(&g, node, F_xa_node_shift, shift);
	for (unsigned i = 0; i < 64; i++)
		fake_u64(&g, gva_add(kfield_at(&g.k, node, F_xa_node_slots), 8 * i), below.v + 2);
	return node;
}

/* No answer costs more than its allowance and the pool. */
TEST(tree, a_listing_that_costs_too_much_is_cut_and_counted)
{
	uint64_t head;

	set_up();
	CHECK_OK(kread_u64(&g.k, kfield_at(&g.k, top, F_pid_namespace_idr_head), &head));
	gva_t shared = node_over(gva(head - 2), 12);
	for (unsigned shift = 18; shift <= 24; shift += 6)
		shared = node_over(shared, shift);
	fake_set(&g, top, F_pid_namespace_idr_head, shared.v + 2);
	work_fill(&view.work, 0);
	CHECK_OK(list_path("/proc"));
	CU_ASSERT_PTR_NOT_NULL(strstr(names, "1 20 "));
	CU_ASSERT_TRUE(view.races > 100 && view.races < 2000); /* of 2^19 wrong entries */
	unsigned long cut_at = view.races;
	view.races = 0;
	work_fill(&view.work, 2 * WORK_OWN);
	CHECK_OK(list_path("/proc"));
	CU_ASSERT_TRUE(view.races > 2 * cut_at && view.races < 4 * cut_at);
}

TEST(tree, refusal_of_a_new_snapshot_ends_the_tries)
{
	set_up();
	cut_threads();
	stale = true;
	view.refresh = refresh_refused;
	CHECK_ERR(list_path("/proc/1/task"), ERR_INTEGRITY);
	CU_ASSERT_EQUAL(refreshes, 1);
}

/* The process of the node that a tool holds is gone in the new snapshot. */
TEST(tree, node_is_looked_for_anew_over_a_new_snapshot)
{
	struct proc_node dir;

	set_up();
	fake_thread(&g, shell, 21, "thread");
	CHECK_OK(proc_lookup(&view, "/proc/20/task", &dir));
	fake_u64(&g, kfield_at(&g.k, shell, F_task_struct_thread_node), FAKE_BASE + FRAME_BYTES);
	fake_list(&g, kfield_at(&g.k, shell, F_task_struct_thread_node));
	fake_pid_replace(&g, top, 20, 0);
	stale = true;
	CHECK_ERR(proc_list(&view, &dir, gather, NULL), ERR_ABSENT);
	CU_ASSERT_EQUAL(refreshes, 1);
	CU_ASSERT_EQUAL(view.races, 0);
}

/* What was written over the snapshot before is no answer. */
TEST(tree, node_that_cannot_be_found_anew_is_an_error)
{
	struct proc_node dir;

	set_up();
	CHECK_OK(proc_lookup(&view, "/proc/20/task", &dir));
	repair_at = kfield_at(&g.k, top, F_pid_namespace_idr_head);
	repair_with = FAKE_BASE + FAKE_BYTES + 2; /* not mapped */
	fake_u64(&g, kfield_at(&g.k, shell, F_task_struct_thread_node), 0);
	stale = true;
	CHECK_ERR(proc_list(&view, &dir, gather, NULL), ERR_FAULT);
	CU_ASSERT_EQUAL(view.unreadable, 1);
}

/* A lookup runs into it, too: in the tree of numbers. */
TEST(tree, race_in_a_lookup_is_tried_anew)
{
	struct proc_node node;
	uint64_t pid;

	set_up();
	repair_at = gva_add(kfield_at(&g.k, top, F_pid_namespace_idr_head), 0);
	memcpy(&pid, g.bytes + (repair_at.v - FAKE_BASE), 8);
	repair_with = pid;
	gva_t strange = fake_alloc(&g, 1024, 64);
	fake_set(&g, strange, F_xa_node_shift, 7);
	fake_u64(&g, repair_at, strange.v + 2);
	stale = true;
	CHECK_OK(proc_lookup(&view, "/proc/20", &node));
	CU_ASSERT_EQUAL(node.task.v, shell.v);
	CU_ASSERT_EQUAL(refreshes, 1);
	repair_at = gva(0);
	fake_set(&g, top, F_pid_namespace_idr_head, strange.v + 2);
	CHECK_ERR(proc_lookup(&view, "/proc/20", &node), ERR_RACE);
	CU_ASSERT_EQUAL(view.races, 1);
}

/* --- FAULT and absent pages: counted -------------------------------------------------------- */

TEST(tree, fault_is_counted_and_shows_nothing)
{
	char text[64];

	set_up();
	fake_field(&g, F_kthread_full_name, 0, 8);
	fake_set(&g, shell, F_task_struct_flags, TASK_FLAG_KTHREAD);
	fake_set(&g, shell, F_task_struct_worker_private, 64);
	CHECK_ERR(read_path("/proc/20/comm", text, sizeof(text)), ERR_FAULT);
	CU_ASSERT_STRING_EQUAL(text, "");
	CU_ASSERT_EQUAL(view.unreadable, 1);
	CU_ASSERT_EQUAL(refreshes, 0);
}

TEST(tree, absent_page_of_a_command_line_is_shown_and_counted)
{
	set_up();
	fake_set(&g, shell, F_task_struct_mm, fake_mm(&g, ARG, ARG + 3, ARG + 3, ARG + 5).v);
	strcpy(fake_user_page(ARG), "sh");
	check_text("/proc/20/cmdline", "sh");
	CU_ASSERT_EQUAL(view.absent, 0);
	fake_user_init(&g);
	fake_user_absent(ARG);
	check_text("/proc/20/cmdline", MM_NOT_IN_MEMORY);
	CU_ASSERT_EQUAL(view.absent, 1);
	/* a kernel thread's is empty */
	check_text("/proc/1/cmdline", "");
}
