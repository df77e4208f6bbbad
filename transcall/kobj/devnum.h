/* SPDX-License-Identifier: GPL-2.0-or-later */
/* devnum - who has which device numbers: majors, minors of misc devices, frame buffers. */
#ifndef TC_KOBJ_DEVNUM_H
#define TC_KOBJ_DEVNUM_H

#include "transcall/kobj/list.h"

#define DEVNUM_NAME_BYTES  64
#define DEVNUM_MISC_MAX    4096
#define DEVNUM_CHAR_MAJORS 512 /* CHRDEV_MAJOR_MAX, BLKDEV_MAJOR_MAX: shown of either kind */

enum devnum_kind { DEVNUM_CHAR, DEVNUM_BLOCK };

struct devnum {
	gva_t at; /* null: the end */
	uint32_t number;
	char name[DEVNUM_NAME_BYTES];
};

struct devnum_iter {
	enum devnum_kind kind;
	uint32_t major;
	gva_t next; /* of the chain that has the major's */
	bool is_in_chain;
	uint32_t steps;
};

/* Walk over the registered majors below 512, in order; several may have one. */
void devnum_majors_init(struct devnum_iter *it, enum devnum_kind kind);
MUST_CHECK const struct err *devnum_majors_next(struct devnum_iter *it, const struct kernel *k,
						struct devnum *ret);

/* Walk over misc_list. */
MUST_CHECK const struct err *devnum_misc_init(struct list_iter *it, const struct kernel *k);
MUST_CHECK const struct err *devnum_misc_next(struct list_iter *it, const struct kernel *k,
					      struct devnum *ret);

#define DEVNUM_FBS 32 /* FB_MAX */
/* Frame buffer @index of registered_fb[]; ret->at null: none. */
MUST_CHECK const struct err *devnum_fb_read(const struct kernel *k, unsigned index,
					    struct devnum *ret);

#endif
