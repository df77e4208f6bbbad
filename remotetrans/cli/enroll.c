/* SPDX-License-Identifier: GPL-2.0-or-later */
/* remotetrans enroll - accept the TPM of a host: its endorsement key, and its attestation key. */
#include <stdio.h>
#include <string.h>

#include "remotetrans/attest/credential.h"
#include "remotetrans/cli/command.h"
#include "remotetrans/client/attestation.h"

struct enroll {
	const char *target;
	const char *ca;
	const char *sha256; /* text */
};

static void print_hex(const char *label, const uint8_t bytes[32])
{
	printf("%-22s", label);
	for (unsigned i = 0; i < 32; i++)
		printf("%02x", bytes[i]);
	putchar('\n');
}

static void print_fingerprint(FILE *to, const uint8_t bytes[32])
{
	fputs("remotetrans: the host shows an endorsement key with fingerprint ", to);
	for (unsigned i = 0; i < 32; i++)
		fprintf(to, "%02x", bytes[i]);
	fputs("; pin it with --ek-sha256 once you have compared it with the machine's owner\n", to);
}

static const struct err *enroll(const struct enroll *o)
{
	struct state_enrolled enrolled = {.at_s = 0}, before;
	struct target_config t;
	uint8_t sha256[32];
	bool found;

	TRY(config_load(o->target, &t));
	TRY(state_read_enrolled(t.name, &before, &found));
	if (o->sha256)
		TRY(hex_parse(o->sha256, sha256, sizeof(sha256)));
	const struct endorsement_policy policy = {.ca = o->ca ? o->ca : "",
						  .sha256 = o->sha256 ? sha256 : NULL};
	const struct err *e = enrolment_run(&t, &policy, &enrolled);
	static const uint8_t none[32];
	if (e && memcmp(enrolled.ek_sha256, none, sizeof(none)) != 0)
		print_fingerprint(stderr, enrolled.ek_sha256);
	TRY(e);
	TRY(state_write_enrolled(t.name, &enrolled));
	printf("%s is enrolled%s\n", t.name,
	       !found || memcmp(before.ak, enrolled.ak, sizeof(before.ak)) == 0
		       ? ""
		       : ", in place of another TPM");
	print_hex("endorsement key", enrolled.ek_sha256);
	print_hex("attestation key", enrolled.ak);
	return NULL;
}

static const struct err *enroll_run(int argc, char **argv, int *ret_status)
{
	struct enroll o = {.target = NULL};

	(void)ret_status;
	TRY(command_parse("enroll", argc, argv,
			  (const struct command_option[]){
				  {.name = "target", .text = &o.target},
				  {.name = "ek-ca", .text = &o.ca},
				  {.name = "ek-sha256", .text = &o.sha256},
				  {.name = NULL},
			  }));
	return enroll(&o);
}

const struct command enroll_command = {
	.name = "enroll",
	.arguments = "[-t TARGET] {--ek-ca FILE | --ek-sha256 HEX}",
	.summary = "accept the TPM of a target's host",
	.details =
		"Checks the TPM's endorsement key (EK), and that its attestation key lives "
		"beside it, then\n"
		"remembers both for `remotetrans attest`. Which EK is accepted: one whose "
		"certificate is\n"
		"signed by a CA of --ek-ca (PEM, with intermediates; the TPM's maker publishes "
		"it), or the\n"
		"one of the fingerprint that --ek-sha256 pins. Without either, the fingerprint is "
		"shown.\n"
		"Exit status: 0 enrolled, 125 refused or failed.\n",
	.run = enroll_run,
};
