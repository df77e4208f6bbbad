/* SPDX-License-Identifier: GPL-2.0-or-later */
/* remotetrans list - the configured targets, or the VMs that a server lets us read. */
#include <stdio.h>

#include "remotetrans/base/printable.h"
#include "remotetrans/cli/command.h"
#include "remotetrans/client/link.h"

#define TARGET_FORMAT "%-20s %-24s %-20s %s\n"
#define VM_FORMAT     "%-20s %-36s %-8s %s\n"

static const struct err *target_print(void *context, const struct target_config *t)
{
	(void)context;
	printf(TARGET_FORMAT, t->name, t->server, t->vm,
	       config_has_manifest(t)  ? "attested"
	       : config_has_vmm_key(t) ? "pinned"
				       : "none");
	return NULL;
}

static const struct err *vm_print(void *context, const struct msg_vm *vm)
{
	struct msg_vm shown = *vm; /* the server's words */
	char uuid[37];

	++*(unsigned *)context;
	uuid_format(vm->uuid, uuid);
	printable_clean(shown.name);
	printable_clean(shown.backend);
	printf(VM_FORMAT, shown.name, uuid, shown.backend,
	       vm->flags & WIRE_VM_TAGGED ? "yes" : "no");
	return NULL;
}

static const struct err *list_targets(void)
{
	char path[INI_PATH_BYTES];

	TRY(config_path(path, sizeof(path)));
	printf("# %s\n" TARGET_FORMAT, path, "TARGET", "SERVER", "VM", "VMM-KEY");
	return config_each(target_print, NULL);
}

static const struct err *list_server(const char *name)
{
	struct target_config target;
	struct link link;
	unsigned seen = 0;

	TRY(config_load(name, &target));
	const struct err *e = link_open(&link, &target);
	if (!e) {
		printf(VM_FORMAT, "VM", "UUID", "BACKEND", "VERIFIABLE");
		e = link_list(&link, vm_print, &seen);
	}
	if (!e && !seen)
		printf("# none: no allow= there has this client, or its certificate is not "
		       "accepted\n");
	link_deinit(&link);
	return e;
}

static const struct err *list_run(int argc, char **argv, int *ret_status)
{
	const char *target = NULL;

	(void)ret_status;
	TRY(command_parse("list", argc, argv,
			  (const struct command_option[]){
				  {.name = "target", .text = &target},
				  {.name = NULL},
			  }));
	return target ? list_server(target) : list_targets();
}

const struct command list_command = {
	.name = "list",
	.arguments = "[-t TARGET]",
	.summary = "targets of this host, or the VMs that a target's server lets it read",
	.details = "Without -t: the sections of the targets file, see targets.conf(5).\n"
		   "With -t: asks the server of TARGET; what it says is not verified.\n",
	.run = list_run,
};
