/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reference values: the list of events, and what follows from it. */
#include "remotetrans/attest/manifest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "remotetrans/attest/digest.h"
#include "remotetrans/base/printable.h"

void manifest_deinit(struct manifest *m)
{
	for (unsigned pcr = 0; pcr < EVENTLOG_PCRS; pcr++)
		free(m->pcrs[pcr].events);
	*m = (struct manifest){0};
}

const struct err *manifest_add(struct manifest *m, uint32_t pcr, uint32_t type,
			       const uint8_t *digest, const char *note)
{
	struct manifest_pcr *p = &m->pcrs[pcr];
	struct manifest_event *all, *new;

	if (p->count == EVENTLOG_EVENTS_MAX)
		return ERR(ERR_USAGE, "more than %u events of PCR %u", p->count, pcr);
	all = reallocarray(p->events, p->count + 1, sizeof(*all));
	if (!all)
		return ERR_ERRNO(ERR_SYSTEM, ENOMEM, "manifest");
	p->events = all;
	new = &all[p->count++];
	*new = (struct manifest_event){.type = type};
	if (digest)
		memcpy(new->digest, digest, sizeof(new->digest));
	snprintf(new->note, sizeof(new->note), "%s", note);
	printable_clean(new->note);
	return NULL;
}

const struct err *manifest_value(const struct manifest *m, uint32_t pcr,
				 uint8_t ret[EVENTLOG_DIGEST], bool *ret_known)
{
	const struct manifest_pcr *p = &m->pcrs[pcr];

	*ret_known = p->rule == MANIFEST_EXACT && pcr != RTLAUNCH_PCR;
	if (!*ret_known)
		return NULL;
	memset(ret, 0, EVENTLOG_DIGEST);
	if (pcr == 0)
		ret[EVENTLOG_DIGEST - 1] = m->locality;
	for (unsigned i = 0; i < p->count; i++)
		TRY(digest_extend(ret, p->events[i].digest));
	return NULL;
}
