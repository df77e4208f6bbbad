/* SPDX-License-Identifier: GPL-2.0-or-later */
/* journal - remotetransd's log: lines on standard error. Nothing secret goes into it. */
#ifndef RT_SERVER_JOURNAL_H
#define RT_SERVER_JOURNAL_H

#include "remotetrans/base/err.h"

/* One line, whatever a client has put into its names: all but printable ASCII comes as \xNN. */
void journal_say(const char *format, ...) PRINTF(1, 2);

#endif
