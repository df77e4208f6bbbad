/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A socket's dentry is called like its protocol (sock_alloc_file()). Input: attacker-controlled. */
#include "transcall/proc/pid_fd_socket.h"

#include "transcall/kobj/file.h"
#include "transcall/proc/renderers.h"

const struct err *pid_fd_socket_protocol(struct proc_view *view, const struct proc_node *node,
					 char *ret, size_t size_bytes)
{
	struct kfile file;
	struct stat st;
	gva_t name;

	if (node->entry->stat_target != pid_fd_stat)
		return ERR(ERR_ABSENT, "%.64s is no file descriptor", node->name);
	TRY(pid_fd_stat(view, node, &st));
	if (!S_ISSOCK(st.st_mode))
		return ERR(ERR_ABSENT, "file descriptor %.64s is no socket", node->name);
	TRY(file_read(view->kernel, node->object, &file));
	TRY(kfield_ptr(view->kernel, file.path.dentry, F_dentry_name_text, &name));
	return kread_str(view->kernel, name, ret, size_bytes);
}
