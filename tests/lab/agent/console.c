// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In dom0: joins the console of a Xen guest, in which the lab's agent sits, to a virtio-serial port
 * on which the client outside connects.
 *
 * Usage: lab-console DOMID EVENT-CHANNEL PORT LOG
 * What the guest says besides the agent's frames, as its kernel's messages, goes to LOG. Until the
 * agent has sent its first no input is passed on, which a terminal that is not yet raw would
 * mangle. It takes the place of xenconsoled, which lets a guest through at 30 ring-fulls in 200 ms
 * and drops what its own reader is too slow for.
 */
#include "frame.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

/* the kernel's headers leave these to the including program */
typedef uint16_t domid_t;
typedef uint32_t grant_ref_t;
#include <xen/evtchn.h>
#include <xen/gntdev.h>

#define CONSOLE_GRANT 0u /* xen/include/public/grant_table.h: GNTTAB_RESERVED_CONSOLE */
#define PAGE          4096u
#define LOG_MAX       (1024u * 1024u)
/*
 * A guest's kernel spins while its ring is full, so a client that reads slowly must not hold it up:
 * this much is kept for it first.
 */
#define OUT_MAX (16u * 1024u * 1024u)

/* xen/include/public/io/console.h; the indices run freely */
struct ring {
	uint8_t in[1024], out[2048];
	_Atomic uint32_t in_cons, in_prod, out_cons, out_prod;
};

static struct ring *ring;
static int events, port, log_fd;
static uint32_t channel;
static bool agent_spoke, client, bye_due;
static unsigned logged;
static size_t frame_left; /* of the frame that the guest is sending */
static uint8_t out[OUT_MAX], in[2 * FRAME_DATA_MAX];
static size_t out_start, out_end, in_start, in_end;

static void fatal(const char *what)
{
	perror(what);
	exit(1);
}

static int device_open(const char *path)
{
	int fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		fatal(path);
	return fd;
}

static void ring_map(domid_t domid)
{
	struct ioctl_gntdev_map_grant_ref map = {.count = 1,
						 .refs = {{.domid = domid, .ref = CONSOLE_GRANT}}};
	int fd = device_open("/dev/xen/gntdev");

	if (ioctl(fd, IOCTL_GNTDEV_MAP_GRANT_REF, &map))
		fatal("map grant");
	ring = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)map.index);
	if (ring == MAP_FAILED)
		fatal("mmap");
}

static void channel_bind(domid_t domid, uint32_t remote)
{
	struct ioctl_evtchn_bind_interdomain bind = {.remote_domain = domid, .remote_port = remote};
	int local;

	events = device_open("/dev/xen/evtchn");
	local = ioctl(events, IOCTL_EVTCHN_BIND_INTERDOMAIN, &bind);
	if (local < 0)
		fatal("bind event channel");
	channel = (uint32_t)local;
}

static void notify(void)
{
	struct ioctl_evtchn_notify to = {.port = channel};

	ioctl(events, IOCTL_EVTCHN_NOTIFY, &to);
}

static void events_clear(void)
{
	uint32_t which;

	while (read(events, &which, sizeof(which)) == sizeof(which))
		if (write(events, &which, sizeof(which)) < 0)
			perror("unmask");
}

static void log_bytes(const uint8_t *bytes, size_t len)
{
	if (len > LOG_MAX - logged)
		len = LOG_MAX - logged;
	if (len && write(log_fd, bytes, len) < 0)
		perror("log");
	logged += (unsigned)len;
}

/* How many bytes of @bytes are no frame's header, nor the beginning of one. */
static size_t not_header(const uint8_t *bytes, size_t len)
{
	uint8_t magic[4];
	size_t at = 0;

	frame_put32(magic, FRAME_MAGIC);
	for (; at < len; at++) {
		size_t rest = len - at;

		if (rest >= FRAME_HEADER_LEN ? frame_header_is_sane(bytes + at)
					     : memcmp(bytes + at, magic, rest < 4 ? rest : 4) == 0)
			break;
	}
	return at;
}

