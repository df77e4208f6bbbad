/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reference values as a JSON file. Input: the user's own, but perhaps edited by hand. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "remotetrans/attest/digest.h"
#include "remotetrans/attest/manifest.h"
#include "remotetrans/base/filebytes.h"
#include "remotetrans/base/ini.h"
#include "remotetrans/base/printable.h"
#include "remotetrans/base/scope.h"

#define LOCALITY_MAX 4

static void scope_json(json_t **slot)
{
	json_decref(*slot);
}

/* --- reading --------------------------------------------------------------------------------- */

/* One of the log's own types, or USAGE. */
static const struct err *type_read(const char *name, uint32_t *ret)
{
	return event_type_parse(name, ret) ? NULL : ERR(ERR_USAGE, "no event type '%.60s'", name);
}

static const struct err *event_read(struct manifest *m, uint32_t pcr, json_t *from)
{
	const char *name, *digits = NULL, *note = "";
	uint8_t digest[EVENTLOG_DIGEST];
	json_error_t error;
	uint32_t type;

	if (json_unpack_ex(from, &error, JSON_STRICT, "{s:s, s?s, s?s}", "type", &name, "digest",
			   &digits, "note", &note) != 0)
		return ERR(ERR_USAGE, "%s", error.text);
	TRY(type_read(name, &type));
	if (!digits != (m->pcrs[pcr].rule == MANIFEST_TYPES))
		return ERR(ERR_USAGE, "a digest is for the rule 'exact', and is needed there");
	if (digits)
		TRY(hex_parse(digits, digest, sizeof(digest)));
	return manifest_add(m, pcr, type, digits ? digest : NULL, note);
}

static const struct err *rule_read(const char *text, enum manifest_rule *ret)
{
	bool exact = strcmp(text, "exact") == 0;

	if (!exact && strcmp(text, "types") != 0)
		return ERR(ERR_USAGE, "no rule '%.60s'", text);
	*ret = exact ? MANIFEST_EXACT : MANIFEST_TYPES;
	return NULL;
}

static const struct err *pcr_read(struct manifest *m, uint32_t pcr, json_t *from)
{
	json_t *events, *event;
	json_error_t error;
	const char *rule;
	size_t i;
	int number;

	if (json_unpack_ex(from, &error, JSON_STRICT, "{s:i, s:s, s:o}", "pcr", &number, "rule",
			   &rule, "events", &events) != 0)
		return ERR(ERR_USAGE, "%s", error.text);
	if (number < 0 || (uint32_t)number != pcr || !json_is_array(events))
		return ERR(ERR_USAGE, "it has another number, or its events are no list");
	TRY(rule_read(rule, &m->pcrs[pcr].rule));
	json_array_foreach(events, i, event)
	{
		const struct err *e = event_read(m, pcr, event);
		if (e)
			return ERR(e->kind, "event %zu: %s", i + 1, e->message);
	}
	return NULL;
}

static const struct err *pcrs_read(struct manifest *m, json_t *pcrs)
{
	size_t at = 0;

	for (uint32_t pcr = 0; pcr < EVENTLOG_PCRS; pcr++) {
		if (!(ATTEST_PCRS >> pcr & 1))
			continue;
		const struct err *e = pcr_read(m, pcr, json_array_get(pcrs, at++));
		if (e)
			return ERR(e->kind, "PCR %u: %s", pcr, e->message);
	}
	return at == json_array_size(pcrs)
		       ? NULL
		       : ERR(ERR_USAGE, "PCRs that are not quoted, or one twice");
}

/* The version first: another one may have other keys. */
static const struct err *version_check(json_t *root)
{
	json_t *version = json_object_get(root, "version");

	if (!json_is_integer(version))
		return ERR(ERR_USAGE, "no manifest: it has no version");
	if (json_integer_value(version) != MANIFEST_VERSION)
		return ERR(ERR_USAGE,
			   "a manifest of version %" JSON_INTEGER_FORMAT ", this program reads "
			   "version %d: make it anew with `remotetrans reference build`",
			   json_integer_value(version), MANIFEST_VERSION);
	return NULL;
}

