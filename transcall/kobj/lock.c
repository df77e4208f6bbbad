/* SPDX-License-Identifier: GPL-2.0-or-later */
/* File locks. Input: attacker-controlled. */
#include "transcall/kobj/lock.h"

#include <fcntl.h>

#include "transcall/kobj/inode.h"
#include "transcall/kobj/pid.h"

#define WAITERS_MAX 65536u

/* locks_translate_pid() */
static const struct err *owner_pid(const struct kernel *k, const struct klock *l, gva_t ns,
				   int32_t *ret)
{
	int64_t number;
	gva_t pid;

	if (l->flags & LOCK_OFD) {
		*ret = -1;
		return NULL;
	}
	TRY(kfield_int(k, l->at, F_file_lock_pid, &number));
	*ret = (int32_t)number;
	if (number <= 0 || gva_equal(ns, kernel_symbol(k, S_init_pid_ns)))
		return NULL;
	TRY(pid_find(k, kernel_symbol(k, S_init_pid_ns), (uint32_t)number, &pid));
	return pid_number(k, pid, ns, ret);
}

/* target_leasetype() */
static uint8_t lease_type(const struct klock *l)
{
	if (l->flags & LOCK_UNLOCK_PENDING)
		return F_UNLCK;
	return l->flags & LOCK_DOWNGRADE_PENDING ? F_RDLCK : l->type;
}

static const struct err *lock_inode(const struct kernel *k, struct klock *l)
{
	gva_t inode;

	l->has_inode = !gva_is_null(l->file);
	if (!l->has_inode)
		return NULL;
	TRY(kfield_ptr(k, l->file, F_file_inode, &inode));
	TRY(inode_dev(k, inode, &l->dev));
	return inode_number(k, inode, &l->ino);
}

const struct err *lock_read(const struct kernel *k, gva_t at, gva_t ns, struct klock *ret)
{
	uint64_t flags, type;

	ret->at = at;
	TRY(kfield_uint(k, at, F_file_lock_flags, &flags));
	TRY(kfield_uint(k, at, F_file_lock_type, &type));
	TRY(kfield_ptr(k, at, F_file_lock_file, &ret->file));
	TRY(kfield_ptr(k, at, F_file_lock_owner, &ret->owner));
	ret->flags = (uint32_t)flags;
	ret->type = (uint8_t)type;
	ret->start = ret->end = 0;
	if (ret->flags & LOCK_LEASES)
		ret->type = lease_type(ret);
	if (ret->flags & LOCK_POSIX) {
		TRY(kfield_int(k, at, F_file_lock_start, &ret->start));
		TRY(kfield_int(k, at, F_file_lock_end, &ret->end));
	}
	TRY(owner_pid(k, ret, ns, &ret->pid));
	return lock_inode(k, ret);
}

void lock_iter_init(struct lock_iter *it)
{
	*it = (struct lock_iter){.begun = false};
}

const struct err *lock_iter_next(struct lock_iter *it, const struct kernel *k, gva_t *ret)
{
	gva_t node = gva(0);

	*ret = gva(0);
	for (;; it->cpu++, it->begun = false) {
		if (it->cpu >= k->cpu_count)
			return NULL;
		if (!it->begun) {
			gva_t list = kernel_percpu(k, S_file_lock_list, it->cpu);

			it->begun = true;
			TRY(hlist_init(&it->list, k,
				       kfield_at(k, list, F_file_lock_list_struct_hlist)));
		}
		TRY(list_next(&it->list, k, &node));
		if (!gva_is_null(node))
			break;
	}
	*ret = kfield_container(k, node, F_file_lock_link);
	return NULL;
}

static const enum field_id kinds[] = {F_file_lock_context_flock, F_file_lock_context_posix,
				      F_file_lock_context_lease};
#define KIND_COUNT (sizeof(kinds) / sizeof(kinds[0]))

const struct err *lock_file_iter_init(struct lock_file_iter *it, const struct kernel *k, gva_t file,
				      gva_t files)
{
	gva_t inode;

	*it = (struct lock_file_iter){.file = file, .files = files};
	TRY(kfield_ptr(k, file, F_file_inode, &inode));
	TRY(kfield_ptr(k, inode, F_inode_flctx, &it->context));
	if (gva_is_null(it->context))
		return NULL;
	return list_init(&it->list, k, kfield_at(k, it->context, kinds[0]));
}

static const struct err *held_by(const struct lock_file_iter *it, const struct kernel *k, gva_t at,
				 bool *ret)
{
	gva_t file, owner;

	TRY(kfield_ptr(k, at, F_file_lock_file, &file));
	TRY(kfield_ptr(k, at, F_file_lock_owner, &owner));
	*ret = gva_equal(file, it->file) &&
	       (gva_equal(owner, it->files) || gva_equal(owner, it->file));
	return NULL;
}

const struct err *lock_file_iter_next(struct lock_file_iter *it, const struct kernel *k, gva_t *ret)
{
	gva_t node;
	bool held;

	*ret = gva(0);
	while (!gva_is_null(it->context)) {
		TRY(list_next(&it->list, k, &node));
		if (gva_is_null(node)) {
			if (++it->kind == KIND_COUNT)
				return NULL;
			TRY(list_init(&it->list, k, kfield_at(k, it->context, kinds[it->kind])));
			continue;
		}
		gva_t at = kfield_container(k, node, F_file_lock_list);
		TRY(held_by(it, k, at, &held));
		if (held) {
			*ret = at;
			return NULL;
		}
	}
	return NULL;
}

void lock_waiters_init(struct lock_waiters *w)
{
	w->level = 0;
	w->steps = 0;
}

const struct err *lock_waiters_next(struct lock_waiters *w, const struct kernel *k, gva_t *at)
{
	gva_t node;

	if (w->level == LOCK_LEVELS_MAX || w->steps++ == WAITERS_MAX)
		return ERR_AT(ERR_RACE, at->v, "too many requests wait for a lock");
	TRY(list_init(&w->levels[w->level++], k, kfield_at(k, *at, F_file_lock_blocked_requests)));
	*at = gva(0);
	while (w->level > 0) {
		TRY(list_next(&w->levels[w->level - 1], k, &node));
		if (!gva_is_null(node)) {
			*at = kfield_container(k, node, F_file_lock_blocked_member);
			return NULL;
		}
		w->level--;
	}
	return NULL;
}
