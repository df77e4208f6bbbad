/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report - what a run says on standard error, before the tool starts and after it ended. */
#ifndef TC_KEEPER_REPORT_H
#define TC_KEEPER_REPORT_H

#include "transcall/target/target.h"
#include "transcall/vfs/guest.h"

/* What each run must say, and for a person, whether the VM is protected. */
void report_notices(const struct target *target);

/* A run that could not show everything as it is says so. */
void report_incomplete(const struct guest *guest);

void report_cost(struct target *target);

#endif
