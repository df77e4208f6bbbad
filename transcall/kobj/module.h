/* SPDX-License-Identifier: GPL-2.0-or-later */
/* module - the guest's loaded kernel modules. */
#ifndef TC_KOBJ_MODULE_H
#define TC_KOBJ_MODULE_H

#include "transcall/kobj/list.h"

#define MODULE_NAME_BYTES 64 /* MODULE_NAME_LEN is 56 */

enum module_state { /* include/linux/module.h */
		    MODULE_LIVE,
		    MODULE_COMING,
		    MODULE_GOING,
		    MODULE_UNFORMED
};

struct kmodule {
	gva_t at;
	enum module_state state;
	char name[MODULE_NAME_BYTES];
	int32_t references;
	uint64_t taints;
	bool permanent; /* has a start, but no end */
	uint32_t size_bytes;
	gva_t base; /* of its text, which the symbols of it are in */
	uint64_t text_bytes;
};
MUST_CHECK const struct err *module_read(const struct kernel *k, gva_t at, struct kmodule *ret);

/* Walk over the list of modules, newest first; @ret null: the end. */
MUST_CHECK const struct err *modules_init(struct list_iter *it, const struct kernel *k);
MUST_CHECK const struct err *modules_next(struct list_iter *it, const struct kernel *k, gva_t *ret);

/* Walk over the modules that use @module; @ret null: the end. */
MUST_CHECK const struct err *module_users_init(struct list_iter *it, const struct kernel *k,
					       gva_t module);
MUST_CHECK const struct err *module_users_next(struct list_iter *it, const struct kernel *k,
					       gva_t *ret);

/* The module whose text holds @address; null: none does. */
MUST_CHECK const struct err *module_of_text(const struct kernel *k, gva_t address, gva_t *ret);

/**
 * module_symbol_name() - find_kallsyms_symbol(): the symbol of @module that @address is in
 * Return: NULL; ABSENT: none; FAULT; fatal.
 */
MUST_CHECK const struct err *module_symbol_name(const struct kernel *k, gva_t module, gva_t address,
						char *ret, size_t size_bytes);
/* The same; all of @ret but the module's name. */
struct ksymbol;
MUST_CHECK const struct err *module_symbol_find(const struct kernel *k, gva_t module, gva_t address,
						struct ksymbol *ret);

#endif
