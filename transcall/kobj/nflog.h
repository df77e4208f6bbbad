/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nflog - who logs packets for netfilter (net/netfilter/nf_log.c). */
#ifndef TC_KOBJ_NFLOG_H
#define TC_KOBJ_NFLOG_H

#include "transcall/kobj/kernel.h"

#define NFLOG_NAME_BYTES 64 /* NFLOGGER_NAME_LEN */

/* How many protocol families there are (NFPROTO_*), and kinds of loggers (NF_LOG_TYPE_*). */
unsigned nflog_families(const struct kernel *k);
unsigned nflog_types(const struct kernel *k);

/* Names; empty: none. The one that a network namespace uses for @family; one that is registered. */
MUST_CHECK const struct err *nflog_used(const struct kernel *k, gva_t net, unsigned family,
					char ret[static NFLOG_NAME_BYTES]);
MUST_CHECK const struct err *nflog_registered(const struct kernel *k, unsigned family,
					      unsigned type, char ret[static NFLOG_NAME_BYTES]);

#endif
