/* SPDX-License-Identifier: GPL-2.0-or-later */
/* revocation - a certificate authority's list of certificates that count no more. */
#ifndef RT_CLI_REVOCATION_H
#define RT_CLI_REVOCATION_H

#include <stddef.h>

#include "remotetrans/cli/certificate.h"

/**
 * revocation_update() - write FOLDER/NAME.crl anew, in one step
 * @name:    of the authority, whose certificate and key @ca are
 * @revoked: certificates to add to those that the list has; NULL: none
 * @days:    from now; after that the list, and with it every certificate, is refused
 *
 * Return: NULL; USAGE: not of this authority, or it may sign no lists; SYSTEM.
 */
MUST_CHECK const struct err *revocation_update(const struct certificate *ca, const char *folder,
					       const char *name, X509 *revoked, unsigned days);

#endif
