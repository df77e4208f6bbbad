/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * layouts - structures of modules that carry no type information, as kernels before 5.11 build
 * them.
 *
 * Written down from the source (layouts.def), over sizes that the image's type information gives. A
 * reader makes sure, where it can, that what it finds is what it expects (F_send_queue_name).
 */
#ifndef KP_LAYOUTS_H
#define KP_LAYOUTS_H

#include "kernel-profiles/btf.h"

/* As btf_field() and btf_size(); @structure with its module, @path as one of layouts.def. */
MUST_CHECK const struct err *layout_field(const struct btf *image, const char *structure,
					  const char *path, struct field *ret);
MUST_CHECK const struct err *layout_size(const struct btf *image, const char *structure,
					 uint32_t *ret);

#endif
