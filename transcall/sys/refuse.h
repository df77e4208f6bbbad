/* SPDX-License-Identifier: GPL-2.0-or-later */
/* refuse - system calls that would change the guest. */
#ifndef TC_SYS_REFUSE_H
#define TC_SYS_REFUSE_H

#include "transcall/sys/sys.h"

/* EPERM, and for the first such call of a name one line on standard error. */
void refuse(struct sys *s, const struct call *call, struct answer *ret);

#endif
