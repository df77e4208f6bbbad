/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The connection to a TPM, whatever is at its other end. */
#include "remotetrans/attest/tpm_link.h"
#include "tests/lib/unit.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const uint8_t response[14] = {0x80, 1, 0, 0, 0, 14, 0, 0, 0, 0, 'd', 'a', 't', 'a'};

struct ends {
	struct tpm_link link;
	int tpm;
};

static struct ends connect_ends(void)
{
	int pair[2];

	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	return (struct ends){{.fd = pair[0], .is_socket = true}, pair[1]};
}

static void ends_close(struct ends *e)
{
	tpm_link_close(&e->link);
	close(e->tpm);
}

static const struct err *receive(struct ends *e, size_t size_bytes, size_t *ret_len)
{
	uint8_t bytes[4096];

	return tpm_link_receive(&e->link, bytes, size_bytes, ret_len, tpm_link_after_ms(50));
}

/* What becomes of @len_bytes from the TPM. */
static const struct err *receive_these(const uint8_t *bytes, size_t len_bytes, size_t size_bytes)
{
	struct ends e = connect_ends();
	size_t len = 0;

	CU_ASSERT_EQUAL(write(e.tpm, bytes, len_bytes), (ssize_t)len_bytes);
	const struct err *failed = receive(&e, size_bytes, &len);
	CU_ASSERT_TRUE(failed || len == len_bytes);
	ends_close(&e);
	return failed;
}

TEST(tpm_link, takes_one_whole_response)
{
	CHECK_OK(receive_these(response, sizeof(response), 4096));
	CHECK_OK(receive_these(response, sizeof(response), sizeof(response)));
}

TEST(tpm_link, what_is_no_response_is_refused)
{
	uint8_t bytes[20];

	memcpy(bytes, response, sizeof(response));
	CHECK_ERR(receive_these(response, sizeof(response), sizeof(response) - 1), ERR_PEER);
	CHECK_ERR(receive_these(bytes, sizeof(bytes), 4096), ERR_PEER); /* more than it says */
	bytes[5] = 9;
	CHECK_ERR(receive_these(bytes, sizeof(response), 4096), ERR_PEER);
	memset(bytes + 2, 0xff, 4);
	CHECK_ERR(receive_these(bytes, sizeof(response), 4096), ERR_PEER);
}

TEST(tpm_link, does_not_wait_for_ever)
{
	struct ends e = connect_ends();
	size_t len;

	uint64_t late = tpm_link_after_ms(1000);
	CHECK_ERR(receive(&e, 4096, &len), ERR_PEER);
	CU_ASSERT_EQUAL(write(e.tpm, response, 9), 9); /* not even its length */
	CHECK_ERR(receive(&e, 4096, &len), ERR_PEER);
	CU_ASSERT_TRUE(tpm_link_after_ms(0) < late);
	ends_close(&e);
}

TEST(tpm_link, does_not_wait_for_ever_to_send)
{
	static uint8_t much[1 << 20];
	struct ends e = connect_ends();

	CHECK_ERR(tpm_link_send(&e.link, much, sizeof(much), tpm_link_after_ms(50)), ERR_PEER);
	ends_close(&e);
}

TEST(tpm_link, a_tpm_that_leaves_is_an_error)
{
	struct ends e = connect_ends();
	size_t len;

	close(e.tpm);
	e.tpm = open("/dev/null", O_RDONLY);
	CHECK_ERR(receive(&e, 4096, &len), ERR_PEER);
	CHECK_ERR(tpm_link_send(&e.link, response, sizeof(response), tpm_link_after_ms(50)),
		  ERR_PEER);
	ends_close(&e);
}

TEST(tpm_link, names_are_of_two_kinds)
{
	struct tpm_link l;

	CU_ASSERT_STRING_EQUAL(tpm_link_path("device:/dev/tpmrm0"), "/dev/tpmrm0");
	CU_ASSERT_STRING_EQUAL(tpm_link_path("swtpm:path=/x"), "/x");
	CU_ASSERT_PTR_NULL(tpm_link_path("device:"));
	CU_ASSERT_PTR_NULL(tpm_link_path("swtpm:port=1"));
	CU_ASSERT_PTR_NULL(tpm_link_path("mssim"));
	CHECK_ERR(tpm_link_open("mssim", &l), ERR_USAGE);
	CHECK_ERR(tpm_link_open("swtpm:path=/nonexistent", &l), ERR_PEER);
	tpm_link_close(&l);
	CHECK_ERR(tpm_link_open("device:/nonexistent", &l), ERR_PEER);
	tpm_link_close(&l);
}
