/* SPDX-License-Identifier: GPL-2.0-or-later */
/* printk - the kernel's log (kernel/printk/printk_ringbuffer.c). */
#ifndef TC_KOBJ_PRINTK_H
#define TC_KOBJ_PRINTK_H

#include "transcall/kobj/kernel.h"

#define PRINTK_TEXT_BYTES 2048 /* LOG_LINE_MAX is below 1024; PRINTKRB_RECORD_MAX 1024 */

struct printk_record {
	uint64_t seq, ts_ns;
	uint8_t facility, level;
	bool is_continued;
	char subsystem[17], device[49]; /* NUL-terminated; empty: none */
	char text[PRINTK_TEXT_BYTES];   /* raw bytes, maybe with newlines */
	uint32_t len_bytes;
};

/* Walk over the log, oldest first. */
struct printk_iter {
	gva_t ring, descs, infos, data;
	unsigned count_bits, size_bits;
	uint64_t id, left; /* the next descriptor's, and how many there are */
};
MUST_CHECK const struct err *printk_iter_init(struct printk_iter *it, const struct kernel *k);
/* @ret_end: there are no more; @ret is untouched then. What is not finished is passed over. */
MUST_CHECK const struct err *printk_iter_next(struct printk_iter *it, const struct kernel *k,
					      struct printk_record *ret, bool *ret_end);

/* Where `dmesg --clear` left off: the first record that dmesg shows. */
MUST_CHECK const struct err *printk_clear_seq(const struct kernel *k, uint64_t *ret);

#endif
