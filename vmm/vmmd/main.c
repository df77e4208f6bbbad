/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vmmd - the VMM core as a daemon beside QEMU/KVM. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "remotetrans/base/confine.h"
#include "remotetrans/base/process.h"
#include "remotetrans/base/scope.h"
#include "vmm/launch/measure.h"
#include "vmm/vmmd/confinement.h"
#include "vmm/vmmd/options.h"
#include "vmm/vmmd/pubkey.h"
#include "vmm/vmmd/secret.h"
#include "vmm/vmmd/server.h"
#include "vmm/vmmd/tag.h"

#define VERSION "1.0"

static const char *vm_name = "?";

static void say(const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "vmmd: %s: ", vm_name);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

/* Before anybody can have a session with the key. */
static const struct err *measure(struct measure *m, const struct core *core, struct host *host,
				 const struct options *o)
{
	TRY(measure_key(m, core->static_public, !o->more_keys));
	host->is_measured = m->tpm != NULL;
	if (host->is_measured)
		say("measured the key into PCR %u%s", RTLAUNCH_PCR,
		    o->more_keys ? ", more keys may follow" : "");
	measure_close(m);
	return NULL;
}

static const struct err *serve(struct server *s, struct server_secrets *secrets, struct host *host,
			       struct measure *m, const struct options *o)
{
	const struct err *e;

	s->say = say;
	if (core_init(&secrets->core, &host_ops, host))
		return ERR(ERR_SYSTEM, "no random bytes for the key");
	TRY(measure(m, &secrets->core, host, o));
	if (o->pubkey_path)
		TRY(pubkey_write(o->pubkey_path, secrets->core.static_public));
	e = server_open(s, secrets, host, o->socket_path, o->deadline_ms);
	if (!e)
		e = confinement_vmmd(o->socket_path);
	if (!e) {
		say("serving on %s", o->socket_path);
		e = server_run(s);
	}
	server_close(s);
	return e;
}

static const struct err *give_up(const char *user)
{
	bool is_root;

	secret_allow(sizeof(struct server_secrets));
	TRY(process_drop(user, &is_root));
	if (is_root)
		say("runs as root, though without capabilities: name another --user");
	if (!confine_has_files())
		say(CONFINE_NO_FILES);
	return NULL;
}

/* The order matters: no secret before the process is undumpable; the guard, which inherits
 * nothing secret, before the key. QEMU must be reachable without privileges now, as it must be when
 * it comes back. */
static const struct err *run_unprivileged(const struct options *o, struct measure *m)
{
	static struct host host;
	static struct server server;
	void *secrets;
	const struct err *e;

	TRY(tag_open());
	TRY(give_up(o->user));
	host_init(&host, &o->host);
	TRY(host_attach(&host));
	e = secret_alloc(sizeof(struct server_secrets), &secrets);
	if (!e) {
		e = serve(&server, secrets, &host, m, o);
		secret_free(secrets, sizeof(struct server_secrets));
	}
	host_deinit(&host);
	return e;
}

static const struct err *run(const struct options *o)
{
	struct measure m;

	TRY(measure_open(&m, o->tpm, o->events));
	const struct err *e = run_unprivileged(o, &m);
	measure_close(&m);
	return e;
}

int main(int argc, char **argv)
{
	struct options o;
	const struct err *e = options_parse(argc, argv, &o);

	if (!e && o.help) {
		options_print_help();
		return 0;
	}
	if (!e && o.version) {
		puts("vmmd " VERSION);
		return 0;
	}
	if (!e) {
		vm_name = o.name;
		e = run(&o);
	}
	if (!e)
		return 0;
	fprintf(stderr, "vmmd: %s\n", e->message);
	return e->kind == ERR_USAGE ? 2 : 1;
}
