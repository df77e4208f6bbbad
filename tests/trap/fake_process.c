/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The made-up guest's processes and clocks. */
#include "tests/trap/fake.h"

#include <stdlib.h>

static const struct fake_process fixed[] = {
	{1, 0, 0, "init", "/sbin/init|splash"},
	{2, 0, 0, "kthreadd", ""},
	{17, 2, 0, "kworker/0:0H-ev", ""},
	{300, 1, 105, "dbus-daemon", "/usr/bin/dbus-daemon|--system"},
	{412, 1, 0, "sshd", "sshd: /usr/sbin/sshd -D [listener]"},
	{9999, 412, 1000, "a) b (c", "./strange name|with space"},
};

static const struct fake_process thread = {FAKE_THREAD, 1, 0, "sshd-thread", "sshd"};
static const struct fake_process hidden = {FAKE_HIDDEN, 1, 0, "hidden", "/tmp/.x"};

uint32_t fake_mixed;

#define FIXED (sizeof(fixed) / sizeof(fixed[0]))
#define FIRST 10000u

static size_t plain_count(void)
{
	const char *text = getenv("FAKE_PROCESSES");

	return text ? strtoul(text, NULL, 10) : 0;
}

const struct fake_process *fake_process_at(size_t index)
{
	static struct fake_process plain;

	if (index < FIXED)
		return &fixed[index];
	index -= FIXED;
	if (index >= plain_count())
		return NULL;
	plain = (struct fake_process){FIRST + (uint32_t)index, 1, 1000, "worker",
				      "/usr/bin/worker|--number|x"};
	return &plain;
}

const struct fake_process *fake_process(uint32_t pid)
{
	if (pid == FAKE_HIDDEN)
		return &hidden;
	if (pid == FAKE_THREAD)
		return &thread;
	if (pid && pid == fake_mixed)
		return &fixed[0];
	if (pid >= FIRST)
		return fake_process_at(FIXED + pid - FIRST);
	for (size_t i = 0; i < FIXED; i++)
		if (fixed[i].pid == pid)
			return &fixed[i];
	return NULL;
}

/* 2031-02-03 04:05:06.5 UTC, three days up: nothing a machine that runs this would show. */
uint64_t fake_wall_ns(void)
{
	return UINT64_C(1927857906500000000);
}

uint64_t fake_boot_ns(void)
{
	return UINT64_C(3) * 86400 * 1000000000;
}
