/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loggers of netfilter. Input: attacker-controlled. */
#include "transcall/kobj/nflog.h"

#define POINTER_BYTES 8u
#define TYPES_MAX     8u

unsigned nflog_families(const struct kernel *k)
{
	return k->profile->fields[F_net_nf_loggers].size_bytes / POINTER_BYTES;
}

unsigned nflog_types(const struct kernel *k)
{
	int64_t types = k->profile->enumerators[E_NF_LOG_TYPE_MAX].value;

	return types < 0 || types > TYPES_MAX ? 0 : (unsigned)types;
}

static const struct err *name_read(const struct kernel *k, gva_t pointer,
				   char ret[static NFLOG_NAME_BYTES])
{
	gva_t logger, name;

	*ret = 0;
	TRY(kread_ptr(k, pointer, &logger));
	if (gva_is_null(logger))
		return NULL;
	TRY(kfield_ptr(k, logger, F_nf_logger_name, &name));
	return kread_str(k, name, ret, NFLOG_NAME_BYTES);
}

const struct err *nflog_used(const struct kernel *k, gva_t net, unsigned family,
			     char ret[static NFLOG_NAME_BYTES])
{
	gva_t loggers = kfield_at(k, net, F_net_nf_loggers);

	if (family >= nflog_families(k))
		return ERR(ERR_ABSENT, "no protocol family %u", family);
	return name_read(k, gva_add(loggers, (uint64_t)POINTER_BYTES * family), ret);
}

const struct err *nflog_registered(const struct kernel *k, unsigned family, unsigned type,
				   char ret[static NFLOG_NAME_BYTES])
{
	uint64_t index = (uint64_t)family * nflog_types(k) + type;

	return name_read(k, gva_add(kernel_symbol(k, S_loggers), POINTER_BYTES * index), ret);
}
