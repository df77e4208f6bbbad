/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vdso - make a program's clock functions system calls, so that they can be answered. */
#ifndef TC_TRAP_VDSO_H
#define TC_TRAP_VDSO_H

#include <stdbool.h>
#include <sys/types.h>

/**
 * vdso_turn_off() - overwrite the clock functions in @tid's own copy of the vDSO
 *
 * The vDSO's pages are private to a process once written, and so are inherited by its forks; a new
 * program has a fresh one. No ptrace: /proc/TID/mem writes to what is mapped read-only.
 * Return: false when this kernel forbids that, or has functions we do not know.
 */
bool vdso_turn_off(pid_t tid);

#endif
