/* SPDX-License-Identifier: MIT */
/*
 * request - check and carry out one request of an untrusted caller.
 */
#ifndef VMM_CORE_REQUEST_H
#define VMM_CORE_REQUEST_H

#include "vmm/core/core.h"

/* How the request's trailing data come in and the records go out. Each byte is fetched once.
 * 0, or -RTVMM_EFAULT. */
struct call_io {
	int (*get)(struct call_io *io, void *ret, uint32_t len_bytes);
	int (*put)(struct call_io *io, const void *from, uint32_t len_bytes);
};

/* One request on its way through the core. */
struct call {
	struct core *core;
	struct vm *vm;
	struct caller *caller;
	struct call_io *io;
	uint8_t *page; /* RTVMM_FRAME_BYTES, private: pages are copied here and tagged here */
	/* What io takes stays private to the VMM until request_tag() was called for each record:
	 * so a pause lasts as long as its copies take, not as long as their tags do. */
	bool tags_later;
};

/* The bytes that follow @r on its way in; -RTVMM_EINVAL or -RTVMM_EVERSION when @r is malformed. */
int request_trailing_bytes(const struct rtvmm_request *r);

/**
 * request_handle() - do what @r asks
 * @r:   a private copy, already fetched
 * @ret: out: how many records were put
 *
 * Return: 0, or a negated RTVMM_E*; then whatever was put must not reach the caller.
 */
int request_handle(struct call *c, const struct rtvmm_request *r, uint32_t *ret);

/**
 * request_tag() - make the tag of a record that was put without (tags_later)
 * @caller: whose it is
 * @bytes:  the record as it was put, its payload behind it; private to the VMM since then
 *
 * Return: 0, *@ret_bytes: how long record and payload are; or -RTVMM_ENOSESSION: its session has
 * ended, nobody may have it.
 */
int request_tag(struct caller *caller, uint8_t *bytes, uint32_t *ret_bytes);

/* The caller is gone: end its pause, wipe its sessions. */
void request_caller_gone(struct vm *vm, struct caller *caller);

#endif
