/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line of fdinfo that AF_UNIX sockets have. Input: attacker-controlled. */
#include <inttypes.h>

#include "transcall/kobj/unixsock.h"
#include "transcall/proc/fdinfo.h"

const struct err *fdinfo_socket(struct proc_view *view, const struct kfile *file, FILE *out)
{
	const struct kernel *k = view->kernel;
	gva_t sock, ops, show;
	uint32_t fds;

	TRY(kfield_ptr(k, file->private_data, F_socket_ops, &ops));
	TRY(kfield_ptr(k, file->private_data, F_socket_sk, &sock));
	TRY(kfield_ptr(k, ops, F_proto_ops_show_fdinfo, &show));
	if (gva_is_null(sock) || !gva_equal(show, kernel_symbol(k, S_unix_show_fdinfo)))
		return NULL;
	TRY(unixsock_fds_in_flight(k, sock, &fds));
	fprintf(out, "scm_fds: %" PRIu32 "\n", fds);
	return NULL;
}
