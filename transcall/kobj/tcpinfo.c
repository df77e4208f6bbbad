/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel tells of a TCP connection. Input: attacker-controlled. */
#include "transcall/kobj/tcpinfo.h"

#include <string.h>

#define USEC_PER_SEC 1000000u
#define MSEC_PER_SEC 1000u
#define ECN_OK       1 /* TCP_ECN_OK, TCP_ECN_SEEN (include/net/tcp.h) */
#define ECN_SEEN     8
#define USEC_TS      64 /* TCPI_OPT_USEC_TS, since 6.7 */
#define CHRONO_BUSY  1  /* enum tcp_chrono (include/linux/tcp.h) */
#define CHRONO_RWND  2
#define CHRONO_SND   3
#define CHRONO_KINDS 4

enum unit { PLAIN, SHIFT_2, SHIFT_3, JIFFIES_US, AGE_MS };

static const struct row {
	uint16_t offset, len_bytes;
	enum field_id field;
	enum unit unit;
} rows[] = {
#define ROW(member_, field_, unit_)                                                                \
	{.offset = offsetof(struct tcp_info, member_),                                             \
	 .len_bytes = sizeof(((struct tcp_info *)NULL)->member_),                                  \
	 .field = F_##field_,                                                                      \
	 .unit = unit_},
#include "transcall/kobj/tcpinfo.def"
#undef ROW
};

/* A socket's structure, and the time. */
struct source {
	const struct kernel *k;
	struct kobject_copy o;
	uint32_t jiffies;
};

static uint64_t in_unit(const struct source *s, uint64_t v, enum unit unit)
{
	switch (unit) {
	case SHIFT_2:
		return v >> 2;
	case SHIFT_3:
		return v >> 3;
	case JIFFIES_US:
		return v * (USEC_PER_SEC / s->k->hz);
	case AGE_MS:
		return (uint64_t)(s->jiffies - (uint32_t)v) * MSEC_PER_SEC / s->k->hz;
	default:
		return v;
	}
}

static const struct err *rows_read(const struct source *s, struct tcp_info *ret)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t v;

		TRY(kobject_uint(&s->o, s->k, rows[i].field, &v));
		v = in_unit(s, v, rows[i].unit);
		memcpy((uint8_t *)ret + rows[i].offset, &v, rows[i].len_bytes); /* little-endian */
	}
	return NULL;
}

/* Members that mean something in all states. */
static const struct err *rates_read(const struct source *s, struct tcp_info *ret)
{
	uint64_t pacing, max_pacing, reordering, cwnd;

	TRY(kobject_uint(&s->o, s->k, F_sock_pacing_rate, &pacing));
	TRY(kobject_uint(&s->o, s->k, F_sock_max_pacing_rate, &max_pacing));
	TRY(kobject_uint(&s->o, s->k, F_tcp_sock_reordering, &reordering));
	TRY(kobject_uint(&s->o, s->k, F_tcp_sock_snd_cwnd, &cwnd));
	ret->tcpi_pacing_rate = pacing;
	ret->tcpi_max_pacing_rate = max_pacing;
	ret->tcpi_reordering = (uint32_t)reordering;
	ret->tcpi_snd_cwnd = (uint32_t)cwnd;
	return NULL;
}

/* Of a listening socket, two members are others. */
static const struct err *listener_read(const struct source *s, struct tcp_info *ret)
{
	uint64_t backlog, max_backlog;

	TRY(kobject_uint(&s->o, s->k, F_sock_ack_backlog, &backlog));
	TRY(kobject_uint(&s->o, s->k, F_sock_max_ack_backlog, &max_backlog));
	ret->tcpi_unacked = (uint32_t)backlog;
	ret->tcpi_sacked = (uint32_t)max_backlog;
	return NULL;
}

static const struct err *option_read(const struct source *s, enum field_id field, uint8_t option,
				     struct tcp_info *ret)
{
	uint64_t is_on;

	TRY(kobject_uint(&s->o, s->k, field, &is_on));
	if (is_on)
		ret->tcpi_options |= option;
	return NULL;
}

static const struct err *options_read(const struct source *s, struct tcp_info *ret)
{
	uint64_t ecn, snd, rcv;

	TRY(option_read(s, F_tcp_sock_tstamp_ok, TCPI_OPT_TIMESTAMPS, ret));
	TRY(option_read(s, F_tcp_sock_sack_ok, TCPI_OPT_SACK, ret));
	TRY(option_read(s, F_tcp_sock_wscale_ok, TCPI_OPT_WSCALE, ret));
	TRY(option_read(s, F_tcp_sock_syn_data_acked, TCPI_OPT_SYN_DATA, ret));
	if (profile_has(s->k->profile, F_tcp_sock_usec_ts))
		TRY(option_read(s, F_tcp_sock_usec_ts, USEC_TS, ret));
	TRY(kobject_uint(&s->o, s->k, F_tcp_sock_ecn_flags, &ecn));
	ret->tcpi_options |=
		(ecn & ECN_OK ? TCPI_OPT_ECN : 0) | (ecn & ECN_SEEN ? TCPI_OPT_ECN_SEEN : 0);
	if (!(ret->tcpi_options & TCPI_OPT_WSCALE))
		return NULL;
	TRY(kobject_uint(&s->o, s->k, F_tcp_sock_snd_wscale, &snd));
	TRY(kobject_uint(&s->o, s->k, F_tcp_sock_rcv_wscale, &rcv));
	ret->tcpi_snd_wscale = snd & 15;
	ret->tcpi_rcv_wscale = rcv & 15;
	return NULL;
}

