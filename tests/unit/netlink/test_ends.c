/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/netlink/ends.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/lib/unit.h"

static struct ends ends;
static uint8_t packet[REQUEST_BYTES];

static int opened(void)
{
	int fd = -1;

	CU_ASSERT_EQUAL_FATAL(ends_open(&ends, NETLINK_ROUTE, 0, 99, &fd), 0);
	return fd;
}

TEST(ends, answers_seem_to_be_the_kernels)
{
	struct sockaddr_nl from = {0};
	socklen_t from_len = sizeof(from);
	struct nlmsghdr h = {.nlmsg_len = sizeof(h)}, got;
	uint8_t *answer = malloc(sizeof(h));
	struct end *e;
	struct stat st;
	size_t len;
	int fd;

	CHECK_OK(ends_init(&ends));
	fd = opened();
	CU_ASSERT_EQUAL(fstat(fd, &st), 0);
	CU_ASSERT_PTR_NULL(ends_next(&ends, packet, &len));
	CU_ASSERT_EQUAL(send(fd, &h, sizeof(h), 0), sizeof(h));
	e = ends_next(&ends, packet, &len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(e);
	CU_ASSERT_PTR_EQUAL(e, ends_find(&ends, st.st_ino));
	CU_ASSERT_EQUAL(len, sizeof(h));
	memcpy(answer, &h, sizeof(h));
	ends_send(&ends, e, answer, sizeof(h));
	CU_ASSERT_EQUAL(recvfrom(fd, &got, sizeof(got), 0, (struct sockaddr *)&from, &from_len),
			sizeof(got));
	CU_ASSERT_EQUAL(from_len, sizeof(from));
	CU_ASSERT_EQUAL(from.nl_pid, 0);
	close(fd);
	CU_ASSERT_PTR_NULL(ends_next(&ends, packet, &len));
	CU_ASSERT_PTR_NULL(ends_find(&ends, st.st_ino));
	ends_deinit(&ends);
}

/* More than a socket's queue holds waits until the tool has read, and comes in whole messages. */
TEST(ends, long_answers_wait_for_the_reader)
{
	enum { MESSAGES = 400, BYTES = 3000 };
	uint8_t *answer = calloc(MESSAGES, BYTES), got[8192];
	struct nlmsghdr h = {.nlmsg_len = BYTES};
	size_t sum = 0, len;
	int fd;

	CHECK_OK(ends_init(&ends));
	fd = opened();
	for (size_t i = 0; i < MESSAGES; i++)
		memcpy(answer + i * BYTES, &h, sizeof(h));
	ends_send(&ends, &ends.slots[0], answer, (size_t)MESSAGES * BYTES);
	CU_ASSERT_PTR_NOT_NULL(ends.slots[0].out);
	while (sum < (size_t)MESSAGES * BYTES) {
		ssize_t part = recv(fd, got, sizeof(got), MSG_DONTWAIT);

		CU_ASSERT_TRUE(part == BYTES || (part < 0 && errno == EAGAIN));
		sum += part > 0 ? (size_t)part : 0;
		CU_ASSERT_PTR_NULL(ends_next(&ends, packet, &len));
	}
	CU_ASSERT_PTR_NULL(ends.slots[0].out);
	close(fd);
	ends_deinit(&ends);
}

static size_t line(const uint8_t *bytes, size_t len)
{
	return (size_t)((const uint8_t *)memchr(bytes, '\n', len) - bytes) + 1;
}

/* @count lines, the n-th of which is n % 100 characters long. */
static uint8_t *lines(size_t count, size_t *ret_len)
{
	char *text;
	FILE *out = open_memstream(&text, ret_len);

	for (size_t i = 0; i < count; i++)
		fprintf(out, "%*s\n", (int)(i % 100), "");
	fclose(out);
	return (uint8_t *)text;
}

TEST(ends, a_feed_comes_packet_by_packet_and_ends)
{
	enum { LINES = 5000 };
	size_t count = 0, len;
	uint8_t got[256], *text = lines(LINES, &len);
	ssize_t part;
	int fd;

	CHECK_OK(ends_init(&ends));
	CU_ASSERT_EQUAL_FATAL(ends_feed(&ends, line, text, len, &fd), 0);
	CU_ASSERT_PTR_NOT_NULL(ends.slots[0].out);
	while ((part = recv(fd, got, sizeof(got), MSG_DONTWAIT)) != 0) {
		CU_ASSERT_TRUE(part == (ssize_t)(count % 100 + 1) || (part < 0 && errno == EAGAIN));
		count += part > 0;
		CU_ASSERT_PTR_NULL(ends_next(&ends, packet, &len));
	}
	CU_ASSERT_EQUAL(count, LINES);
	CU_ASSERT_EQUAL(ends.slots[0].fd, -1);
	close(fd);
	ends_deinit(&ends);
}

TEST(ends, a_feed_whose_reader_is_gone_is_closed)
{
	size_t len;
	uint8_t *text = lines(5000, &len);
	int fd;

	CHECK_OK(ends_init(&ends));
	CU_ASSERT_EQUAL_FATAL(ends_feed(&ends, line, text, len, &fd), 0);
	close(fd);
	CU_ASSERT_PTR_NULL(ends_next(&ends, packet, &len));
	CU_ASSERT_EQUAL(ends.slots[0].fd, -1);
	CU_ASSERT_EQUAL_FATAL(ends_feed(&ends, line, NULL, 0, &fd), 0);
	CU_ASSERT_EQUAL(recv(fd, packet, sizeof(packet), 0), 0);
	close(fd);
	ends_deinit(&ends);
}

TEST(ends, there_is_a_limit_of_them)
{
	int fds[ENDS_MAX], fd;

	CHECK_OK(ends_init(&ends));
	for (size_t i = 0; i < ENDS_MAX; i++)
		fds[i] = opened();
	CU_ASSERT_EQUAL(ends_open(&ends, NETLINK_ROUTE, 0, 99, &fd), ENFILE);
	for (size_t i = 0; i < ENDS_MAX; i++)
		close(fds[i]);
	ends_deinit(&ends);
}
