/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vmmd's command line, from one table. */
#include "vmm/vmmd/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const struct err *(*option_setter)(const char *value, struct options *ret);

static const struct err *set_name(const char *value, struct options *ret)
{
	ret->name = value;
	return NULL;
}

static const struct err *set_uuid(const char *value, struct options *ret)
{
	return uuid_parse(value, ret->host.uuid);
}

static const struct err *set_ram(const char *value, struct options *ret)
{
	ret->host.ram_path = value;
	return NULL;
}

static const struct err *set_machine(const char *value, struct options *ret)
{
	return machine_by_name(value, &ret->host.machine);
}

static const struct err *set_qmp(const char *value, struct options *ret)
{
	ret->host.qmp_path = value;
	return NULL;
}

static const struct err *set_guard_qmp(const char *value, struct options *ret)
{
	ret->host.guard_qmp_path = value;
	return NULL;
}

static const struct err *set_socket(const char *value, struct options *ret)
{
	ret->socket_path = value;
	return NULL;
}

static const struct err *set_pubkey(const char *value, struct options *ret)
{
	ret->pubkey_path = value;
	return NULL;
}

static const struct err *set_user(const char *value, struct options *ret)
{
	ret->user = value;
	return NULL;
}

static const struct err *set_deadline(const char *value, struct options *ret)
{
	char *end;
	unsigned long ms = strtoul(value, &end, 10);

	if (*end || end == value || ms < 10 || ms > DEADLINE_MS_MAX)
		return ERR(ERR_USAGE, "--deadline-ms %s: 10 to %d milliseconds", value,
			   DEADLINE_MS_MAX);
	ret->deadline_ms = (uint32_t)ms;
	return NULL;
}

static const struct err *set_tpm(const char *value, struct options *ret)
{
	ret->tpm = value;
	return NULL;
}

static const struct err *set_events(const char *value, struct options *ret)
{
	ret->events = value;
	return NULL;
}

static const struct err *set_more_keys(const char *value, struct options *ret)
{
	(void)value;
	ret->more_keys = true;
	return NULL;
}

static const struct err *set_help(const char *value, struct options *ret)
{
	(void)value;
	ret->help = true;
	return NULL;
}

static const struct err *set_version(const char *value, struct options *ret)
{
	(void)value;
	ret->version = true;
	return NULL;
}

static const struct row {
	const char *name;
	const char *value; /* NULL: takes none */
	bool required;
	option_setter set;
	const char *help;
} rows[] = {
	{"name", "NAME", true, set_name, "the VM's name, for messages"},
	{"uuid", "UUID", true, set_uuid, "the VM's UUID; part of what every tag binds"},
	{"ram", "FILE", true, set_ram, "mem-path of QEMU's shared memory-backend-file"},
	{"machine", "q35|pc", true, set_machine, "QEMU's machine type"},
	{"qmp", "SOCKET", true, set_qmp, "QMP socket of QEMU, for vmmd alone"},
	{"guard-qmp", "SOCKET", true, set_guard_qmp,
	 "second QMP socket, for the pause guard alone"},
	{"socket", "SOCKET", true, set_socket, "socket to create for remotetransd (mode 0600)"},
	{"pubkey-out", "FILE", false, set_pubkey,
	 "write the VMM's public key here, in hexadecimal"},
	{"user", "NAME", false, set_user, "run as this user when root starts it"},
	{"deadline-ms", "N", false, set_deadline, "longest pause, 10 to 1000 (default 1000)"},
	{"tpm", "TPM", false, set_tpm, "measure the key into this TPM: device:/dev/tpmrm0"},
	{"events", "FILE", false, set_events, "append what was measured here, for remotetransd"},
	{"more-keys", NULL, false, set_more_keys, "another vmmd will measure its key, too"},
	{"help", NULL, false, set_help, "print this text"},
	{"version", NULL, false, set_version, "print the version"},
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

void options_print_help(void)
{
	puts("Usage: vmmd OPTION...\n"
	     "Hand out pages and registers of a QEMU/KVM guest, each tagged for one client "
	     "session.\n");
	for (size_t i = 0; i < ROWS; i++)
		printf("  --%-11s %-8s %s%s\n", rows[i].name, rows[i].value ? rows[i].value : "",
		       rows[i].help, rows[i].required ? " (required)" : "");
	puts("\nSee vmmd(8).");
}

static const struct err *check_required(const bool given[ROWS])
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].required && !given[i])
			return ERR(ERR_USAGE,
				   "--%s %s is missing: %s (vmmd --help shows all options)",
				   rows[i].name, rows[i].value, rows[i].help);
	return NULL;
}

const struct err *options_parse(int argc, char **argv, struct options *ret)
{
	struct option table[ROWS + 1] = {0};
	bool given[ROWS] = {0};
	int i, found;

	*ret = (struct options){.deadline_ms = DEADLINE_MS_DEFAULT, .user = ""};
	for (i = 0; i < (int)ROWS; i++)
		table[i] = (struct option){
			rows[i].name, rows[i].value ? required_argument : no_argument, NULL, 0};
	opterr = 0;
	optind = 1;
	while ((found = getopt_long(argc, argv, ":", table, &i)) == 0) {
		TRY(rows[i].set(optarg, ret));
		given[i] = true;
	}
	if (found != -1)
		return ERR(ERR_USAGE, "unknown option or missing value: %s (see vmmd --help)",
			   argv[optind - 1]);
	if (optind < argc)
		return ERR(ERR_USAGE, "%s: vmmd takes options only (see vmmd --help)",
			   argv[optind]);
	if (!ret->tpm && (ret->events || ret->more_keys))
		return ERR(ERR_USAGE, "--events and --more-keys go with --tpm");
	return ret->help || ret->version ? NULL : check_required(given);
}
