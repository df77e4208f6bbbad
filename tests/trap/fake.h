/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake - a made-up guest behind the interfaces of proc/tree.h, proc/system.h and target/target.h.
 */
#ifndef TESTS_TRAP_FAKE_H
#define TESTS_TRAP_FAKE_H

#include <stdint.h>
#include <stdio.h>

#define FAKE_PID_MAX 32768u
#define FAKE_IOPRIO  16385u /* best effort, 1 */
#define FAKE_HIDDEN  666u /* a process that /proc does not have, but the roll */
#define FAKE_THREAD  413u /* found in /proc, not listed */

struct fake_process {
	uint32_t pid, ppid, uid;
	const char *name;
	const char *cmdline; /* arguments separated by '|'; "" for a kernel thread */
};

/* The guest's processes, ascending; $FAKE_PROCESSES adds that many plain ones. Not the two above. */
const struct fake_process *fake_process_at(size_t index);
/* Those two as well. */
const struct fake_process *fake_process(uint32_t pid);

/* A number of this machine's that the guest has, too; 0: none. */
extern uint32_t fake_mixed;

/* How many snapshots were taken: visible to the tool as /proc/snapshots. */
extern unsigned fake_snapshots;

/* Guest's clocks. */
uint64_t fake_wall_ns(void);
uint64_t fake_boot_ns(void);

#endif
