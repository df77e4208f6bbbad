/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fake_tasks - processes and threads of a fake guest, in a pid namespace and its IDR.
 *
 * Numbers up to FAKE_PIDS - 1. Objects are as the kernel links them: struct pid to task and back,
 * threads in their signal_struct's list.
 */
#ifndef TESTS_UNIT_KOBJ_FAKE_TASKS_H
#define TESTS_UNIT_KOBJ_FAKE_TASKS_H

#include "tests/unit/kobj/fake_guest.h"

#define FAKE_PIDS 4096

/* Members of tasks; the first pid namespace (S_init_pid_ns) and user namespace. */
void fake_tasks_init(struct fake_guest *g);

/* A namespace below @parent; its level is one more. */
gva_t fake_pid_ns(struct fake_guest *g, gva_t parent);

/*
 * A struct pid of the namespaces @ns (outermost first) with @numbers there, found by each number.
 */
gva_t fake_pid(struct fake_guest *g, const gva_t *ns, const uint32_t *numbers, unsigned count);

/* Attach @task to @pid as @kind (enum pid_kind). */
void fake_pid_attach(struct fake_guest *g, gva_t pid, gva_t task, unsigned kind);

/* The leader of a process in the first namespace, and a thread of it. */
gva_t fake_process(struct fake_guest *g, uint32_t number, const char *comm);
gva_t fake_thread(struct fake_guest *g, gva_t leader, uint32_t number, const char *comm);

/* The namespace's entry for @number, to be overwritten by tests: what it pointed at before. */
uint64_t fake_pid_replace(struct fake_guest *g, gva_t ns, uint32_t number, uint64_t entry);

#endif
