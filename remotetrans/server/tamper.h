/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tamper - the seam at which the adversary tests' build of remotetransd lies.
 *
 * In an ordinary build there is nothing here. Built with -DRT_HOSTILE, tests/adversary/ supplies
 * the two functions; such a build is never installed.
 */
#ifndef RT_SERVER_TAMPER_H
#define RT_SERVER_TAMPER_H

#include "remotetrans/server/records.h"

#ifdef RT_HOSTILE
/* Alter the records of an answer before they leave; @request is the type of the question. */
void tamper_records(enum msg_type request, struct records *records);
/* Alter the answer to OPEN. */
void tamper_open(uint8_t *reply);
#else
static inline void tamper_records(enum msg_type request, struct records *records)
{
	(void)request;
	(void)records;
}

static inline void tamper_open(uint8_t *reply)
{
	(void)reply;
}
#endif

#endif
