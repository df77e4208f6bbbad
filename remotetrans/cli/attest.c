/* SPDX-License-Identifier: GPL-2.0-or-later */
/* remotetrans attest - has a target's host booted what it was meant to? Every check, as a table. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <jansson.h>

#include "remotetrans/base/printable.h"
#include "remotetrans/base/scope.h"
#include "remotetrans/cli/command.h"
#include "remotetrans/client/attestation.h"
#include "remotetrans/client/handshake.h"
#include "remotetrans/client/session.h"

struct attest {
	const char *name, *folder; /* NULL: not given */
	bool json;
	struct target_config target;
	struct attestation attestation;
	bool passed;
	char reason[512]; /* NOT ATTESTED: why */
};

/* --- evidence in files ------------------------------------------------------------------------ */

static const struct err *save(const struct attest *a, const char *name, const uint8_t *bytes,
			      uint32_t len_bytes)
{
	char path[INI_PATH_BYTES];

	snprintf(path, sizeof(path), "%s/%s", a->folder, name);
	AUTO_FCLOSE FILE *file = fopen(path, "we");
	if (!file || fwrite(bytes, 1, len_bytes, file) != len_bytes || fflush(file) != 0)
		return ERR_ERRNO(ERR_USAGE, errno, "cannot write %s", path);
	return NULL;
}

static const struct err *save_all(const struct attest *a)
{
	const struct msg_evidence *m = &a->attestation.evidence;

	if (!a->folder || !a->attestation.bytes)
		return NULL;
	if (mkdir(a->folder, 0777) != 0 && errno != EEXIST)
		return ERR_ERRNO(ERR_USAGE, errno, "cannot create %s", a->folder);
	TRY(save(a, "quote", m->quote.bytes, m->quote.len_bytes));
	TRY(save(a, "signature", m->signature.bytes, m->signature.len_bytes));
	TRY(save(a, "ak_public", m->ak_public.bytes, m->ak_public.len_bytes));
	TRY(save(a, "pcrs", m->pcrs.bytes, m->pcrs.len_bytes));
	TRY(save(a, "log", m->log.bytes, m->log.len_bytes));
	return save(a, "qualifying", a->attestation.qualifying, sizeof(a->attestation.qualifying));
}

/* --- the verdict ------------------------------------------------------------------------------ */

static const char *const words[] = {
	[ATTEST_PASSED] = "ok", [ATTEST_FAILED] = "FAIL", [ATTEST_SKIPPED] = "-"};

static void print_text(const struct attest *a)
{
	const struct attest_report *r = &a->attestation.report;

	printf("%s (host of %s, at %s)%s", a->passed ? "ATTESTED" : "NOT ATTESTED", a->target.name,
	       a->target.attester[0] ? a->target.attester : a->target.server,
	       a->passed ? "" : ": ");
	printable_put(stdout, a->reason);
	putchar('\n');
	for (unsigned i = 0; i < r->row_count; i++) {
		printf("  %-5s %-22s ", words[r->rows[i].status], r->rows[i].name);
		printable_put(stdout, r->rows[i].reason);
		putchar('\n');
	}
}

static json_t *json_rows(const struct attest_report *r)
{
	json_t *rows = json_array();

	for (unsigned i = 0; i < r->row_count; i++) {
		char reason[sizeof(r->rows[i].reason)];

		memcpy(reason, r->rows[i].reason, sizeof(reason));
		printable_clean(reason);
		json_array_append_new(rows, json_pack("{s:s, s:s, s:s}", "check", r->rows[i].name,
						      "result", words[r->rows[i].status], "reason",
						      reason));
	}
	return rows;
}

static const struct err *print_json(struct attest *a)
{
	printable_clean(a->reason);
	json_t *o =
		json_pack("{s:s, s:b, s:s, s:o}", "target", a->target.name, "attested", a->passed,
			  "reason", a->reason, "checks", json_rows(&a->attestation.report));
	bool printed = o && json_dumpf(o, stdout, JSON_INDENT(2)) == 0 && putchar('\n') != EOF;

	json_decref(o);
	return printed ? NULL : ERR(ERR_SYSTEM, "cannot print JSON");
}

/* --- asking ----------------------------------------------------------------------------------- */

/* For a first manifest: there is nothing yet that the evidence could fit. */
static const struct err *ask_only(struct attest *a)
{
	static const struct manifest empty;
	struct handshake h = {.ephemeral = NULL};
	struct state_enrolled enrolled;
	struct link l;
	bool found;

	TRY(state_read_enrolled(a->target.name, &enrolled, &found));
	const struct err *e = link_open(&l, &a->target);

	if (!e)
		e = handshake_init(&h);
	if (!e)
		e = attestation_ask(&l, h.request, &empty, found ? enrolled.ak : NULL,
				    &a->attestation);
	handshake_deinit(&h);
	link_deinit(&l);
	TRY(e);
	return ERR(ERR_ATTEST,
		   "target [%s] has no manifest=, which says what its host must have booted",
		   a->target.name);
}

/* The quote is made for a session's hello, and the session is opened: its VMM has the key. */
static const struct err *ask(struct attest *a)
{
	struct session *s;

	TRY(session_attest(&a->target, &a->attestation, &s));
	session_close(s);
	return NULL;
}

/* Not attested is an answer; that there is none is a failure. */
static bool is_answer(const struct err *e)
{
	return e->kind == ERR_ATTEST || e->kind == ERR_INTEGRITY;
}

static const struct err *attest(struct attest *a)
{
	TRY(config_load(a->name, &a->target));
	if (!config_has_manifest(&a->target) && !a->folder)
		return ERR(ERR_ATTEST,
			   "target [%s] has no manifest=, which says what its host must have "
			   "booted%s",
			   a->target.name,
			   config_has_vmm_key(&a->target) ? "; its VMM's key is pinned by hand"
							  : "");
	a->target.insecure_unattested = false;
	return config_has_manifest(&a->target) ? ask(a) : ask_only(a);
}

static const struct err *report(struct attest *a, const struct err *e, int *ret_status)
{
	a->passed = !e;
	if (e) {
		snprintf(a->reason, sizeof(a->reason), "%s", e->message);
		*ret_status = EXIT_DIFFERENT;
	}
	TRY(save_all(a));
	if (a->json)
		return print_json(a);
	print_text(a);
	return NULL;
}

static const struct err *attest_run(int argc, char **argv, int *ret_status)
{
	struct attest a = {.name = NULL};

	TRY(command_parse("attest", argc, argv,
			  (const struct command_option[]){
				  {.name = "target", .text = &a.name},
				  {.name = "json", .flag = &a.json},
				  {.name = "save", .text = &a.folder},
				  {.name = NULL},
			  }));
	const struct err *e = attest(&a);
	if (!e || is_answer(e))
		e = report(&a, e, ret_status);
	attestation_deinit(&a.attestation);
	return e;
}

const struct command attest_command = {
	.name = "attest",
	.arguments = "[-t TARGET] [--json] [--save FOLDER]",
	.summary = "check what a target's host has booted: one row for each check",
	.details =
		"Asks the host's TPM for a quote made for this very session, checks it and the "
		"event log\n"
		"against the target's manifest=, opens the session, and remembers the outcome for\n"
		"attest_max_age_s=. The host must be enrolled (remotetrans enroll). --save keeps "
		"the\n"
		"evidence; of a machine that is known to be good, FOLDER/log is what `remotetrans\n"
		"reference build --log` wants.\n"
		"Exit status: 0 attested, 1 not attested, 125 no answer.\n",
	.run = attest_run,
};
