/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/crypto (crypto/proc.c, and the show functions of each type). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>
#include <string.h>

#include "transcall/kobj/kallsyms.h"
#include "transcall/kobj/list.h"
#include "transcall/kobj/module.h"
#include "transcall/proc/view.h"

#define NAME_BYTES 128 /* CRYPTO_MAX_ALG_NAME */
#define LINES_MAX  8

/* crypto_alg.cra_flags, include/linux/crypto.h */
#define ALG_TYPE_MASK     0x0fu
#define ALG_TYPE_CIPHER   0x01u
#define ALG_TYPE_COMPRESS 0x02u
#define ALG_LARVAL        0x10u
#define ALG_ASYNC         0x80u
#define ALG_TESTED        0x400u
#define ALG_INTERNAL      0x2000u
#define ALG_FIPS_INTERNAL 0x20000u

enum line_kind { LINE_END, LINE_NUMBER, LINE_ASYNC, LINE_BLOCKSIZE, LINE_GENIV };

/* What the show function of a type prints, and the algorithm's place in the type's structure. */
struct shower {
	const char *function, *type;
	enum field_id base; /* FIELD_COUNT: it is not needed */
	struct {
		enum line_kind kind;
		const char *label;
		enum field_id id;
	} lines[LINES_MAX];
};

#define NUMBER(label, id)                                                                          \
	{                                                                                          \
		LINE_NUMBER, label, F_##id                                                         \
	}
#define ASYNC                                                                                      \
	{                                                                                          \
		LINE_ASYNC, "async        ", 0                                                     \
	}
#define BLOCKSIZE                                                                                  \
	{                                                                                          \
		LINE_BLOCKSIZE, "blocksize    ", 0                                                 \
	}

static const struct shower showers[] = {
	{"crypto_skcipher_show",
	 "skcipher",
	 F_skcipher_alg_base,
	 {ASYNC, BLOCKSIZE, NUMBER("min keysize  ", skcipher_alg_min_keysize),
	  NUMBER("max keysize  ", skcipher_alg_max_keysize),
	  NUMBER("ivsize       ", skcipher_alg_ivsize),
	  NUMBER("chunksize    ", skcipher_alg_chunksize),
	  NUMBER("walksize     ", skcipher_alg_walksize),
	  NUMBER("statesize    ", skcipher_alg_statesize)}},
	{"crypto_lskcipher_show",
	 "lskcipher",
	 F_lskcipher_alg_base,
	 {BLOCKSIZE, NUMBER("min keysize  ", lskcipher_alg_min_keysize),
	  NUMBER("max keysize  ", lskcipher_alg_max_keysize),
	  NUMBER("ivsize       ", lskcipher_alg_ivsize),
	  NUMBER("chunksize    ", lskcipher_alg_chunksize),
	  NUMBER("statesize    ", lskcipher_alg_statesize)}},
	{"crypto_shash_show",
	 "shash",
	 F_shash_alg_base,
	 {BLOCKSIZE, NUMBER("digestsize   ", shash_alg_digestsize)}},
	{"crypto_ahash_show",
	 "ahash",
	 F_hash_alg_common_base,
	 {ASYNC, BLOCKSIZE, NUMBER("digestsize   ", hash_alg_common_digestsize)}},
	{"crypto_aead_show",
	 "aead",
	 F_aead_alg_base,
	 {ASYNC,
	  BLOCKSIZE,
	  NUMBER("ivsize       ", aead_alg_ivsize),
	  NUMBER("maxauthsize  ", aead_alg_maxauthsize),
	  {LINE_GENIV, "geniv        ", 0}}},
	{"crypto_rng_show", "rng", F_rng_alg_base, {NUMBER("seedsize     ", rng_alg_seedsize)}},
	{"crypto_akcipher_show", "akcipher", FIELD_COUNT, {{LINE_END, NULL, 0}}},
	{"crypto_sig_show", "sig", FIELD_COUNT, {{LINE_END, NULL, 0}}},
	{"crypto_kpp_show", "kpp", FIELD_COUNT, {{LINE_END, NULL, 0}}},
	{"crypto_scomp_show", "scomp", FIELD_COUNT, {{LINE_END, NULL, 0}}},
	{"crypto_acomp_show", "acomp", FIELD_COUNT, {{LINE_END, NULL, 0}}},
};

struct alg {
	const struct kernel *k;
	gva_t at;
	uint64_t flags, blocksize;
	FILE *out;
};

/* A member that this kernel does not have is not shown by it either. */
static const struct err *number_print(const struct alg *a, gva_t object, const char *label,
				      enum field_id id)
{
	uint64_t v;

	if (!profile_has(a->k->profile, id))
		return NULL;
	TRY(kfield_uint(a->k, object, id, &v));
	fprintf(a->out, "%s: %" PRIu64 "\n", label, v);
	return NULL;
}

