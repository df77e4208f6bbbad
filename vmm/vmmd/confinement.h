/* SPDX-License-Identifier: GPL-2.0-or-later */
/* confinement - what vmmd and its pause guard may still ask of the kernel, once they serve. */
#ifndef VMMD_CONFINEMENT_H
#define VMMD_CONFINEMENT_H

#include "remotetrans/base/err.h"

/* Before the first caller. @socket_path: the one file that is vmmd's to remove. */
MUST_CHECK const struct err *confinement_vmmd(const char *socket_path);

/* In the guard's process, connected to QEMU: from here on it can only wait, and talk to both. */
MUST_CHECK const struct err *confinement_guard(void);

#endif
