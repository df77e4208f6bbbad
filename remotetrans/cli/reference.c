/* SPDX-License-Identifier: GPL-2.0-or-later */
/* remotetrans reference - make and show the reference values of a host. */
#include "remotetrans/attest/reference.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "remotetrans/attest/authenticode.h"
#include "remotetrans/attest/compare.h"
#include "remotetrans/base/filebytes.h"
#include "remotetrans/base/printable.h"
#include "remotetrans/base/scope.h"
#include "remotetrans/cli/command.h"
#include "remotetrans/cli/manifest_text.h"

#define IMAGE_BYTES_MAX (1u << 30)

/* --- build -------------------------------------------------------------------------------------
 */

struct build {
	const char *image_paths[REFERENCE_IMAGES_MAX], *log_path, *name, *output;
	struct digest_part images[REFERENCE_IMAGES_MAX]; /* owned */
	unsigned image_count;
	uint8_t *log_bytes; /* owned */
	struct eventlog log;
	struct manifest manifest;
};

static const struct err *options_read(int argc, char **argv, struct build *b)
{
	static const struct option options[] = {{"image", required_argument, NULL, 'i'},
						{"log", required_argument, NULL, 'l'},
						{"name", required_argument, NULL, 'n'},
						{NULL, 0, NULL, 0}};
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
		if (option == 'i' && b->image_count < REFERENCE_IMAGES_MAX)
			b->image_paths[b->image_count++] = optarg;
		else if (option == 'l')
			b->log_path = optarg;
		else if (option == 'n')
			b->name = optarg;
		else if (option == 'o')
			b->output = optarg;
		else
			return command_misused("reference build",
					       "unknown option, one without its value, or too "
					       "many images");
	}
	if (optind != argc || !b->output)
		return command_misused("reference build", "-o MANIFEST is needed, and no more");
	if (!b->log_path)
		return command_misused("reference build",
				       "--log LOG is needed for what the firmware measures of "
				       "itself: `remotetrans attest --save DIR` saves "
				       "one of a machine that is known good");
	return NULL;
}

static const struct err *of_file(const char *path, const struct err *e)
{
	return e && e->kind != ERR_SYSTEM ? ERR(ERR_USAGE, "%.200s: %s", path, e->message) : e;
}

static const struct err *image_read(const char *path, struct digest_part *ret)
{
	uint8_t *bytes, digest[DIGEST_BYTES];

	TRY(filebytes_read(path, IMAGE_BYTES_MAX, &bytes, &ret->len_bytes));
	ret->bytes = bytes;
	/* which of them is none is said here */
	return of_file(path, authenticode_digest(bytes, ret->len_bytes, digest));
}

static const struct err *files_read(struct build *b)
{
	size_t log_bytes;

	for (unsigned i = 0; i < b->image_count; i++)
		TRY(image_read(b->image_paths[i], &b->images[i]));
	TRY(filebytes_read(b->log_path, RTLAUNCH_LOG_BYTES_MAX, &b->log_bytes, &log_bytes));
	return of_file(b->log_path, eventlog_read(b->log_bytes, log_bytes, &b->log));
}

/* Only what comes from the image can differ from the log. */
static void differences_print(const struct build *b)
{
	char reason[COMPARE_REASON_BYTES];

	for (uint32_t pcr = 0; pcr < EVENTLOG_PCRS; pcr++)
		if (ATTEST_PCRS >> pcr & 1 && !compare_pcr(&b->manifest, &b->log, pcr, reason)) {
			printable_clean(reason);
			fprintf(stderr,
				"remotetrans: warning: the log is not one of this image: "
				"PCR %u: %s\n",
				pcr, reason);
		}
}

static const char *name_of(const struct build *b)
{
	const char *path = b->image_count ? b->image_paths[0] : b->log_path;
	const char *slash = strrchr(path, '/');

	return b->name ? b->name : slash ? slash + 1 : path;
}

static const struct err *build(struct build *b)
{
	TRY(files_read(b));
	TRY(of_file(b->image_count ? b->image_paths[0] : b->log_path,
		    reference_build(&b->log, b->images, b->image_count, &b->manifest)));
	snprintf(b->manifest.name, sizeof(b->manifest.name), "%s", name_of(b));
	differences_print(b);
	return manifest_write(&b->manifest, b->output);
}

static const struct err *build_run(int argc, char **argv, int *ret_status)
{
	struct build b = {0};

	(void)ret_status;
	TRY(options_read(argc, argv, &b));
	const struct err *e = build(&b);
	manifest_deinit(&b.manifest);
	eventlog_deinit(&b.log);
	for (unsigned i = 0; i < b.image_count; i++)
		free((void *)b.images[i].bytes);
	free(b.log_bytes);
	return e;
}

/* --- show, pcrs --------------------------------------------------------------------------------
 */

static const struct err *show_run(int argc, char **argv, int *ret_status)
{
	struct manifest m;

	(void)ret_status;
	if (argc != 2)
		return command_misused("reference show", "one MANIFEST is needed");
	TRY(manifest_read(argv[1], &m));
	manifest_print(&m);
	manifest_deinit(&m);
	return NULL;
}

static const struct err *pcrs_run(int argc, char **argv, int *ret_status)
{
	bool as_json = argc == 3 && strcmp(argv[2], "--json") == 0;
	struct manifest m;

	(void)ret_status;
	if (argc != 2 && !as_json)
		return command_misused("reference pcrs", "one MANIFEST is needed");
	TRY(manifest_read(argv[1], &m));
	const struct err *e = manifest_print_values(&m, as_json);
	manifest_deinit(&m);
	return e;
}

/* --- the commands ------------------------------------------------------------------------------
 */

static const struct command build_command = {
	.name = "build",
	.arguments = "[--image FILE]... --log LOG [--name TEXT] -o MANIFEST",
	.summary = "make the reference values of a host",
	.details =
		"LOG is an event log of a machine that is known good, as `remotetrans attest\n"
		"--save DIR` saves one: what its firmware measures of itself is taken from there.\n"
		"FILE is the unified Xen image that the firmware is meant to start; PCR 4 and the\n"
		"parts on PCR 15 are computed from it, and a warning says where the log has "
		"another\n"
		"one. Programs that start others: --image for each, in their order; of a unified\n"
		"kernel image, it and the kernel in it. Without --image they are taken from LOG.\n",
	.run = build_run,
};

static const struct command show_command = {
	.name = "show",
	.arguments = "MANIFEST",
	.summary = "print what a host must measure",
	.run = show_run,
};

static const struct command pcrs_command = {
	.name = "pcrs",
	.arguments = "MANIFEST [--json]",
	.summary = "print the values that PCRs must have, to compare with tpm2_pcrread",
	.details = "--json: an object, null for those that differ from boot to boot.\n",
	.run = pcrs_run,
};

static const struct command *const reference_commands[] = {
	&build_command,
	&show_command,
	&pcrs_command,
	NULL,
};

const struct command reference_command = {
	.name = "reference",
	.summary = "Reference values: what a host that was meant to boot measures.",
	.commands = reference_commands,
};
