/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hints - registers of each VM's last snapshot, for the first walk of its next client: they tell
 * where the kernel lies. Without them the VM is paused for its registers before it is paused for the
 * snapshot.
 *
 * Shared by all clients' processes. One that was taken over could put anything there, and two may
 * write at once: with wrong registers a walk finds no kernel, and is made again with right ones.
 */
#ifndef RT_SERVER_HINTS_H
#define RT_SERVER_HINTS_H

#include <stddef.h>

#include "remotetrans/base/err.h"
#include "remotetrans/wire/record.h"

/* Once, before clients' processes begin. */
MUST_CHECK const struct err *hints_init(size_t vm_count);
void hints_deinit(void);

/* In a client's process: the walk, its child, does not inherit them. */
void hints_enter(void);

/* Of the VM at this place of the configuration; offline: there is none yet. NULL: none are kept. */
struct vcpu *hints_of(size_t vm);

#endif
