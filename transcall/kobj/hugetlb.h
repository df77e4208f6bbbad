/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hugetlb - pools of huge pages. */
#ifndef TC_KOBJ_HUGETLB_H
#define TC_KOBJ_HUGETLB_H

#include "transcall/kobj/kernel.h"

/* The pool of the default size, and kB of all sizes together. */
struct hugetlb {
	bool present; /* this kernel has pools */
	uint64_t total, free, reserved, surplus, size_kb;
	uint64_t all_kb;
};
MUST_CHECK const struct err *hugetlb_read(const struct kernel *k, struct hugetlb *ret);

#endif
