/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a tool writes into a netlink socket, from the socket on, over the memory of a real guest in
 * which a few words may not be what they were. Input: flags; edits of that memory, and of the
 * profile; then packets, as they are or as requests of type, flags and body.
 *
 * The tool gets whole messages, each an answer to what it asked, and their attributes are sound.
 */
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/inet_diag.h>
#include <linux/neighbour.h>
#include <linux/netlink_diag.h>
#include <linux/packet_diag.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/fuzz/recorded.h"
#include "transcall/proc/netlink.h"
#include "transcall/sys/sys.h"

#define READS_MAX    (1u << 18)
#define PORTID       4000001u
#define PACKETS_MAX  8u
#define REQUESTS_MAX 64u
#define REPLY_MAX    (64u << 20)

enum { FLAG_DIAG = 1, FLAG_AS_IS = 2, BEYOND_SHIFT = 2, EDITS_SHIFT = 4, FLAG_PROFILE = 0x80 };

static struct recorded recorded;
static int protocol;

/* --- the supervisor -------------------------------------------------------------------------- */

static const struct err *want(void *context, uint64_t sets)
{
	(void)context;
	HOLDS(sets);
	return NULL;
}

static int socket_open(struct sys *s)
{
	int fd;

	HOLDS(!ends_init(&s->ends));
	HOLDS(ends_open(&s->ends, protocol, 0, PORTID, &fd) == 0);
	return fd;
}

/* --- requests -------------------------------------------------------------------------------- */

/* Types and families that are answered come more often than others. */
static uint16_t type_choose(struct input *in)
{
	static const uint16_t types[] = {SOCK_DIAG_BY_FAMILY, RTM_GETLINK,  RTM_GETADDR,
					 RTM_GETROUTE,        RTM_GETNEIGH, RTM_GETRULE};
	uint8_t which = input_u8(in);

	return which & 0x80 ? input_u16(in) : types[which % 6];
}

static size_t request_build(struct input *in, uint8_t *ret, size_t room)
{
	struct nlmsghdr h = {.nlmsg_type = type_choose(in),
			     .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP};
	uint8_t how = input_u8(in);
	size_t got;
	const uint8_t *body;

	if (how & 0x80)
		h.nlmsg_flags = input_u16(in);
	h.nlmsg_seq = input_u8(in);
	body = input_view(in, how & 0x7f, &got);
	h.nlmsg_len = (uint32_t)(sizeof(h) + got);
	if (NLMSG_ALIGN(h.nlmsg_len) > room)
		return 0;
	memset(ret, 0, NLMSG_ALIGN(h.nlmsg_len));
	memcpy(ret, &h, sizeof(h));
	memcpy(ret + sizeof(h), body, got);
	return NLMSG_ALIGN(h.nlmsg_len);
}

static size_t packet_build(struct input *in, bool as_is, uint8_t *ret, size_t size)
{
	unsigned requests = 1 + input_u8(in) % REQUESTS_MAX;
	size_t used = 0, got;

	if (as_is) {
		const uint8_t *bytes = input_view(in, size, &got);

		memcpy(ret, bytes, got);
		return got;
	}
	for (unsigned i = 0; i < requests && in->left_bytes; i++)
		used += request_build(in, ret + used, size - used);
	return used;
}

/* How many of @packet's requests must be answered with an end, and may be; from af_netlink.c. */
struct due {
	unsigned least, most;
};

static struct due ends_due(const uint8_t *packet, size_t len)
{
	struct due due = {0};
	struct nlmsghdr h;

	for (size_t at = 0; at < len && len - at >= sizeof(h); at += NLMSG_ALIGN(h.nlmsg_len)) {
		memcpy(&h, packet + at, sizeof(h));
		if (h.nlmsg_len < sizeof(h) || h.nlmsg_len > len - at)
			break;
		if (!(h.nlmsg_flags & NLM_F_REQUEST) || h.nlmsg_type < NLMSG_MIN_TYPE)
			continue;
		due.least += (h.nlmsg_flags & (NLM_F_DUMP | NLM_F_ACK)) != 0;
		due.most++;
	}
	return due;
}

/* --- answers --------------------------------------------------------------------------------- */

static void check_attributes(const uint8_t *at, size_t len)
{
	while (len) {
		struct nlattr a;

		HOLDS(len >= sizeof(a));
		memcpy(&a, at, sizeof(a));
		HOLDS(a.nla_len >= sizeof(a) && NLMSG_ALIGN((size_t)a.nla_len) <= len);
		at += NLMSG_ALIGN((size_t)a.nla_len);
		len -= NLMSG_ALIGN((size_t)a.nla_len);
	}
}

/* Length of the structure that attributes follow. */
static size_t diag_bytes(uint8_t family)
{
	return family == AF_UNIX      ? sizeof(struct unix_diag_msg)
	       : family == AF_PACKET  ? sizeof(struct packet_diag_msg)
	       : family == AF_NETLINK ? sizeof(struct netlink_diag_msg)
				      : sizeof(struct inet_diag_msg);
}

