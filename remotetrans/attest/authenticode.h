/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * authenticode - what a firmware measures of an EFI program, computed from its file.
 *
 * Microsoft, 'Windows Authenticode Portable Executable Signature Format', as EDK2 implements it
 * (SecurityPkg, MeasurePeImage.c): headers without checksum and certificate directory, sections in
 * the order of the file, what trails them without the certificates. Input: may be hostile.
 * PROTO: no such file. What a loader would refuse or two readers could read differently is refused.
 */
#ifndef RT_ATTEST_AUTHENTICODE_H
#define RT_ATTEST_AUTHENTICODE_H

#include <stddef.h>
#include <stdint.h>

#include "remotetrans/base/err.h"

MUST_CHECK const struct err *authenticode_digest(const uint8_t *file, size_t len_bytes,
						 uint8_t ret[32]);

/**
 * authenticode_section() - a section's contents as they are once loaded
 * @name:      at most 8 bytes; of several, it is the first
 * @ret:       out: borrowed from @file
 * @ret_bytes: out: its VirtualSize: what pads it in the file is not counted
 *
 * Return: NULL; ABSENT; PROTO, also for a section that the file does not hold to its end.
 */
MUST_CHECK const struct err *authenticode_section(const uint8_t *file, size_t len_bytes,
						  const char *name, const uint8_t **ret,
						  uint32_t *ret_bytes);

#endif
