/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "remotetrans/wire/socket.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/lib/unit.h"

static BIO *connected(int fds[2])
{
	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	BIO *b = socket_bio(fds[0]);
	CU_ASSERT_PTR_NOT_NULL_FATAL(b);
	return b;
}

TEST(socket, carries_bytes_both_ways)
{
	char got[8] = "";
	int fds[2];
	BIO *b = connected(fds);

	CU_ASSERT_EQUAL(BIO_write(b, "ping", 4), 4);
	CU_ASSERT_EQUAL(read(fds[1], got, sizeof(got)), 4);
	CU_ASSERT_EQUAL(memcmp(got, "ping", 4), 0);
	CU_ASSERT_EQUAL(write(fds[1], "pong", 4), 4);
	CU_ASSERT_EQUAL(BIO_read(b, got, sizeof(got)), 4);
	CU_ASSERT_EQUAL(memcmp(got, "pong", 4), 0);
	BIO_free(b);
	close(fds[0]);
	close(fds[1]);
}

TEST(socket, tells_nothing_yet_from_the_end)
{
	char got[8];
	int fds[2];
	BIO *b = connected(fds);

	CU_ASSERT(BIO_read(b, got, sizeof(got)) <= 0);
	CU_ASSERT(BIO_should_retry(b));
	CU_ASSERT_FALSE(BIO_eof(b));
	close(fds[1]);
	CU_ASSERT_EQUAL(BIO_read(b, got, sizeof(got)), 0);
	CU_ASSERT_FALSE(BIO_should_retry(b));
	CU_ASSERT(BIO_eof(b));
	BIO_free(b);
	close(fds[0]);
}

/* With SIGPIPE at its default a signal would end this program here. */
TEST(socket, a_peer_that_went_leaves_its_last_words)
{
	char got[8];
	int fds[2];
	BIO *b = connected(fds);

	signal(SIGPIPE, SIG_DFL);
	CU_ASSERT_EQUAL(write(fds[1], "why", 3), 3);
	close(fds[1]);
	CU_ASSERT_EQUAL(BIO_write(b, "more", 4), 4);
	CU_ASSERT_EQUAL(BIO_write(b, "more", 4), 4);
	CU_ASSERT_EQUAL(BIO_read(b, got, sizeof(got)), 3);
	CU_ASSERT_EQUAL(memcmp(got, "why", 3), 0);
	CU_ASSERT_EQUAL(BIO_read(b, got, sizeof(got)), 0);
	BIO_free(b);
	close(fds[0]);
}

TEST(socket, a_full_one_asks_to_try_again)
{
	static const char bytes[4096];
	int fds[2], n = 1;
	BIO *b = connected(fds);

	for (unsigned i = 0; i < 10000 && n > 0; i++)
		n = BIO_write(b, bytes, sizeof(bytes));
	CU_ASSERT(n <= 0 && BIO_should_retry(b));
	BIO_free(b);
	close(fds[0]);
	close(fds[1]);
}
