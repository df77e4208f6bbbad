/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake_qmp - a QMP server in a thread: answers commands, counts some, sends what the test wants. */
#ifndef TESTS_UNIT_VMMD_FAKE_QMP_H
#define TESTS_UNIT_VMMD_FAKE_QMP_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct fake_qmp {
	char path[64];
	int listen_fd;
	pthread_t thread;
	const char *greeting; /* sent on connect */
	atomic_int conts, stops, commands;
	atomic_bool refuse_cont;
};

/* Start serving; one connection after the other. Aborts when it cannot. */
struct fake_qmp *fake_qmp_start(const char *greeting);
void fake_qmp_stop(struct fake_qmp *f);

/* What QEMU says on connect. */
extern const char fake_qmp_greeting[];

/* Wait up to two seconds for @counter to reach @wanted. */
bool fake_qmp_await(atomic_int *counter, int wanted);

#endif