static const struct err *root_read(struct manifest *m, json_t *root)
{
	json_error_t error;
	const char *name;
	json_t *pcrs;
	int version, locality;

	TRY(version_check(root));
	if (json_unpack_ex(root, &error, JSON_STRICT, "{s:i, s:s, s:i, s:o}", "version", &version,
			   "name", &name, "startup_locality", &locality, "pcrs", &pcrs) != 0)
		return ERR(ERR_USAGE, "%s", error.text);
	if (locality < 0 || locality > LOCALITY_MAX)
		return ERR(ERR_USAGE, "no locality %d", locality);
	m->locality = (uint8_t)locality;
	snprintf(m->name, sizeof(m->name), "%s", name);
	printable_clean(m->name);
	return pcrs_read(m, pcrs);
}

const struct err *manifest_read(const char *path, struct manifest *ret)
{
	AUTO_FREE uint8_t *text = NULL;
	struct manifest m = {0};
	json_error_t error;
	size_t len_bytes;

	TRY(filebytes_read(path, MANIFEST_BYTES_MAX, &text, &len_bytes));
	CLEANUP(scope_json)
	json_t *root = json_loadb((const char *)text, len_bytes, JSON_REJECT_DUPLICATES, &error);
	if (!root)
		return ERR(ERR_USAGE, "%.200s:%d: %s", path, error.line, error.text);
	const struct err *e = root_read(&m, root);
	if (e)
		e = ERR(e->kind, "%.200s: %s", path, e->message);
	if (!e)
		e = digest_bytes(text, len_bytes, m.hash);
	if (e)
		manifest_deinit(&m);
	else
		*ret = m;
	return e;
}

/* --- writing --------------------------------------------------------------------------------- */

static json_t *event_json(const struct manifest_pcr *p, const struct manifest_event *e)
{
	char digits[DIGEST_HEX_SIZE];

	digest_hex(e->digest, sizeof(e->digest), digits);
	return json_pack("{s:s, s:s*, s:s*}", "type", event_type_name(e->type), "digest",
			 p->rule == MANIFEST_EXACT ? digits : NULL, "note",
			 *e->note ? e->note : NULL);
}

static json_t *pcr_json(const struct manifest_pcr *p, uint32_t pcr)
{
	json_t *events = json_array();

	for (unsigned i = 0; i < p->count; i++)
		json_array_append_new(events, event_json(p, &p->events[i]));
	return json_pack("{s:i, s:s, s:o}", "pcr", (int)pcr, "rule",
			 p->rule == MANIFEST_EXACT ? "exact" : "types", "events", events);
}

static json_t *manifest_json(const struct manifest *m)
{
	json_t *pcrs = json_array();

	for (uint32_t pcr = 0; pcr < EVENTLOG_PCRS; pcr++)
		if (ATTEST_PCRS >> pcr & 1)
			json_array_append_new(pcrs, pcr_json(&m->pcrs[pcr], pcr));
	return json_pack("{s:i, s:s, s:i, s:o}", "version", MANIFEST_VERSION, "name", m->name,
			 "startup_locality", m->locality, "pcrs", pcrs);
}

const struct err *manifest_write(const struct manifest *m, const char *path)
{
	CLEANUP(scope_json) json_t *root = manifest_json(m);
	AUTO_FREE char *text = root ? json_dumps(root, JSON_SORT_KEYS | JSON_INDENT(1)) : NULL;
	size_t len_bytes = text ? strlen(text) : 0;

	if (!text)
		return ERR_ERRNO(ERR_SYSTEM, ENOMEM, "manifest (is its name UTF-8?)");
	text[len_bytes] = '\n'; /* in place of its NUL */
	return filebytes_replace(path, text, len_bytes + 1);
}
