/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest-edit - change the memory of a stopped guest, and put it back. For tests only.
 *
 *   guest-edit list                                           rows: name, argument, tools, what
 *   guest-edit RAMFILE PROFILE apply EDIT [PID] SAVEFILE      prints how many bytes changed
 *   guest-edit RAMFILE PROFILE undo SAVEFILE
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "remotetrans/base/scope.h"
#include "tests/hostile-guest/edit.h"
#include "transcall/kobj/pid.h"

static int usage(void)
{
	fputs("usage: guest-edit list | RAMFILE PROFILE apply EDIT [PID] SAVEFILE |\n"
	      "       RAMFILE PROFILE undo SAVEFILE\n",
	      stderr);
	return 2;
}

static void list(void)
{
	const struct edit *at;

	for (size_t i = 0; (at = edit_at(i)); i++)
		printf("%s\t%s\t%s\t%s\n", at->name, *at->pid ? at->pid : "-", at->tools, at->what);
}

static const struct err *editor_open(struct editor *e, const char *ram_path,
				     const char *profile_path, uint32_t pid)
{
	TRY(ramguest_open(&e->guest, ram_path, profile_path));
	e->fd = open(ram_path, O_WRONLY | O_CLOEXEC);
	if (e->fd < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot write %s", ram_path);
	e->pid = pid;
	if (!pid)
		return NULL;
	return pid_find_task(KERNEL(e), kernel_symbol(KERNEL(e), S_init_pid_ns), pid, &e->task);
}

/* @argv: EDIT [PID] SAVEFILE */
static const struct err *apply(const char *ram_path, const char *profile_path, int argc,
			       char **argv)
{
	static struct editor e;
	const struct edit *edit = edit_find(argv[0]);

	if (!edit)
		return ERR(ERR_USAGE, "no edit %.64s; try guest-edit list", argv[0]);
	if (argc != (*edit->pid ? 3 : 2))
		return ERR(ERR_USAGE, "%s takes %s", edit->name,
			   *edit->pid ? "a pid and a save file" : "a save file");
	TRY(editor_open(&e, ram_path, profile_path,
			*edit->pid ? (uint32_t)strtoul(argv[1], NULL, 10) : 0));
	e.save = fopen(argv[argc - 1], "we");
	if (!e.save)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot write %s", argv[argc - 1]);
	const struct err *failed = edit->apply(&e, edit);
	fclose(e.save);
	printf("%" PRIu64 " bytes changed\n", e.changed_bytes);
	return failed;
}

int main(int argc, char **argv)
{
	const struct err *e;

	if (argc == 2 && strcmp(argv[1], "list") == 0) {
		list();
		return 0;
	}
	if (argc >= 6 && strcmp(argv[3], "apply") == 0)
		e = apply(argv[1], argv[2], argc - 4, argv + 4);
	else if (argc == 5 && strcmp(argv[3], "undo") == 0)
		e = edit_undo(argv[1], argv[4]);
	else
		return usage();
	if (e)
		fprintf(stderr, "guest-edit: %s: %s\n", err_kind_name(e->kind), e->message);
	return e != NULL;
}
