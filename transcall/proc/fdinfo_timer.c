/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of fdinfo of timerfd. Input: attacker-controlled. */
#include <inttypes.h>
#include <time.h>

#include "transcall/kobj/time.h"
#include "transcall/proc/fdinfo.h"

#define NSEC_PER_SEC INT64_C(1000000000)

/* What the timer's own clock shows now. */
static const struct err *clock_now(const struct kernel *k, int64_t clock, int64_t *ret)
{
	struct ktime now;

	TRY(time_read(k, &now));
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_ALARM:
		*ret = (int64_t)now.realtime_ns;
		return NULL;
	case CLOCK_BOOTTIME:
	case CLOCK_BOOTTIME_ALARM:
		*ret = (int64_t)now.boottime_ns;
		return NULL;
	default:
		*ret = (int64_t)now.monotonic_ns;
		return NULL;
	}
}

/* timerfd_get_remaining() */
static const struct err *remaining(const struct kernel *k, gva_t ctx, int64_t clock, int64_t *ret)
{
	bool alarm = clock == CLOCK_REALTIME_ALARM || clock == CLOCK_BOOTTIME_ALARM;
	int64_t expires, now;

	if (alarm)
		TRY(kfield_int(k, kfield_at(k, ctx, F_timerfd_ctx_alarm), F_alarm_expires,
			       &expires));
	else
		TRY(kfield_int(k, kfield_at(k, ctx, F_timerfd_ctx_timer), F_hrtimer_expires,
			       &expires));
	TRY(clock_now(k, clock, &now));
	*ret = expires > now ? expires - now : 0;
	return NULL;
}

const struct err *fdinfo_timerfd(struct proc_view *view, const struct kfile *file, FILE *out)
{
	const struct kernel *k = view->kernel;
	int64_t clock, interval, left;
	gva_t ctx = file->private_data;
	uint64_t ticks, flags;

	TRY(kfield_int(k, ctx, F_timerfd_ctx_clockid, &clock));
	TRY(kfield_uint(k, ctx, F_timerfd_ctx_ticks, &ticks));
	TRY(kfield_uint(k, ctx, F_timerfd_ctx_settime_flags, &flags));
	TRY(kfield_int(k, ctx, F_timerfd_ctx_tintv, &interval));
	TRY(remaining(k, ctx, clock, &left));
	fprintf(out,
		"clockid: %" PRId64 "\nticks: %" PRIu64 "\nsettime flags: 0%" PRIo64
		"\nit_value: (%" PRId64 ", %" PRId64 ")\nit_interval: (%" PRId64 ", %" PRId64 ")\n",
		clock, ticks, flags, left / NSEC_PER_SEC, left % NSEC_PER_SEC,
		interval / NSEC_PER_SEC, interval % NSEC_PER_SEC);
	return NULL;
}
