/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * identity - of a kept session: what a run must have in common with the one that a keeper was made
 * for. In a word: the same command but for the program, by the same user, of the same targets file,
 * seen from the same namespaces, with the same rights and limits.
 */
#ifndef TC_FRONT_IDENTITY_H
#define TC_FRONT_IDENTITY_H

#include "transcall/front/options.h"

#define IDENTITY_BYTES 33

/**
 * identity_of() - a name for it: 32 hexadecimal digits
 * @keeper: the keeper's program
 *
 * The targets file that does not exist is an identity, too: the keeper will say so.
 */
void identity_of(const struct options *o, const char *keeper, char ret[static IDENTITY_BYTES]);

#endif
