/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/net/protocols (net/core/sock.c). Input: attacker-controlled. */
#include <inttypes.h>

#include "transcall/kobj/module.h"
#include "transcall/kobj/netproto.h"
#include "transcall/proc/nettext.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/view.h"

/* Columns that say whether a protocol has a function; sendpage went in 6.5. */
static const struct method {
	char name[3];
	enum field_id field;
} methods[] = {
	{"cl", F_proto_close},
	{"co", F_proto_connect},
	{"di", F_proto_disconnect},
	{"ac", F_proto_accept},
	{"io", F_proto_ioctl},
	{"in", F_proto_init},
	{"de", F_proto_destroy},
	{"sh", F_proto_shutdown},
	{"ss", F_proto_setsockopt},
	{"gs", F_proto_getsockopt},
	{"se", F_proto_sendmsg},
	{"re", F_proto_recvmsg},
	{"sp", F_proto_sendpage},
	{"bi", F_proto_bind},
	{"br", F_proto_backlog_rcv},
	{"ha", F_proto_hash},
	{"uh", F_proto_unhash},
	{"gp", F_proto_get_port},
	{"em", F_proto_enter_memory_pressure},
};
#define METHODS (sizeof(methods) / sizeof(methods[0]))

static void header_print(const struct kernel *k, FILE *out)
{
	fputs("protocol  size sockets  memory press maxhdr  slab module    ", out);
	for (size_t i = 0; i < METHODS; i++)
		if (profile_has(k->profile, methods[i].field))
			fprintf(out, " %s", methods[i].name);
	fputc('\n', out);
}

static const struct err *methods_print(const struct kernel *k, gva_t at, FILE *out)
{
	gva_t function;

	for (size_t i = 0; i < METHODS; i++) {
		if (!profile_has(k->profile, methods[i].field))
			continue;
		TRY(kfield_ptr(k, at, methods[i].field, &function));
		fprintf(out, " %2c", gva_is_null(function) ? 'n' : 'y');
	}
	fputc('\n', out);
	return NULL;
}

static const struct err *proto_render(const struct kernel *k, gva_t net, gva_t at, FILE *out)
{
	static const char *const pressures[] = {
		[NETPROTO_UNKNOWN] = "NI", [NETPROTO_RELAXED] = "no", [NETPROTO_PRESSED] = "yes"};
	struct kmodule module = {.name = "kernel"};
	struct netproto p;

	TRY(netproto_read(k, net, at, &p));
	if (!gva_is_null(p.module))
		TRY(module_read(k, p.module, &module));
	fprintf(out,
		"%-9s %4" PRIu32 " %6" PRId32 "  %6" PRId64 "   %-3s %6" PRIu32 "   %-3s  %-10s",
		p.name, p.object_bytes, p.in_use, p.memory_pages, pressures[p.pressure],
		p.max_header, p.has_slab ? "yes" : "no", module.name);
	return methods_print(k, at, out);
}

const struct err *net_protocols(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct list_iter it;
	gva_t net, at;

	header_print(view->kernel, out);
	TRY(nettext_net(view, node, &net));
	TRY(netproto_iter_init(&it, view->kernel));
	for (;;) {
		long start = ftell(out);
		const struct err *e = netproto_iter_next(&it, view->kernel, &at);

		if (!e && gva_is_null(at))
			return NULL;
		if (!e)
			e = proto_render(view->kernel, net, at, out);
		TRY(view_pass_line(view, out, start, e));
	}
}