static size_t route_bytes(uint16_t type)
{
	switch (type) {
	case RTM_NEWLINK:
		return sizeof(struct ifinfomsg);
	case RTM_NEWADDR:
		return sizeof(struct ifaddrmsg);
	case RTM_NEWROUTE:
		return sizeof(struct rtmsg);
	case RTM_NEWNEIGH:
		return sizeof(struct ndmsg);
	default:
		HOLDS(type == RTM_NEWRULE);
		return sizeof(struct fib_rule_hdr);
	}
}

static void check_object(const struct nlmsghdr *h, const uint8_t *at)
{
	size_t len = NLMSG_ALIGN((size_t)h->nlmsg_len) - sizeof(*h), body;

	body = protocol == NETLINK_ROUTE ? route_bytes(h->nlmsg_type) : diag_bytes(at[sizeof(*h)]);
	body = NLMSG_ALIGN(body);
	HOLDS(len >= body);
	check_attributes(at + sizeof(*h) + body, len - body);
}

static bool is_end(const struct nlmsghdr *h)
{
	return h->nlmsg_type == NLMSG_DONE || h->nlmsg_type == NLMSG_ERROR;
}

static void check_message(const struct nlmsghdr *h, const uint8_t *at)
{
	int32_t status;

	HOLDS(h->nlmsg_pid == PORTID);
	if (!is_end(h)) {
		check_object(h, at);
		return;
	}
	HOLDS(h->nlmsg_len >= sizeof(*h) + sizeof(status));
	memcpy(&status, at + sizeof(*h), sizeof(status));
	HOLDS(status <= 0 && status > -4096);
}

/* A packet to the tool is of whole messages; *ends: how many that are the last of an answer. */
static void check_packet(const uint8_t *packet, size_t len, unsigned *ends)
{
	for (size_t at = 0; at < len;) {
		struct nlmsghdr h;

		HOLDS(len - at >= sizeof(h));
		memcpy(&h, packet + at, sizeof(h));
		HOLDS(h.nlmsg_len >= sizeof(h) && NLMSG_ALIGN((size_t)h.nlmsg_len) <= len - at);
		check_message(&h, packet + at);
		*ends += is_end(&h);
		at += NLMSG_ALIGN((size_t)h.nlmsg_len);
	}
}

/* Take all that comes; how many answers ended. */
static unsigned answers_take(struct sys *s, int fd)
{
	static uint8_t packet[1 << 16];
	unsigned ends = 0;
	size_t sum = 0;

	for (;;) {
		ssize_t n = recv(fd, packet, sizeof(packet), MSG_DONTWAIT);

		if (n <= 0 && !s->ends.slots[0].out)
			break;
		if (n > 0)
			check_packet(packet, (size_t)n, &ends);
		else
			HOLDS(!sys_serve_netlink(s));
		sum += n > 0 ? (size_t)n : 0;
		HOLDS(sum <= REPLY_MAX);
	}
	return ends;
}

/* --- one tool -------------------------------------------------------------------------------- */

static void edits_take(struct input *in, uint8_t flags, struct profile *p)
{
	recording_begin(&recorded.memory, READS_MAX);
	recorded.memory.beyond =
		(enum recording_beyond)((flags >> BEYOND_SHIFT & 3) % BEYOND_KINDS);
	for (unsigned i = flags >> EDITS_SHIFT & 7; i; i--) {
		if (flags & FLAG_PROFILE)
			recorded_profile_edit(p, in);
		recording_edit(&recorded.memory, in);
	}
}

static void converse(struct sys *s, int fd, struct input *in, uint8_t flags)
{
	static uint8_t packet[REQUEST_BYTES];

	for (unsigned i = 0; i < PACKETS_MAX && in->left_bytes; i++) {
		size_t len = packet_build(in, flags & FLAG_AS_IS, packet, sizeof(packet));
		struct due due = ends_due(packet, len);
		bool sent = send(fd, packet, len, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)len;

		if (!len)
			return;
		HOLDS(sent);
		HOLDS(!sys_serve_netlink(s));
		unsigned ends = answers_take(s, fd);
		HOLDS(ends >= due.least && ends <= due.most);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len_bytes)
{
	static struct profile profile;
	static struct sys s;
	struct input in = {bytes, len_bytes};
	uint8_t flags = input_u8(&in);

	if (!recorded.kernel.profile)
		recorded_load(&recorded, READS_MAX);
	struct kernel kernel;
	struct proc_view view;
	struct guest guest = {.view = &view, .reader_pid = 1, .want = want};

	recorded_copy(&recorded, &kernel, &view);
	profile = recorded.profile;
	kernel.profile = &profile;
	edits_take(&in, flags, &profile);
	s = (struct sys){.guest = &guest, .vfs = {.guest = &guest}, .said_netlink = true};
	protocol = flags & FLAG_DIAG ? NETLINK_SOCK_DIAG : NETLINK_ROUTE;
	int fd = socket_open(&s);
	converse(&s, fd, &in, flags);
	close(fd);
	ends_deinit(&s.ends);
	return 0;
}
