/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The profile's addresses tell nothing about another kernel: its image is searched, in a session
 * beside the running VM, because a snapshot of a whole image would pause it for long.
 */
#include "transcall/target/wrong_kernel.h"

#include "remotetrans/base/scope.h"
#include "remotetrans/client/gmem.h"
#include "remotetrans/client/session.h"
#include "transcall/kobj/identify.h"

#define READAHEAD 64 /* frames a round trip: thousands are looked at */

static const struct err *identify(struct session *s, struct identity *ret)
{
	AUTO_FREE struct gmem *gm = malloc(sizeof(*gm));
	const struct vcpu *vcpus;
	unsigned count;

	if (!gm)
		return ERR(ERR_SYSTEM, "no memory");
	session_set_readahead(s, READAHEAD);
	TRY(session_vcpus(s, &vcpus, &count));
	gmem_init(gm, session_frames(s), vcpus[0].cr4);
	return kernel_identify(&gm->src, vcpus, count, ret);
}

const struct err *wrong_kernel(const struct target_config *target, const struct profile *profile)
{
	struct identity theirs;
	struct session *s;

	TRY(session_open(target, NULL, 0, &s));
	const struct err *e = identify(s, &theirs);
	session_close(s);
	TRY(e);
	return ERR(ERR_PROFILE,
		   "%s is the profile of kernel %s (build-id %s), but %s runs kernel %s (build-id "
		   "%s): "
		   "build that kernel's profile with 'remotetrans profile build', and set profile=",
		   target->profile, profile->release, profile->build_id, target->vm,
		   theirs.release[0] ? theirs.release : "of another build",
		   theirs.build_id[0] ? theirs.build_id : "not found");
}
