/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tag - the library behind vmm/core/tag.h in vmmd. */
#ifndef VMMD_TAG_H
#define VMMD_TAG_H

#include "remotetrans/base/err.h"

/* Reads OpenSSL's configuration: before vmmd confines itself. Else the first tag does it. */
MUST_CHECK const struct err *tag_open(void);

#endif
