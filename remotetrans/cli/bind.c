/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * remotetrans bind - which of the VMs that bear a UUID is the user's own: the one in whose verified
 * memory there is a token that he has put there.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "remotetrans/base/printable.h"
#include "remotetrans/cli/command.h"
#include "remotetrans/client/session.h"
#include "remotetrans/client/state.h"
#include "remotetrans/client/verify.h"
#include "transcall/target/token.h"

#define TOKEN_BYTES     16
#define TOKEN_CHARS_MIN 16u
#define TOKEN_CHARS_MAX 200u
#define WAIT_S_DEFAULT  600
#define WAIT_S_MAX      86400
#define LOOK_GAP_S      2

struct bind {
	const char *target;
	const char *token; /* NULL: one is drawn */
	unsigned wait_s;
	char drawn[2 * TOKEN_BYTES + 1];
};

static const struct err *draw_token(struct bind *b)
{
	uint8_t bytes[TOKEN_BYTES];

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return ERR(ERR_SYSTEM, "OpenSSL has no random bytes");
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(b->drawn + 2 * i, 3, "%02x", bytes[i]);
	b->token = b->drawn;
	printf("Run this inside the VM, over a channel of your own (ssh, its console), within %u "
	       "s:\n\n"
	       "    sh -c 'sleep %u; :' %s\n\n",
	       b->wait_s, b->wait_s, b->token);
	if (fflush(stdout) != 0)
		return ERR(ERR_SYSTEM, "cannot write to standard output");
	return NULL;
}

static const struct err *wait_token(struct target *t, const struct bind *b, uint32_t *ret_pid)
{
	uint32_t until_s = state_now_s() + b->wait_s;

	TRY(target_find_token(t, b->token, ret_pid));
	while (!*ret_pid && state_now_s() < until_s) {
		if (isatty(STDERR_FILENO))
			fprintf(stderr, "\rlooking, %u s left ", until_s - state_now_s());
		sleep(LOOK_GAP_S);
		target_slept(t);
		TRY(target_find_token(t, b->token, ret_pid));
	}
	if (*ret_pid)
		return NULL;
	return ERR(
		ERR_ABSENT,
		"no process of the VM has the token in its command line: another VM than the one "
		"you reached, or it ended too soon");
}

static const struct err *remember(const struct target *t, struct session *s, uint32_t pid)
{
	const struct verify_identity *id = session_identity(s);
	struct state_bound bound = {.was_protected = session_is_protected(s),
				    .at_s = state_now_s()};
	char instance[37];

	memcpy(bound.instance_id, id->instance_id, sizeof(bound.instance_id));
	memcpy(bound.uuid, id->uuid, sizeof(bound.uuid));
	TRY(state_write_bound(target_config(t)->name, &bound));
	uuid_format(id->instance_id, instance);
	printf("%s is bound to instance %s (the token is in process %u)\n", target_config(t)->name,
	       instance, pid);
	if (!bound.was_protected)
		fprintf(stderr, "remotetrans: warning: the VM is not protected: its host's "
				"administrator could read the token and put it into another\n");
	return NULL;
}

static const struct err *bind_target(struct target *t, struct bind *b)
{
	struct session *s = target_session(t);
	uint32_t pid;

	if (!session_is_verified(s))
		return ERR(ERR_USAGE, "a VM whose memory is not verified cannot be told by it");
	if (!b->token)
		TRY(draw_token(b));
	TRY(wait_token(t, b, &pid));
	return remember(t, s, pid);
}

static const struct err *parse(int argc, char **argv, struct bind *ret)
{
	const char *wait = NULL;

	*ret = (struct bind){.wait_s = WAIT_S_DEFAULT};
	TRY(command_parse("bind", argc, argv,
			  (const struct command_option[]){
				  {.name = "target", .text = &ret->target},
				  {.name = "token", .text = &ret->token},
				  {.name = "wait", .text = &wait},
				  {.name = NULL},
			  }));
	if (wait)
		TRY(command_number("bind", "wait", wait, 0, WAIT_S_MAX, &ret->wait_s));
	size_t len = ret->token ? strlen(ret->token) : TOKEN_CHARS_MIN;
	if (len < TOKEN_CHARS_MIN || len > TOKEN_CHARS_MAX)
		return ERR(ERR_USAGE, "bind: a token has %u to %u characters that nobody can guess",
			   TOKEN_CHARS_MIN, TOKEN_CHARS_MAX);
	return NULL;
}

static const struct err *bind_run(int argc, char **argv, int *ret_status)
{
	struct target_options options = {.sets = WORKSET_TASKS, .ignores_bound = true};
	char notice[256];
	struct target *t;
	struct bind b;

	TRY(parse(argc, argv, &b));
	TRY(target_open(b.target, &options, &t));
	target_notice(t, notice, sizeof(notice));
	printable_notice(stderr, "remotetrans", notice);
	const struct err *e = bind_target(t, &b);
	target_close(t);
	if (!e || e->kind != ERR_ABSENT)
		return e;
	*ret_status = EXIT_DIFFERENT;
	printable_notice(stderr, "remotetrans", e->message);
	return NULL;
}

const struct command bind_command = {
	.name = "bind",
	.arguments = "[-t TARGET] [--token TEXT] [--wait SECONDS]",
	.summary = "find out which VM is yours, and hold on to that instance",
	.details =
		"A toolstack can give any VM any UUID. bind prints a command with a random token "
		"for you\n"
		"to run inside, over a channel of your own; when it finds the token in verified "
		"memory it\n"
		"remembers the instance id, and sessions with any other instance are refused, "
		"after a\n"
		"reboot of the VM, too: bind again. --token: a text that is there already (16 to "
		"200\n"
		"characters that nobody can guess). --wait: for so long (default 600).\n"
		"Exit status: 0 bound, 1 the token was not found, 125 failed.\n",
	.run = bind_run,
};
