/* SPDX-License-Identifier: GPL-2.0-or-later */
/* preload - have the tool's programs load the library of inside/. */
#ifndef TC_FRONT_PRELOAD_H
#define TC_FRONT_PRELOAD_H

/* In the environment of this process, which is about to become the tool; in front of what the user
 * has loaded. Static programs do not look there. */
void preload_set(void);

#endif
