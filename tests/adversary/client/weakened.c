/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A client that leaves out the checks named in $RT_CHECKS_OFF: for the adversary tests, never
 * installed. It shows that each lie is stopped by just these checks.
 *
 * Most are CHECK()s of the client's code. Some are no condition there but a call, which the linker
 * replaces (--wrap).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "remotetrans/base/check.h"
#include "remotetrans/client/link.h"

/* What tests/adversary/check looks for in programs that are installed. */
__attribute__((used)) static const char marker[] = "RT_WEAKENED: a client without its checks";

static const char *off(void)
{
	const char *names = getenv("RT_CHECKS_OFF");

	return names ? names : "";
}

bool check_is_off(const char *name)
{
	size_t len = strlen(name);

	for (const char *at = off(); *at; at += strspn(at, " ")) {
		size_t word = strcspn(at, " ");

		if (word == len && memcmp(at, name, len) == 0)
			return true;
		at += word;
	}
	return false;
}

/* deadline: none */
uint64_t __real_stream_after_ms(uint64_t timeout_ms);
uint64_t __wrap_stream_after_ms(uint64_t timeout_ms);

uint64_t __wrap_stream_after_ms(uint64_t timeout_ms)
{
	return check_is_off("deadline") ? UINT64_MAX / 2 : __real_stream_after_ms(timeout_ms);
}

/* closed: a connection that ends is an answer that ends */
const struct err *__real_link_receive(struct link *l, uint16_t request, uint32_t types,
				      uint64_t deadline_ns, struct frame *ret);
const struct err *__wrap_link_receive(struct link *l, uint16_t request, uint32_t types,
				      uint64_t deadline_ns, struct frame *ret);

const struct err *__wrap_link_receive(struct link *l, uint16_t request, uint32_t types,
				      uint64_t deadline_ns, struct frame *ret)
{
	const struct err *e = __real_link_receive(l, request, types, deadline_ns, ret);

	if (!e || e->kind != ERR_PEER || !(types >> MSG_DONE & 1) || !check_is_off("closed"))
		return e;
	*ret = (struct frame){.type = MSG_DONE, .request = request};
	return NULL;
}

/* tls_version: any; it is set through SSL_CTX_ctrl() */
long __real_SSL_CTX_ctrl(SSL_CTX *ctx, int command, long number, void *pointer);
long __wrap_SSL_CTX_ctrl(SSL_CTX *ctx, int command, long number, void *pointer);

long __wrap_SSL_CTX_ctrl(SSL_CTX *ctx, int command, long number, void *pointer)
{
	if (command == SSL_CTRL_SET_MIN_PROTO_VERSION && check_is_off("tls_version"))
		number = TLS1_2_VERSION;
	return __real_SSL_CTX_ctrl(ctx, command, number, pointer);
}

/* server_certificate: anybody's */
void __real_SSL_CTX_set_verify(SSL_CTX *ctx, int mode, SSL_verify_cb callback);
void __wrap_SSL_CTX_set_verify(SSL_CTX *ctx, int mode, SSL_verify_cb callback);

void __wrap_SSL_CTX_set_verify(SSL_CTX *ctx, int mode, SSL_verify_cb callback)
{
	if (check_is_off("server_certificate"))
		mode = SSL_VERIFY_NONE;
	__real_SSL_CTX_set_verify(ctx, mode, callback);
}
