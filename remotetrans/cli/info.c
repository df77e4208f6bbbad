/* SPDX-License-Identifier: GPL-2.0-or-later */
/* remotetrans info - open a session with a VM and print what its VMM states, verified. */
#include <stdio.h>
#include <time.h>

#include <jansson.h>

#include "remotetrans/base/printable.h"
#include "remotetrans/cli/command.h"
#include "remotetrans/client/session.h"
#include "remotetrans/client/trust.h"
#include "remotetrans/client/verify.h"

struct facts {
	struct target_config target;
	struct vm_info info;
	struct session_counters counters;
	bool verified, bound;
	enum trust_source trust;
	uint32_t attested_at_s;
	char notice[256];
	char uuid[37], instance[37], boot[37];
};

static const struct err *gather(struct session *s, struct facts *ret)
{
	const struct verify_identity *id = session_identity(s);

	TRY(session_info(s, &ret->info));
	ret->counters = session_counters(s);
	ret->verified = session_is_verified(s);
	ret->bound = session_is_bound(s);
	ret->trust = session_trust(s)->source;
	ret->attested_at_s = session_trust(s)->attested.at_s;
	session_notice(s, ret->notice, sizeof(ret->notice));
	uuid_format(id->uuid, ret->uuid);
	uuid_format(id->instance_id, ret->instance);
	uuid_format(id->boot_id, ret->boot);
	return NULL;
}

static const char *const vouchers[] = {[TRUST_NOBODY] = "NOBODY: the server names it",
				       [TRUST_PINNED] = "vmm_key=, pinned by hand"};

static void print_voucher(const struct facts *f)
{
	time_t at = f->attested_at_s;
	char when[32] = "?";
	struct tm tm;

	if (localtime_r(&at, &tm))
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
	if (!f->verified)
		return;
	if (f->trust == TRUST_ATTESTED)
		printf("VMM key           attested %s, against %s\n", when, f->target.manifest);
	else
		printf("VMM key           %s\n", vouchers[f->trust]);
	printf("VMM measured      %s\n", f->info.is_measured ? "yes" : "no, as it says itself");
}

static void print_text(const struct facts *f)
{
	const struct vm_info *i = &f->info;

	printf("target            %s\n", f->target.name);
	printf("server            %s\n", f->target.server);
	printf("vm                %s\n", f->target.vm);
	printf("uuid              %s\n", f->uuid);
	printf("instance          %s\n", f->instance);
	printf("bound             %s\n",
	       f->bound ? "yes" : "instance not bound (remotetrans bind)");
	printf("VMM boot          %s\n", f->boot);
	printf("verified          %s\n", f->verified ? "yes" : "NO: this backend cannot tag");
	print_voucher(f);
	printf("protected         %s\n", i->is_protected ? "yes" : "no");
	printf("frames            %s\n", i->is_pv ? "machine frames (Xen PV)" : "guest frames");
	printf("paused by others  %s\n", i->is_paused ? "yes" : "no");
	printf("vCPUs             %u\n", i->vcpus);
	printf("RAM               %llu MiB\n", (unsigned long long)(i->ram_bytes >> 20));
	printf("pauses            %llu, longest %.1f ms, deadline %u ms\n",
	       (unsigned long long)i->pauses, (double)i->paused_ns_max / 1e6, i->pause_deadline_ms);
	printf("round trips       %llu\n", (unsigned long long)f->counters.round_trips);
}

static const char *voucher_word(const struct facts *f)
{
	static const char *const words[] = {[TRUST_NOBODY] = "unattested",
					    [TRUST_PINNED] = "pinned",
					    [TRUST_ATTESTED] = "attested"};

	return f->verified ? words[f->trust] : "none";
}

static const struct err *print_json(const struct facts *f)
{
	const struct vm_info *i = &f->info;
	json_t *o = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:b, s:b, s:b, s:b, s:b, s:I, s:I, s:I, "
		"s:f, s:I}",
		"target", f->target.name, "server", f->target.server, "vm", f->target.vm, "uuid",
		f->uuid, "instance", f->instance, "vmm_boot", f->boot, "verified", f->verified,
		"vmm_key", voucher_word(f), "measured", i->is_measured, "bound", f->bound,
		"protected", i->is_protected, "pv", i->is_pv, "paused", i->is_paused, "vcpus",
		(json_int_t)i->vcpus, "ram_bytes", (json_int_t)i->ram_bytes, "pauses",
		(json_int_t)i->pauses, "paused_ms_max", (double)i->paused_ns_max / 1e6,
		"pause_deadline_ms", (json_int_t)i->pause_deadline_ms);

	if (!o || json_dumpf(o, stdout, JSON_INDENT(2)) != 0) {
		json_decref(o);
		return ERR(ERR_SYSTEM, "cannot print JSON");
	}
	putchar('\n');
	json_decref(o);
	return NULL;
}

static const struct err *show(const struct command_target *c)
{
	struct session *s;
	struct facts f;

	TRY(config_load(c->name, &f.target));
	f.target.insecure_unverified |= c->unverified;
	f.target.insecure_unattested |= c->unattested;
	TRY(session_open(&f.target, NULL, 0, &s));
	const struct err *e = gather(s, &f);
	session_close(s);
	TRY(e);
	printable_notice(stderr, "remotetrans", f.notice);
	if (c->json)
		return print_json(&f);
	print_text(&f);
	return NULL;
}

static const struct err *info_run(int argc, char **argv, int *ret_status)
{
	struct command_target target;

	(void)ret_status;
	TRY(command_target_parse("info", argc, argv, &target));
	return show(&target);
}

const struct command info_command = {
	.name = "info",
	.arguments = "[-t TARGET] [--json] [--insecure-unverified] [--insecure-unattested]",
	.summary = "what the VMM states of a VM: identity, protection, size, pauses",
	.details = "Opens a session with the VMM's attested or pinned key and prints its verified "
		   "info record.\n",
	.run = info_run,
};
