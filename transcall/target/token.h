/* SPDX-License-Identifier: GPL-2.0-or-later */
/* token - a word that the guest's owner put into a command line inside, to tell his VM by. */
#ifndef TC_TARGET_TOKEN_H
#define TC_TARGET_TOKEN_H

#include "transcall/target/target.h"

/**
 * target_find_token() - the first process whose command line has @token, in the newest snapshot
 * @ret_pid: out: 0: there is none
 */
MUST_CHECK const struct err *target_find_token(struct target *t, const char *token,
					       uint32_t *ret_pid);

#endif