static const struct err *type_print(const struct alg *a, const struct shower *s)
{
	gva_t object = a->at;

	if (s->base != FIELD_COUNT && !profile_has(a->k->profile, s->base))
		return ERR(ERR_FAULT, "algorithms of type %s are a module's", s->type);
	if (s->base != FIELD_COUNT)
		object = kfield_container(a->k, a->at, s->base);
	fprintf(a->out, "type         : %s\n", s->type);
	for (unsigned i = 0; i < LINES_MAX && s->lines[i].kind != LINE_END; i++) {
		const char *label = s->lines[i].label;

		if (s->lines[i].kind == LINE_NUMBER)
			TRY(number_print(a, object, label, s->lines[i].id));
		else if (s->lines[i].kind == LINE_ASYNC)
			fprintf(a->out, "%s: %s\n", label, a->flags & ALG_ASYNC ? "yes" : "no");
		else if (s->lines[i].kind == LINE_BLOCKSIZE)
			fprintf(a->out, "%s: %" PRIu64 "\n", label, a->blocksize);
		else
			fprintf(a->out, "%s: <none>\n", label);
	}
	return NULL;
}

/* Of a type that has no show function. */
static const struct err *plain_print(const struct alg *a)
{
	unsigned type = a->flags & ALG_TYPE_MASK;

	if (type == ALG_TYPE_CIPHER) {
		fprintf(a->out, "type         : cipher\nblocksize    : %" PRIu64 "\n",
			a->blocksize);
		TRY(number_print(a, a->at, "min keysize  ", F_crypto_alg_min_keysize));
		return number_print(a, a->at, "max keysize  ", F_crypto_alg_max_keysize);
	}
	fprintf(a->out, "type         : %s\n",
		type == ALG_TYPE_COMPRESS ? "compression" : "unknown");
	return NULL;
}

static const struct err *details_print(const struct alg *a)
{
	char function[KALLSYMS_NAME_BYTES];
	gva_t type, show = {0};

	if (a->flags & ALG_LARVAL) {
		fprintf(a->out, "type         : larval\nflags        : 0x%" PRIx64 "\n", a->flags);
		return NULL;
	}
	TRY(kfield_ptr(a->k, a->at, F_crypto_alg_type, &type));
	if (!gva_is_null(type))
		TRY(kfield_ptr(a->k, type, F_crypto_type_show, &show));
	if (gva_is_null(show))
		return plain_print(a);
	TRY(kallsyms_name(a->k, show, function, sizeof(function)));
	for (size_t i = 0; i < sizeof(showers) / sizeof(showers[0]); i++)
		if (strcmp(showers[i].function, function) == 0)
			return type_print(a, &showers[i]);
	return ERR(ERR_FAULT, "what %.64s() shows is not rebuilt", function);
}

static const struct err *names_print(const struct alg *a)
{
	char name[NAME_BYTES], driver[NAME_BYTES], module_name[MODULE_NAME_BYTES] = "kernel";
	gva_t module;

	TRY(kfield_str(a->k, a->at, F_crypto_alg_name, name, sizeof(name)));
	TRY(kfield_str(a->k, a->at, F_crypto_alg_driver_name, driver, sizeof(driver)));
	TRY(kfield_ptr(a->k, a->at, F_crypto_alg_module, &module));
	if (!gva_is_null(module))
		TRY(kfield_str(a->k, module, F_module_name, module_name, sizeof(module_name)));
	fprintf(a->out, "name         : %s\ndriver       : %s\nmodule       : %s\n", name, driver,
		module_name);
	return NULL;
}

/* Shown in FIPS mode, since 5.18. */
static const struct err *fips_print(const struct alg *a)
{
	gva_t at = kernel_symbol(a->k, S_fips_enabled);
	uint32_t enabled = 0;

	if (!gva_is_null(at))
		TRY(kread_u32(a->k, at, &enabled));
	if (enabled)
		fprintf(a->out, "fips         : %s\n", a->flags & ALG_FIPS_INTERNAL ? "no" : "yes");
	return NULL;
}

static const struct err *alg_print(struct alg *a)
{
	uint64_t refcnt;
	int64_t priority;

	TRY(kfield_uint(a->k, a->at, F_crypto_alg_flags, &a->flags));
	TRY(kfield_uint(a->k, a->at, F_crypto_alg_blocksize, &a->blocksize));
	TRY(kfield_int(a->k, a->at, F_crypto_alg_priority, &priority));
	TRY(kfield_uint(a->k, a->at, F_crypto_alg_refcnt, &refcnt));
	TRY(names_print(a));
	fprintf(a->out, "priority     : %" PRId64 "\nrefcnt       : %" PRIu64 "\n", priority,
		refcnt);
	fprintf(a->out, "selftest     : %s\n", a->flags & ALG_TESTED ? "passed" : "unknown");
	fprintf(a->out, "internal     : %s\n", a->flags & ALG_INTERNAL ? "yes" : "no");
	TRY(fips_print(a));
	TRY(details_print(a));
	fputc('\n', a->out);
	return NULL;
}

const struct err *root_crypto(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct alg a = {.k = view->kernel, .out = out};
	struct list_iter it;
	gva_t link;

	(void)node;
	if (gva_is_null(kernel_symbol(a.k, S_crypto_alg_list)))
		return ERR(ERR_ABSENT, "the guest's kernel has no algorithms");
	TRY(list_init(&it, a.k, kernel_symbol(a.k, S_crypto_alg_list)));
	for (;;) {
		long start = ftell(out);
		const struct err *e = list_next(&it, a.k, &link);

		if (!e && gva_is_null(link))
			return NULL;
		a.at = kfield_container(a.k, link, F_crypto_alg_list);
		TRY(view_pass_line(view, out, start, e ? e : alg_print(&a)));
	}
}
