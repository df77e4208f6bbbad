/* SPDX-License-Identifier: GPL-2.0-or-later */
/* apparmor - the security label of a task, where AppArmor is the kernel's security module. */
#ifndef TC_KOBJ_APPARMOR_H
#define TC_KOBJ_APPARMOR_H

#include "transcall/kobj/kernel.h"

#define APPARMOR_LABEL_BYTES 4096

/**
 * apparmor_label() - aa_getprocattr(): "unconfined", "/usr/sbin/x (enforce)"
 * @reader: task whose policy namespace counts
 *
 * Return: NULL; ABSENT: AppArmor is not in use, or the label is of another policy namespace; RACE;
 * FAULT; fatal.
 */
MUST_CHECK const struct err *apparmor_label(const struct kernel *k, gva_t task, gva_t reader,
					    char ret[static APPARMOR_LABEL_BYTES]);

/**
 * apparmor_has_label() - has @task a label for its next exec, or from before a change of hats?
 * @which: F_aa_task_ctx_onexec or F_aa_task_ctx_previous
 *
 * Return: NULL; ABSENT: the guest does not use AppArmor; RACE; FAULT; fatal.
 */
MUST_CHECK const struct err *apparmor_has_label(const struct kernel *k, gva_t task,
						enum field_id which, bool *ret);

#endif
