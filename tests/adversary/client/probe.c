/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe TARGET OPERATION... - what a client does, without looking at what it gets: it ends 0 when
 * every answer was accepted.
 *
 *   list      the VMs
 *   info      what the VMM says of the VM
 *   vcpus     registers
 *   snapshot  one pause, with the frames of a walk over the processes' names
 *   plain     from here on, no compression is asked for
 *   wait      a while, so that the VM does something
 *   read      8 frames of the running VM; forgets those read before
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>

#include "remotetrans/base/scope.h"
#include "remotetrans/client/link.h"
#include "remotetrans/client/session.h"
#include "transcall/proc/workset.h"

#define WAIT_MS     300
#define FIRST_FRAME 0x1000u /* in every guest's RAM */

struct probe {
	struct target_config target;
	struct session_profile profile;
	struct session *session;
};

static const struct err *read_profile(struct probe *p)
{
	AUTO_FCLOSE FILE *in = fopen(p->target.profile, "re");
	char *text = malloc(PROFILE_TEXT_MAX);

	if (!in || !text)
		return ERR(ERR_USAGE, "cannot read %s", p->target.profile);
	p->profile.text = text;
	p->profile.len_bytes = fread(text, 1, PROFILE_TEXT_MAX, in);
	if (EVP_Digest(text, p->profile.len_bytes, p->profile.hash, NULL, EVP_sha256(), NULL) != 1)
		return ERR(ERR_SYSTEM, "no SHA-256");
	return NULL;
}

static const struct err *visit(void *context, const struct msg_vm *vm)
{
	(void)context;
	(void)vm;
	return NULL;
}

static const struct err *do_list(struct probe *p)
{
	struct link l;
	const struct err *e = link_open(&l, &p->target);

	if (!e)
		e = link_list(&l, visit, NULL);
	link_deinit(&l);
	return e;
}

static const struct err *do_info(struct probe *p)
{
	struct vm_info info;

	return session_info(p->session, &info);
}

static const struct err *do_vcpus(struct probe *p)
{
	const struct vcpu *vcpus;
	unsigned count;

	return session_vcpus(p->session, &vcpus, &count);
}

static const struct err *do_snapshot(struct probe *p)
{
	return session_snapshot(p->session, WORKSET_NAMES);
}

/* A frame that is denied, or left out, is for this client no error: it does not look. */
static const struct err *do_read(struct probe *p)
{
	struct framesrc *frames = session_frames(p->session);
	const uint8_t *bytes;
	const struct err *e;

	session_forget(p->session);
	e = frames->get(frames, gfn(FIRST_FRAME), &bytes);
	return e && err_is_fatal(e) ? e : NULL;
}

static const struct err *do_plain(struct probe *p)
{
	p->target.compress = false;
	return NULL;
}

static const struct err *do_wait(struct probe *p)
{
	const struct timespec a_while = {.tv_nsec = WAIT_MS * 1000000L};

	(void)p;
	nanosleep(&a_while, NULL);
	return NULL;
}

static const struct operation {
	const char *name;
	bool needs_session;
	const struct err *(*run)(struct probe *p);
} operations[] = {
	{"list", false, do_list},        {"info", true, do_info}, {"vcpus", true, do_vcpus},
	{"snapshot", true, do_snapshot}, {"read", true, do_read}, {"wait", false, do_wait},
	{"plain", false, do_plain},
};

static const struct err *run_one(struct probe *p, const char *name)
{
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
		const struct operation *o = &operations[i];

		if (strcmp(o->name, name) != 0)
			continue;
		if (o->needs_session && !p->session)
			TRY(session_open(&p->target, &p->profile, 0, &p->session));
		return o->run(p);
	}
	return ERR(ERR_USAGE, "no operation %s", name);
}

static const struct err *run(struct probe *p, char **arguments)
{
	TRY(config_load(arguments[0], &p->target));
	TRY(read_profile(p));
	for (char **name = arguments + 1; *name; name++)
		TRY(run_one(p, *name));
	return NULL;
}

int main(int argc, char **argv)
{
	struct probe p = {.session = NULL};

	if (argc < 3) {
		fputs("usage: probe TARGET OPERATION...\n", stderr);
		return 2;
	}
	const struct err *e = run(&p, argv + 1);
	if (e)
		fprintf(stderr, "probe: %s: %s\n", err_kind_name(e->kind), e->message);
	session_close(p.session);
	free((char *)p.profile.text);
	return e ? ERR_EXIT_CODE : EXIT_SUCCESS;
}
