/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/sysvipc (ipc/): the objects of the reader's IPC namespace. Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/ipc.h"
#include "transcall/kobj/pid.h"
#include "transcall/proc/view.h"

typedef const struct err *object_print_fn(const struct proc_view *view, gva_t at, FILE *out);

static void perm_print(const struct kipc_perm *p, FILE *out)
{
	fprintf(out, "%10d %10d  %4o ", p->key, p->id, p->mode);
}

static const struct err *ids_print(const struct proc_view *view, const struct kipc_perm *p,
				   FILE *out)
{
	uint32_t uid, gid, cuid, cgid;

	TRY(view_uid(view, p->uid, &uid));
	TRY(view_gid(view, p->gid, &gid));
	TRY(view_uid(view, p->cuid, &cuid));
	TRY(view_gid(view, p->cgid, &cgid));
	fprintf(out, " %5u %5u %5u %5u", uid, gid, cuid, cgid);
	return NULL;
}

static const struct err *pids_print(const struct proc_view *view, gva_t a, gva_t b, FILE *out)
{
	int32_t first, second;

	TRY(pid_number(view->kernel, a, view->pid_ns, &first));
	TRY(pid_number(view->kernel, b, view->pid_ns, &second));
	fprintf(out, " %5u %5u", (unsigned)first, (unsigned)second);
	return NULL;
}

static const struct err *msg_print(const struct proc_view *view, gva_t at, FILE *out)
{
	struct ipc_msg m;

	TRY(ipc_msg_read(view->kernel, at, &m));
	perm_print(&m.perm, out);
	fprintf(out, " %10" PRIu64 " %10" PRIu64, m.bytes, m.messages);
	TRY(pids_print(view, m.last_sender, m.last_receiver, out));
	TRY(ids_print(view, &m.perm, out));
	fprintf(out, " %10" PRIu64 " %10" PRIu64 " %10" PRIu64 "\n", m.stime, m.rtime, m.ctime);
	return NULL;
}

static const struct err *sem_print(const struct proc_view *view, gva_t at, FILE *out)
{
	struct ipc_sem s;

	TRY(ipc_sem_read(view->kernel, at, &s));
	perm_print(&s.perm, out);
	fprintf(out, "%10" PRIu32, s.count);
	TRY(ids_print(view, &s.perm, out));
	fprintf(out, " %10" PRIu64 " %10" PRIu64 "\n", s.otime, s.ctime);
	return NULL;
}

static const struct err *shm_print(const struct proc_view *view, gva_t at, FILE *out)
{
	struct ipc_shm s;

	TRY(ipc_shm_read(view->kernel, at, &s));
	perm_print(&s.perm, out);
	fprintf(out, "%21" PRIu64, s.bytes);
	TRY(pids_print(view, s.creator, s.last, out));
	fprintf(out, "  %5" PRIu64, s.attached);
	TRY(ids_print(view, &s.perm, out));
	fprintf(out, " %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %21" PRIu64 " %21" PRIu64 "\n",
		s.atime, s.dtime, s.ctime, s.resident_pages * FRAME_BYTES,
		s.swapped_pages * FRAME_BYTES);
	return NULL;
}

static const struct err *objects_print(struct proc_view *view, enum ipc_kind kind,
				       object_print_fn *print, FILE *out)
{
	gva_t ns, at;

	TRY(ipc_of_task(view->kernel, view->reader, &ns));
	for (uint64_t index = 0;; index++) {
		long start = ftell(out);
		const struct err *e = ipc_next(view->kernel, ns, kind, &index, &at);

		if (!e && gva_is_null(at))
			return NULL;
		TRY(view_pass_line(view, out, start, e ? e : print(view, at, out)));
	}
}

const struct err *root_sysvipc_msg(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	(void)node;
	fputs("       key      msqid perms      cbytes       qnum lspid lrpid   uid   gid  cuid  "
	      "cgid"
	      "      stime      rtime      ctime\n",
	      out);
	return objects_print(view, IPC_KIND_MSG, msg_print, out);
}

const struct err *root_sysvipc_sem(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	(void)node;
	fputs("       key      semid perms      nsems   uid   gid  cuid  cgid      otime      "
	      "ctime\n",
	      out);
	return objects_print(view, IPC_KIND_SEM, sem_print, out);
}

const struct err *root_sysvipc_shm(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	(void)node;
	fputs("       key      shmid perms                  size  cpid  lpid nattch   uid   gid  "
	      "cuid"
	      "  cgid      atime      dtime      ctime                   rss                  "
	      "swap\n",
	      out);
	return objects_print(view, IPC_KIND_SHM, shm_print, out);
}
