/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ptrhash - kernel pointers as the kernel prints them: hashed (%p), or as kptr_restrict says (%pK).
 */
#ifndef TC_KOBJ_PTRHASH_H
#define TC_KOBJ_PTRHASH_H

#include "transcall/kobj/kernel.h"

#define PTRHASH_TEXT_BYTES 17 /* 16 characters */

/**
 * ptrhash_restricted() - %pK, for a reader with CAP_SYSLOG
 * @ret: out: 16 hexadecimal digits, or "(____ptrval____)" while the guest has no key yet
 */
MUST_CHECK const struct err *ptrhash_restricted(const struct kernel *k, gva_t pointer,
						char ret[static PTRHASH_TEXT_BYTES]);

/* Read what ptrhash_restricted() reads, and drop it (workset.h). */
#endif
