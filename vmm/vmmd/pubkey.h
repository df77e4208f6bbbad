/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pubkey - the VMM's public key in a file, for the one who pins it. */
#ifndef VMMD_PUBKEY_H
#define VMMD_PUBKEY_H

#include "remotetrans/base/err.h"
#include "vmm/include/rtvmm.h"

/* 64 hexadecimal digits and a newline; the file is replaced whole. */
MUST_CHECK const struct err *pubkey_write(const char *path, const uint8_t key[RTVMM_KEY_BYTES]);

#endif
