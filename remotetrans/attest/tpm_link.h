/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tpm_link - one connection to a TPM: a command out, its response in, each until a deadline.
 *
 * tpm2-tss's own TCTI for swtpm waits for ever, whatever it is told; this one never does. Deadlines
 * are absolute, see tpm_link_after_ms().
 */
#ifndef RT_ATTEST_TPM_LINK_H
#define RT_ATTEST_TPM_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "remotetrans/base/err.h"

#define TPM_NAME_DEVICE "device:"
#define TPM_NAME_SWTPM  "swtpm:path="

struct tpm_link {
	int fd; /* owned; -1: none */
	bool is_socket;
};

uint64_t tpm_link_after_ms(uint64_t timeout_ms);

/**
 * tpm_link_open() - connect
 * @name: TPM_NAME_DEVICE or TPM_NAME_SWTPM, and a path
 * @ret:  out: to be closed, also on error
 *
 * Return: NULL; USAGE: not such a name; PEER with the remedy: there is none, or not for us.
 */
MUST_CHECK const struct err *tpm_link_open(const char *name, struct tpm_link *ret);
void tpm_link_close(struct tpm_link *l);

/* The path in @name; NULL: @name is of neither kind. */
const char *tpm_link_path(const char *name);

MUST_CHECK const struct err *tpm_link_send(struct tpm_link *l, const uint8_t *command,
					   size_t len_bytes, uint64_t deadline_ns);

/* Exactly one response. PEER: none in time, or not a response that fits @size_bytes. */
MUST_CHECK const struct err *tpm_link_receive(struct tpm_link *l, uint8_t *ret, size_t size_bytes,
					      size_t *ret_len_bytes, uint64_t deadline_ns);

#endif
