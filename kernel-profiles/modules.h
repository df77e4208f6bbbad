/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * modules - kernel modules whose types rows of fields.def name ("virtio_net:send_queue").
 *
 * A module's .BTF section holds what the kernel image's lacks, and continues its numbers
 * (Documentation/bpf/btf.rst, "split BTF"). Kernels before 5.11 have it in the image only.
 */
#ifndef KP_MODULES_H
#define KP_MODULES_H

#include <stdbool.h>

#include "kernel-profiles/blob.h"
#include "kernel-profiles/span.h"

#define MODULES_MAX       16u
#define MODULE_NAME_BYTES 64 /* MODULE_NAME_LEN is 56 */

struct module_file {
	char name[MODULE_NAME_BYTES]; /* as lsmod shows it: '_', never '-' */
	struct blob object;           /* ELF, unpacked */
};

struct modules {
	struct module_file all[MODULES_MAX];
	unsigned count;
};

/* The module that a row's structure is looked for in; false: the kernel image. */
bool row_module(const char *structure, char ret[static MODULE_NAME_BYTES]);

/* Is @path that of a module that rows name and that is not there yet? */
bool modules_want(const struct modules *m, const char *path);

/* Are all modules that rows name there? */
bool modules_complete(const struct modules *m);

/**
 * modules_add() - keep a module that modules_want() wants
 * @file: untrusted: plain, or compressed with xz or zstd
 *
 * Return: NULL, PROTO, SYSTEM.
 */
MUST_CHECK const struct err *modules_add(struct modules *m, const char *path,
					 const struct blob *file);

/**
 * module_types() - the .BTF section of @module
 * @release: of the kernel image; a module that was made for another is refused
 * @ret:     out: borrows the module; empty: it has none
 *
 * Return: NULL, PROTO.
 */
MUST_CHECK const struct err *module_types(const struct module_file *module, const char *release,
					  struct span *ret);

void modules_deinit(struct modules *m);

#endif
