/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_sock.h"
#include "transcall/kobj/sock.h"
#include "transcall/proc/renderers.h"

enum { BUCKETS = 512, UDP = 4 };

static struct fake_guest g;
static struct proc_view view;
static struct proc_node node;
static gva_t net, heads, udp;
static char *text;

static void set_up(void)
{
	gva_t nsproxy;

	fake_guest_init(&g);
	fake_sock_init(&g);
	fake_field(&g, F_task_struct_nsproxy, 0, 8);
	fake_field(&g, F_nsproxy_net, 8, 8);
	fake_field(&g, F_user_namespace_uid_map_nr_extents, 0, 4);
	fake_field(&g, F_user_namespace_uid_map_extent, 4, 60);
	fake_variable(&g, S_kptr_restrict, 2);
	fake_variable(&g, S_overflowuid, 65534);
	node = (struct proc_node){.task = fake_alloc(&g, 64, 8)};
	nsproxy = fake_alloc(&g, 64, 8);
	net = fake_alloc(&g, 64, 8);
	fake_set(&g, node.task, F_task_struct_nsproxy, nsproxy.v);
	fake_set(&g, nsproxy, F_nsproxy_net, net.v);
	/* kernel ids from 1000 on are 0 and so on there */
	view = (struct proc_view){.kernel = &g.k, .user_ns = fake_alloc(&g, 64, 8)};
	fake_set(&g, view.user_ns, F_user_namespace_uid_map_nr_extents, 1);
	fake_u32(&g, gva_add(view.user_ns, 8), 1000);
	fake_u32(&g, gva_add(view.user_ns, 12), 5);
}

static void render(proc_render_fn *fn)
{
	size_t len;
	FILE *f;

	free(text);
	text = NULL;
	f = open_memstream(&text, &len);
	CHECK_OK(fn(&view, &node, f));
	fclose(f);
}

static void unix_set_up(const char *path, unsigned len)
{
	gva_t addr, sock;

	set_up();
	fake_field(&g, F_net_unix_buckets, 0, 8);
	fake_field(&g, F_unix_sock_addr, 512, 8);
	fake_field(&g, F_unix_address_len, 4, 4);
	fake_field(&g, F_unix_address_name, 8, 110);
	heads = fake_alloc(&g, 8 * BUCKETS, 8);
	fake_set(&g, net, F_net_unix_buckets, heads.v);
	sock = fake_sock(&g, net, AF_UNIX, SOCK_STATE_LISTEN);
	fake_set(&g, sock, F_sock_type, SOCK_SEQPACKET);
	fake_set(&g, sock, F_sock_refcnt, 2);
	fake_sock_own(&g, sock, 0, 777);
	fake_sock_hash(&g, heads, sock, F_sock_node);
	addr = fake_alloc(&g, 128, 8);
	fake_set(&g, addr, F_unix_address_len, len + 2);
	fake_write(&g, gva_add(addr, 10), path, len);
	fake_set(&g, sock, F_unix_sock_addr, addr.v);
}

#define UNIX_HEADER "Num       RefCount Protocol Flags    Type St Inode Path\n"

TEST(net, unix_shows_paths_and_abstract_names)
{
	unix_set_up("/run/x", sizeof("/run/x"));
	render(net_unix);
	CU_ASSERT_STRING_EQUAL(text, UNIX_HEADER
			       "0000000000000000: 00000002 00000000 00010000 0005 01   777"
			       " /run/x\n");
	unix_set_up("\0a\0b", 4);
	render(net_unix);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "   777 @a@b\n"));
}

static void udp_set_up(unsigned family, uint32_t uid)
{
	static const uint8_t loopback[4] = {127, 0, 0, 1}, port[2] = {0x1b, 0x62};
	gva_t table, sock;

	set_up();
	fake_field(&g, F_net_udp_table, 0, 8);
	fake_field(&g, F_udp_table_hash, 0, 8);
	fake_field(&g, F_udp_table_mask, 8, 4);
	fake_field(&g, F_udp_hslot_head, 0, 8);
	fake_field(&g, F_udp_sock_forward_deficit, 600, 4);
	g.p.sizes[SIZE_udp_hslot] = 16;
	table = fake_alloc(&g, 64, 8);
	udp = fake_alloc(&g, 16 * UDP, 8);
	fake_set(&g, table, F_udp_table_hash, udp.v);
	fake_set(&g, table, F_udp_table_mask, UDP - 1);
	fake_set(&g, net, F_net_udp_table, table.v);
	sock = fake_sock(&g, net, family, 7);
	fake_write(&g, kfield_at(&g.k, sock, F_sock_rcv_saddr), loopback, 4);
	fake_write(&g, kfield_at(&g.k, sock, F_inet_sock_sport), port, 2);
	fake_set(&g, sock, F_sock_rmem_alloc, 1000);
	fake_set(&g, sock, F_udp_sock_forward_deficit, 232);
	fake_sock_own(&g, sock, uid, 4711);
	fake_sock_hash(&g, gva_add(udp, 16 * 3), sock, F_sock_node);
}

TEST(net, udp_lines_are_padded_and_ids_are_the_readers)
{
	udp_set_up(AF_INET, 1003);
	render(net_udp);
	const char *line = strchr(text, '\n') + 1;
	CU_ASSERT_EQUAL(line - text, 128);
	CU_ASSERT_EQUAL(strlen(line), 128);
	CU_ASSERT_EQUAL(
		strncmp(line,
			"    3: 0100007F:1B62 00000000:0000 07 00000000:00000300 00:00000000 "
			"00000000     3        0 4711 1 0000000000000000 0 ",
			118),
		0);
	udp_set_up(AF_INET, 7);
	render(net_udp);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "00000000 65534        0 4711 1"));
}

TEST(net, udp6_lines_are_not_padded)
{
	udp_set_up(AF_INET6, 1000);
	render(net_udp);
	CU_ASSERT_PTR_NULL(strstr(text, "4711"));
	render(net_udp6);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "\n    3: 00000000000000000000000000000000:1B62 "
			     "00000000000000000000000000000000:0000 07 00000000:00000300 "
			     "00:00000000 00000000     0        0 4711 1 0000000000000000 0\n"));
	free(text);
	text = NULL;
}
