/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IPv6 flow labels. Input: attacker-controlled. */
#include "transcall/kobj/flowlabel.h"

#define BUCKETS       256u /* FL_HASH_MASK + 1 */
#define POINTER_BYTES 8u

/* Chains of pointers to what begins with a pointer to the next, as in hlists. */
const struct err *flowlabel_init(struct hashwalk *it, const struct kernel *k)
{
	return hashwalk_init(it, kernel_symbol(k, S_fl_ht), BUCKETS, POINTER_BYTES);
}

static const struct err *owner_read(const struct kernel *k, struct flowlabel *ret)
{
	uint64_t share, uid;

	ret->pid = gva(0);
	TRY(kfield_uint(k, ret->at, F_ip6_flowlabel_share, &share));
	TRY(kfield_uint(k, ret->at, F_ip6_flowlabel_uid, &uid));
	ret->share = (uint8_t)share;
	ret->uid = (uint32_t)uid;
	return share == FLOWLABEL_PROCESS ? kfield_ptr(k, ret->at, F_ip6_flowlabel_pid, &ret->pid)
					  : NULL;
}

static const struct err *label_read(const struct kernel *k, struct flowlabel *ret)
{
	uint64_t label, users, option_bytes = 0;
	gva_t option;

	TRY(owner_read(k, ret));
	TRY(kfield_uint(k, ret->at, F_ip6_flowlabel_label, &label));
	TRY(kfield_bytes(k, ret->at, F_ip6_flowlabel_dst, ret->destination,
			 sizeof(ret->destination)));
	TRY(kfield_uint(k, ret->at, F_ip6_flowlabel_users, &users));
	TRY(kfield_uint(k, ret->at, F_ip6_flowlabel_linger, &ret->linger));
	TRY(kfield_uint(k, ret->at, F_ip6_flowlabel_expires, &ret->expires));
	TRY(kfield_ptr(k, ret->at, F_ip6_flowlabel_opt, &option));
	if (!gva_is_null(option))
		TRY(kfield_uint(k, option, F_ipv6_txoptions_nflen, &option_bytes));
	ret->label = (uint32_t)label;
	ret->users = (int32_t)users;
	ret->option_bytes = (uint16_t)option_bytes;
	return NULL;
}

const struct err *flowlabel_next(struct hashwalk *it, const struct kernel *k, gva_t net,
				 struct flowlabel *ret)
{
	gva_t node, of;

	for (;;) {
		ret->at = gva(0);
		TRY(hashwalk_next(it, k, &node));
		if (gva_is_null(node))
			return NULL;
		ret->at = kfield_container(k, node, F_ip6_flowlabel_next);
		TRY(kfield_ptr(k, ret->at, F_ip6_flowlabel_net, &of));
		if (gva_equal(of, net))
			return label_read(k, ret);
	}
}
