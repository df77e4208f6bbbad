/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_sock.h"
#include "transcall/kobj/unixsock.h"

enum { BUCKETS = 512 };

static struct fake_guest g;
static gva_t net, heads, sock, addr;

static void set_up(void)
{
	fake_guest_init(&g);
	fake_sock_init(&g);
	fake_field(&g, F_unix_sock_addr, 512, 8);
	fake_field(&g, F_unix_address_len, 4, 4);
	fake_field(&g, F_unix_address_name, 8, 110);
	net = fake_alloc(&g, 64, 64);
	heads = fake_alloc(&g, 8 * BUCKETS, 8);
	sock = fake_sock(&g, net, 1, SOCK_STATE_LISTEN);
	addr = fake_alloc(&g, 256, 8);
}

/* Bind @sock to the bytes of sun_path. */
static void bind_to(const char *path, unsigned len)
{
	fake_set(&g, addr, F_unix_address_len, len + 2);
	fake_write(&g, gva_add(addr, 10), path, len);
	fake_set(&g, sock, F_unix_sock_addr, addr.v);
}

TEST(unixsock, is_listed_of_one_namespace)
{
	struct unixsock_iter it;
	struct sock_head head;
	gva_t foreign;

	set_up();
	fake_field(&g, F_net_unix_buckets, 8, 8);
	fake_set(&g, net, F_net_unix_buckets, heads.v);
	foreign = fake_sock(&g, gva(64), 1, SOCK_STATE_LISTEN);
	fake_sock_hash(&g, gva_add(heads, 8 * 511), foreign, F_sock_node);
	fake_sock_hash(&g, gva_add(heads, 8 * 511), sock, F_sock_node);
	CHECK_OK(unixsock_iter_init(&it, &g.k, net));
	CHECK_OK(unixsock_iter_next(&it, &g.k, &head));
	CU_ASSERT_EQUAL(head.at.v, sock.v);
	CHECK_OK(unixsock_iter_next(&it, &g.k, &head));
	CU_ASSERT_TRUE(gva_is_null(head.at));
}

TEST(unixsock, of_older_kernels_is_in_one_table)
{
	struct unixsock_iter it;
	struct sock_head head;

	set_up();
	fake_symbol_at(&g, S_unix_socket_table, heads);
	fake_sock_hash(&g, heads, sock, F_sock_node);
	CHECK_OK(unixsock_iter_init(&it, &g.k, net));
	CHECK_OK(unixsock_iter_next(&it, &g.k, &head));
	CU_ASSERT_EQUAL(head.at.v, sock.v);
}

TEST(unixsock, names_are_paths_abstract_or_none)
{
	struct unixsock_name name;

	set_up();
	CHECK_OK(unixsock_read_name(&g.k, sock, &name));
	CU_ASSERT_FALSE(name.bound);
	bind_to("/run/x", sizeof("/run/x"));
	CHECK_OK(unixsock_read_name(&g.k, sock, &name));
	CU_ASSERT_TRUE(name.bound && !name.abstract);
	CU_ASSERT_EQUAL(name.len, 6);
	CU_ASSERT_EQUAL(memcmp(name.bytes, "/run/x", 6), 0);
	bind_to("\0a\0b", 4);
	CHECK_OK(unixsock_read_name(&g.k, sock, &name));
	CU_ASSERT_TRUE(name.bound && name.abstract);
	CU_ASSERT_EQUAL(name.len, 3);
	CU_ASSERT_EQUAL(memcmp(name.bytes, "a\0b", 3), 0);
}

TEST(unixsock, names_that_cannot_be_are_refused)
{
	struct unixsock_name name;

	set_up();
	bind_to("/x", 3);
	fake_set(&g, addr, F_unix_address_len, 2);
	CHECK_ERR(unixsock_read_name(&g.k, sock, &name), ERR_RACE);
	fake_set(&g, addr, F_unix_address_len, 112);
	CHECK_ERR(unixsock_read_name(&g.k, sock, &name), ERR_RACE);
	fake_set(&g, addr, F_unix_address_len, UINT32_MAX);
	CHECK_ERR(unixsock_read_name(&g.k, sock, &name), ERR_RACE);
	fake_set(&g, addr, F_unix_address_len, 111);
	CHECK_OK(unixsock_read_name(&g.k, sock, &name));
}
