/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cred - credentials of a task, and ids as a user namespace sees them. */
#ifndef TC_KOBJ_CRED_H
#define TC_KOBJ_CRED_H

#include "transcall/kobj/kernel.h"

#define CRED_GROUPS_MAX 65536 /* NGROUPS_MAX */

struct cred {
	gva_t at;                        /* struct cred */
	uint32_t uid, euid, suid, fsuid; /* kernel ids: map them before they are shown */
	uint32_t gid, egid, sgid, fsgid;
	gva_t user_ns, group_info;
	uint64_t cap_inheritable, cap_permitted, cap_effective, cap_bset, cap_ambient;
};

/* The objective credentials of @task (__task_cred()): what others see. */
MUST_CHECK const struct err *cred_read(const struct kernel *k, gva_t task, struct cred *ret);

/* Only euid and egid: what every stat() of /proc/PID needs. */
MUST_CHECK const struct err *cred_read_effective(const struct kernel *k, gva_t task,
						 uint32_t *ret_euid, uint32_t *ret_egid);

/* Number of supplementary groups, and number @index of them (a kernel id). */
MUST_CHECK const struct err *cred_group_count(const struct kernel *k, gva_t group_info,
					      uint32_t *ret);
MUST_CHECK const struct err *cred_group(const struct kernel *k, gva_t group_info, uint32_t index,
					uint32_t *ret);

/* from_kuid_munged(), from_kgid_munged(): an id that @user_ns does not map is shown as overflow id.
 */
MUST_CHECK const struct err *cred_uid_in(const struct kernel *k, gva_t user_ns, uint32_t kuid,
					 uint32_t *ret);
MUST_CHECK const struct err *cred_gid_in(const struct kernel *k, gva_t user_ns, uint32_t kgid,
					 uint32_t *ret);

/* Does @user_ns map both? privileged_wrt_inode_uidgid(): only then its root is privileged over what
 * they own. */
MUST_CHECK const struct err *cred_maps(const struct kernel *k, gva_t user_ns, uint32_t kuid,
				       uint32_t kgid, bool *ret);

/* make_kuid(), make_kgid(): the kernel id of @id in @user_ns; UINT32_MAX: not mapped. */
MUST_CHECK const struct err *cred_kuid_of(const struct kernel *k, gva_t user_ns, uint32_t id,
					  uint32_t *ret);
MUST_CHECK const struct err *cred_kgid_of(const struct kernel *k, gva_t user_ns, uint32_t id,
					  uint32_t *ret);

/* One line of uid_map or gid_map. */
struct id_extent {
	uint32_t first, lower_first, count;
};
#define ID_EXTENTS_MAX 340 /* UID_GID_MAP_MAX_EXTENTS */
struct id_map {
	unsigned count;
	struct id_extent extents[ID_EXTENTS_MAX];
};
MUST_CHECK const struct err *cred_uid_map(const struct kernel *k, gva_t user_ns,
					  struct id_map *ret);
MUST_CHECK const struct err *cred_gid_map(const struct kernel *k, gva_t user_ns,
					  struct id_map *ret);

/* The same of project ids; one that is not mapped is UINT32_MAX. */
MUST_CHECK const struct err *cred_projid_map(const struct kernel *k, gva_t user_ns,
					     struct id_map *ret);
MUST_CHECK const struct err *cred_projid_in(const struct kernel *k, gva_t user_ns, uint32_t id,
					    uint32_t *ret);

#endif
