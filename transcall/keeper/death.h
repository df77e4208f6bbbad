/* SPDX-License-Identifier: GPL-2.0-or-later */
/* death - of the front end: its tool and we end with it at once, whatever we are waiting for. */
#ifndef TC_KEEPER_DEATH_H
#define TC_KEEPER_DEATH_H

/* From now on, until another or -1 is given, the front end at @channel. */
void death_ends_us(int channel);

#endif
