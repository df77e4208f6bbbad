/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A log beside a manifest. Input: an attacker's log, which was found to be that of a quote. */
#include "remotetrans/attest/compare.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "remotetrans/attest/digest.h"
#include "remotetrans/attest/launch.h"

#define BEGIN_BYTES 4u /* of a digest, for people */

struct begin {
	char hex[2 * BEGIN_BYTES + 1];
};

static struct begin begin_of(const uint8_t *digest)
{
	struct begin b;

	digest_hex(digest, BEGIN_BYTES, b.hex);
	return b;
}

static void say(char *reason, const char *format, ...) PRINTF(2, 3);
static void say(char *reason, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(reason, COMPARE_REASON_BYTES, format, args);
	va_end(args);
}

static const struct event *next_event(const struct eventlog *l, uint32_t pcr, unsigned *at)
{
	return pcr == RTLAUNCH_PCR ? launch_next_part(l, at) : eventlog_next(l, pcr, at);
}

/* --- which part of the image it is -------------------------------------------------------------
 */

static const struct event *part_named(const struct eventlog *l, const char *name)
{
	const struct event *e;
	unsigned at = 0;

	while ((e = launch_next_part(l, &at)))
		if (launch_part_is(e, name))
			return e;
	return NULL;
}

static const char *part_word(const char *name)
{
	static const char *const words[][2] = {{MANIFEST_CONFIG, "configuration"},
					       {MANIFEST_KERNEL, "kernel"},
					       {MANIFEST_RAMDISK, "initramfs"}};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(words[i][0], name) == 0)
			return words[i][1];
	return name;
}

/* ": its configuration, initramfs differ", as far as the log names parts; else empty. */
static void parts_say(const struct manifest *m, const struct eventlog *l, char *ret, size_t size)
{
	const struct manifest_pcr *parts = &m->pcrs[RTLAUNCH_PCR];
	unsigned named = 0, different = 0;
	size_t used = 0;

	*ret = '\0';
	for (unsigned i = 0; i < parts->count && used < size; i++) {
		const struct manifest_event *want = &parts->events[i];
		const struct event *e = part_named(l, want->note);

		named += e != NULL;
		if (!e || memcmp(e->digest, want->digest, sizeof(want->digest)) == 0)
			continue;
		used += (size_t)snprintf(ret + used, size - used, "%s%s",
					 different++ ? ", " : ": its ", part_word(want->note));
	}
	if (different && used < size)
		snprintf(ret + used, size - used, different > 1 ? " differ" : " differs");
	else if (named && !different)
		snprintf(ret, size,
			 ": not its configuration, kernel or initramfs, but the program");
}

/* --- events ------------------------------------------------------------------------------------
 */

static void differs_say(const struct manifest *m, const struct eventlog *l, unsigned number,
			const struct event *e, const struct manifest_event *want, char *reason)
{
	bool is_image = strcmp(want->note, MANIFEST_IMAGE) == 0;
	char parts[80] = "";

	if (is_image)
		parts_say(m, l, parts, sizeof(parts));
	say(reason, "event %u (%s%s%.40s) is %s..., the manifest has %s...%s%s", number,
	    event_type_name(e->type), *want->note ? ", " : "", want->note, begin_of(e->digest).hex,
	    begin_of(want->digest).hex, is_image ? "; the image is another one" : "", parts);
}

/* @want: NULL: the manifest has no more. */
static bool event_fits(const struct manifest *m, const struct eventlog *l, unsigned number,
		       const struct event *e, const struct manifest_event *want, char *reason)
{
	if (!want)
		say(reason, "event %u (%s) %s... is one more than the manifest has", number,
		    event_type_name(e->type), begin_of(e->digest).hex);
	else if (memcmp(e->digest, want->digest, sizeof(want->digest)) != 0)
		differs_say(m, l, number, e, want, reason);
	else if (e->type != want->type) /* not hashed, but nobody has reason to change it */
		say(reason, "event %u is called an event of type 0x%x, the manifest has 0x%x",
		    number, e->type, want->type);
	else
		return true;
	return false;
}

static bool exact_fits(const struct manifest *m, const struct eventlog *l, uint32_t pcr,
		       char *reason)
{
	const struct manifest_pcr *p = &m->pcrs[pcr];
	const struct event *e;
	unsigned at = 0, i = 0;

	for (; (e = next_event(l, pcr, &at)); i++)
		if (!event_fits(m, l, at, e, i < p->count ? &p->events[i] : NULL, reason))
			return false;
	if (i == p->count) {
		say(reason, "%u event%s, as in the manifest", i, i == 1 ? "" : "s");
		return true;
	}
	say(reason, "it ends after %u events; the manifest goes on with %s%s%.40s, %s...", i,
	    event_type_name(p->events[i].type), *p->events[i].note ? " " : "", p->events[i].note,
	    begin_of(p->events[i].digest).hex);
	return false;
}

static bool type_is_among(const struct manifest_pcr *p, uint32_t type)
{
	for (unsigned i = 0; i < p->count; i++)
		if (p->events[i].type == type)
			return true;
	return false;
}

static bool types_fit(const struct manifest *m, const struct eventlog *l, uint32_t pcr,
		      char *reason)
{
	const struct event *e;
	unsigned at = 0, count = 0;

	for (; (e = eventlog_next(l, pcr, &at)); count++) {
		bool known = type_is_among(&m->pcrs[pcr], e->type);

		if (known && (e->type != RTLAUNCH_SEPARATOR || event_is_separator(e)))
			continue;
		say(reason,
		    known ? "event %u (%s) is that of a firmware that failed"
			  : "event %u (%s) is of a type that the manifest does not have",
		    at, event_type_name(e->type));
		return false;
	}
	say(reason, "%u event%s of known types", count, count == 1 ? "" : "s");
	return true;
}

bool compare_pcr(const struct manifest *m, const struct eventlog *l, uint32_t pcr, char *ret_reason)
{
	if (pcr == 0 && l->locality != m->locality) {
		say(ret_reason, "the TPM was started from locality %u, the manifest has %u",
		    l->locality, m->locality);
		return false;
	}
	if (m->pcrs[pcr].rule == MANIFEST_TYPES)
		return types_fit(m, l, pcr, ret_reason);
	return exact_fits(m, l, pcr, ret_reason);
}
