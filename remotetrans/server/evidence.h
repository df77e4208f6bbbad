/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * evidence - what this host says of itself: ATTEST, ENDORSE, ACTIVATE. We only carry it; the client
 * believes none of it unchecked.
 */
#ifndef RT_SERVER_EVIDENCE_H
#define RT_SERVER_EVIDENCE_H

#include "remotetrans/server/client.h"

MUST_CHECK const struct err *evidence_on_attest(struct client *c, const struct frame *f);
MUST_CHECK const struct err *evidence_on_endorse(struct client *c, const struct frame *f);
MUST_CHECK const struct err *evidence_on_activate(struct client *c, const struct frame *f);

#endif
