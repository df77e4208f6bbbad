/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guard_process - what runs in the pause guard; see guard.h. */
#ifndef VMMD_GUARD_PROCESS_H
#define VMMD_GUARD_PROCESS_H

#include <stdint.h>

#define GUARD_ARM    1
#define GUARD_DISARM 2

struct guard_order {
	uint64_t what;
	uint64_t until_ns;
};

/* answers, one byte each */
#define GUARD_READY    'r' /* connected to QEMU */
#define GUARD_ARMED    'a'
#define GUARD_DISARMED 'd'

/* Never returns. @fd: the far end of the socket to vmmd. */
_Noreturn void guard_process_run(int fd, const char *qmp_path);

#endif
