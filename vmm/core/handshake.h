/* SPDX-License-Identifier: MIT */
/* handshake - the VMM's side of opening a session (rtvmm.h, in the shape of Noise NK). */
#ifndef VMM_CORE_HANDSHAKE_H
#define VMM_CORE_HANDSHAKE_H

#include "vmm/core/core.h"

/**
 * handshake_answer() - open @session for the peer that sent @request
 * @session: a free place; filled in only on success
 * @ret:     complete, with the confirmation tag
 *
 * Return: 0, -RTVMM_EKEY (a shared secret is all-zero), or what the host's randomness says.
 */
int handshake_answer(struct core *core, const struct vm *vm,
		     const struct rtvmm_open_request *request, struct session *session,
		     struct rtvmm_open_reply *ret);

#endif