/* tcp_get_info_chrono_stats() */
static const struct err *chronos_read(const struct source *s, struct tcp_info *ret)
{
	uint64_t us[CHRONO_KINDS] = {0}, type, start;
	gva_t array = kfield_at(s->k, s->o.at, F_tcp_sock_chrono_stat);

	TRY(kobject_uint(&s->o, s->k, F_tcp_sock_chrono_type, &type));
	TRY(kobject_uint(&s->o, s->k, F_tcp_sock_chrono_start, &start));
	for (unsigned i = CHRONO_BUSY; i < CHRONO_KINDS; i++) {
		uint32_t jiffies;

		TRY(kread_u32(s->k, gva_add(array, 4 * (uint64_t)(i - 1)), &jiffies));
		us[i] = jiffies;
		if (i == type)
			us[i] += s->jiffies - (uint32_t)start;
		us[i] *= USEC_PER_SEC / s->k->hz;
	}
	ret->tcpi_busy_time = us[CHRONO_BUSY] + us[CHRONO_RWND] + us[CHRONO_SND];
	ret->tcpi_rwnd_limited = us[CHRONO_RWND];
	ret->tcpi_sndbuf_limited = us[CHRONO_SND];
	return NULL;
}

/* tcp_compute_delivery_rate(), and other members that are not one for one. */
static const struct err *computed_read(const struct source *s, struct tcp_info *ret)
{
	uint64_t delivered, interval, limited, write_seq, snd_nxt, fail, delack = UINT64_MAX;
	int32_t notsent;

	TRY(kobject_uint(&s->o, s->k, F_tcp_sock_rate_delivered, &delivered));
	TRY(kobject_uint(&s->o, s->k, F_tcp_sock_rate_interval_us, &interval));
	TRY(kobject_uint(&s->o, s->k, F_tcp_sock_rate_app_limited, &limited));
	TRY(kobject_uint(&s->o, s->k, F_tcp_sock_write_seq, &write_seq));
	TRY(kobject_uint(&s->o, s->k, F_tcp_sock_snd_nxt, &snd_nxt));
	TRY(kobject_uint(&s->o, s->k, F_tcp_sock_fastopen_client_fail, &fail));
	interval = (uint32_t)interval;
	if (delivered && interval)
		ret->tcpi_delivery_rate = delivered * ret->tcpi_snd_mss * USEC_PER_SEC / interval;
	ret->tcpi_delivery_rate_app_limited = limited != 0;
	ret->tcpi_fastopen_client_fail = fail & 3;
	notsent = (int32_t)(uint32_t)(write_seq - snd_nxt);
	ret->tcpi_notsent_bytes = notsent > 0 ? (uint32_t)notsent : 0;
	if (profile_has(s->k->profile, F_tcp_sock_usec_ts)) /* of the same release, 6.7 */
		TRY(kobject_uint(&s->o, s->k, F_icsk_delack_max, &delack));
	delack *= USEC_PER_SEC / s->k->hz;
	if (ret->tcpi_ato > delack)
		ret->tcpi_ato = (uint32_t)delack;
	return kread_u32(s->k, gva_add(kfield_at(s->k, s->o.at, F_tcp_sock_rtt_min), 4),
			 &ret->tcpi_min_rtt);
}

const struct err *tcpinfo_read(const struct kernel *k, const struct sock_head *head,
			       struct tcp_info *ret, size_t *ret_len_bytes)
{
	uint32_t len = k->profile->sizes[SIZE_tcp_info];
	struct source s = {.k = k};

	memset(ret, 0, sizeof(*ret));
	*ret_len_bytes = len < sizeof(*ret) ? len : sizeof(*ret);
	TRY(kobject_init(&s.o, k, head->at, SIZE_tcp_sock));
	TRY(kread_u32(k, kernel_symbol(k, S_jiffies), &s.jiffies));
	ret->tcpi_state = head->state;
	TRY(rates_read(&s, ret));
	if (head->state == SOCK_STATE_LISTEN)
		return listener_read(&s, ret);
	TRY(rows_read(&s, ret));
	TRY(options_read(&s, ret));
	TRY(chronos_read(&s, ret));
	return computed_read(&s, ret);
}