/* Take what the guest has written, up to the end of the ring or of our room. */
static bool ring_read(void)
{
	uint32_t at = atomic_load_explicit(&ring->out_cons, memory_order_relaxed);
	uint32_t len = atomic_load_explicit(&ring->out_prod, memory_order_acquire) - at;
	uint32_t offset = at % sizeof(ring->out);

	if (out_start == out_end)
		out_start = out_end = 0;
	if (len > sizeof(ring->out))
		fatal("the guest's ring is not a ring");
	if (len > sizeof(ring->out) - offset)
		len = (uint32_t)sizeof(ring->out) - offset;
	if (len > OUT_MAX - out_end)
		len = (uint32_t)(OUT_MAX - out_end);
	if (!len)
		return false;
	memcpy(out + out_end, ring->out + offset, len);
	/* the guest's kernel looks for itself when it waits for room */
	atomic_store_explicit(&ring->out_cons, at + len, memory_order_release);
	out_end += len;
	return true;
}

/* How much of what the guest has written can be passed on: frames, whole or not. */
static size_t frames(void)
{
	size_t len;

	if (!frame_left) {
		len = not_header(out + out_start, out_end - out_start);
		log_bytes(out + out_start, len);
		out_start += len;
		if (out_end - out_start < FRAME_HEADER_LEN)
			return 0;
		agent_spoke = true;
		frame_left = FRAME_HEADER_LEN + frame_get32(out + out_start + 12);
	}
	len = out_end - out_start;
	return len < frame_left ? len : frame_left;
}

static bool port_write(void)
{
	ssize_t n = (ssize_t)frames();

	if (n && client)
		n = write(port, out + out_start, (size_t)n);
	if (n <= 0)
		return false;
	out_start += (size_t)n;
	frame_left -= (size_t)n;
	return true;
}

/* The kernel's console takes this byte for the beginning of a SysRq, and two of them for one. */
static void in_escaped(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		in[in_end++] = bytes[i];
		if (bytes[i] == '\x0f')
			in[in_end++] = bytes[i];
	}
}

static bool port_read(void)
{
	uint8_t bytes[FRAME_DATA_MAX];
	ssize_t n;

	if (!agent_spoke || in_start != in_end)
		return false;
	in_start = in_end = 0;
	if (bye_due) {
		frame_header(bytes, 0, FRAME_BYE, 0);
		in_escaped(bytes, FRAME_HEADER_LEN);
		bye_due = false;
		return true;
	}
	n = read(port, bytes, sizeof(bytes));
	if (n <= 0)
		return false;
	in_escaped(bytes, (size_t)n);
	return true;
}

static bool ring_write(void)
{
	uint32_t at = atomic_load_explicit(&ring->in_prod, memory_order_relaxed);
	uint32_t used = at - atomic_load_explicit(&ring->in_cons, memory_order_acquire);
	uint32_t offset = at % sizeof(ring->in);
	size_t len = in_end - in_start;

	if (used > sizeof(ring->in))
		fatal("the guest's ring is not a ring");
	if (len > sizeof(ring->in) - used)
		len = sizeof(ring->in) - used;
	if (len > sizeof(ring->in) - offset)
		len = sizeof(ring->in) - offset;
	if (!len)
		return false;
	memcpy(ring->in + offset, in + in_start, len);
	atomic_store_explicit(&ring->in_prod, at + (uint32_t)len, memory_order_release);
	notify();
	in_start += len;
	return true;
}

/* The agent learns that a client has gone, since its terminal cannot tell. */
static void client_check(void)
{
	struct pollfd wait = {.fd = port};
	bool was = client;

	client = poll(&wait, 1, 0) == 0 || !(wait.revents & POLLHUP);
	if (was && !client && agent_spoke)
		bye_due = true;
}

static void watch(int epoll, int fd, uint32_t what)
{
	struct epoll_event event = {.events = what | EPOLLET, .data.u64 = 0};

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event))
		fatal("epoll_ctl");
}

static void serve(void)
{
	struct epoll_event ready[2];
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	bool moved;

	watch(epoll, events, EPOLLIN);
	watch(epoll, port, EPOLLIN | EPOLLOUT);
	for (;;) {
		events_clear();
		do {
			client_check();
			moved = ring_read();
			moved |= port_write();
			moved |= port_read();
			moved |= ring_write();
		} while (moved);
		epoll_wait(epoll, ready, 2, -1);
	}
}

int main(int argc, char **argv)
{
	domid_t domid;

	if (argc != 5) {
		fprintf(stderr, "usage: lab-console DOMID EVENT-CHANNEL PORT LOG\n");
		return 2;
	}
	domid = (domid_t)strtoul(argv[1], NULL, 10);
	port = device_open(argv[3]);
	log_fd = open(argv[4], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (log_fd < 0)
		fatal(argv[4]);
	ring_map(domid);
	channel_bind(domid, (uint32_t)strtoul(argv[2], NULL, 10));
	serve();
}
