/* SPDX-License-Identifier: GPL-2.0-or-later */
/* OpenSSL's objects, freed at the end of a scope: FREED_BY(T, T_free) once, then AUTO(T) *t = ...;
 */
#ifndef RT_ATTEST_OPENSSL_SCOPE_H
#define RT_ATTEST_OPENSSL_SCOPE_H

#include "remotetrans/base/scope.h"

#define FREED_BY(type, function)                                                                   \
	static inline void scope_##type(type **slot)                                               \
	{                                                                                          \
		function(*slot);                                                                   \
	}
#define AUTO(type) CLEANUP(scope_##type) type

/* with tpm_format.h */
#define AUTO_PUBLIC CLEANUP(tpm_public_deinit) struct tpm_public

#endif
