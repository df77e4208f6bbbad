/* SPDX-License-Identifier: GPL-2.0-or-later */
/* remotetrans keygen - a small certificate authority for remotetransd and its clients. */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "remotetrans/base/scope.h"
#include "remotetrans/cli/certificate.h"
#include "remotetrans/cli/command.h"
#include "remotetrans/cli/revocation.h"

#define CA_NAME      "ca"
#define NAME_MAX_LEN 64u /* X.520 ub-common-name */
#define DAYS_DEFAULT 365u
#define DAYS_MAX     7300u

struct keygen {
	const char *folder;
	unsigned days;
	struct certificate ca;
};

static const struct err *open_ca(struct keygen *k)
{
	struct certificate_request request = {.common_name = "RemoteTrans CA",
					      .days = DAYS_MAX / 2};
	const struct err *e = certificate_read(&k->ca, k->folder, CA_NAME);

	if (!e || e->kind != ERR_ABSENT)
		return e;
	TRY(certificate_make(&request, NULL, &k->ca));
	TRY(certificate_write(&k->ca, k->folder, CA_NAME));
	printf("%s/%s.pem: new certificate authority; keep %s.key offline\n", k->folder, CA_NAME,
	       CA_NAME);
	return NULL;
}

static bool name_usable(const char *name)
{
	size_t len = strlen(name);

	return len && len <= NAME_MAX_LEN && name[0] != '.' && !strpbrk(name, "/, \t\n") &&
	       strcmp(name, CA_NAME) != 0;
}

static const struct err *make(struct keygen *k, const char *name, const char *alternatives,
			      const char *usage)
{
	struct certificate_request request = {.common_name = name,
					      .alternative_names = alternatives,
					      .usage = usage,
					      .days = k->days};
	struct certificate c = {0};

	if (!name_usable(name))
		return ERR(ERR_USAGE,
			   "unusable name '%.80s': at most %u characters, none of them a space, a "
			   "comma "
			   "or a slash, not beginning with a dot, and not '" CA_NAME "'",
			   name, NAME_MAX_LEN);
	const struct err *e = certificate_make(&request, &k->ca, &c);
	if (!e)
		e = certificate_write(&c, k->folder, name);
	certificate_deinit(&c);
	TRY(e);
	printf("%s/%s.pem and .key: %s, valid %u days\n", k->folder, name, usage, k->days);
	return NULL;
}

static bool is_address(const char *name)
{
	uint8_t address[16];

	return inet_pton(AF_INET, name, address) == 1 || inet_pton(AF_INET6, name, address) == 1;
}

static const struct err *make_server(struct keygen *k, const char *host)
{
	char alternatives[80];

	if (!name_usable(host))
		return ERR(ERR_USAGE, "unusable server name '%.80s'", host);
	snprintf(alternatives, sizeof(alternatives), "%s:%s", is_address(host) ? "IP" : "DNS",
		 host);
	return make(k, host, alternatives, "serverAuth");
}

static const struct err *update_list(struct keygen *k, X509 *revoked)
{
	TRY(revocation_update(&k->ca, k->folder, CA_NAME, revoked, k->days));
	printf("%s/%s.crl: client_crl= of remotetransd.conf, to be renewed within %u days\n",
	       k->folder, CA_NAME, k->days);
	return NULL;
}

static const struct err *revoke_one(struct keygen *k, const char *name)
{
	X509 *x;

	if (!name_usable(name))
		return ERR(ERR_USAGE, "unusable name '%.80s'", name);
	TRY(certificate_read_public(&x, k->folder, name));
	const struct err *e = update_list(k, x);
	X509_free(x);
	TRY(e);
	printf("%s/%s.pem: revoked, where that list is in use\n", k->folder, name);
	return NULL;
}

static const struct option options[] = {{"server", required_argument, NULL, 's'},
					{"client", required_argument, NULL, 'c'},
					{"revoke", required_argument, NULL, 'r'},
					{"crl", no_argument, NULL, 'l'},
					{"days", required_argument, NULL, 'd'},
					{NULL, 0, NULL, 0}};

/* First pass: everything but the certificates. */
static const struct err *read_options(int argc, char **argv, struct keygen *k)
{
	int option;

	opterr = 0;
	optind = 0;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == '?')
			return command_misused("keygen",
					       "unknown option, or one without its value");
		if (option == 'd')
			TRY(command_number("keygen", "days", optarg, 1, DAYS_MAX, &k->days));
	}
	if (argc - optind != 1)
		return command_misused("keygen", "one FOLDER is needed");
	k->folder = argv[optind];
	if (mkdir(k->folder, 0700) != 0 && errno != EEXIST)
		return ERR_ERRNO(ERR_USAGE, errno, "cannot create %.300s", k->folder);
	return NULL;
}

static const struct err *make_all(int argc, char **argv, struct keygen *k)
{
	int option;

	TRY(open_ca(k));
	optind = 0;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 's')
			TRY(make_server(k, optarg));
		if (option == 'c')
			TRY(make(k, optarg, NULL, "clientAuth"));
		if (option == 'r')
			TRY(revoke_one(k, optarg));
		if (option == 'l')
			TRY(update_list(k, NULL));
	}
	return NULL;
}

static const struct err *keygen_run(int argc, char **argv, int *ret_status)
{
	struct keygen k = {.days = DAYS_DEFAULT};

	(void)ret_status;
	const struct err *e = read_options(argc, argv, &k);
	if (!e)
		e = make_all(argc, argv, &k);
	certificate_deinit(&k.ca);
	return e;
}

const struct command keygen_command = {
	.name = "keygen",
	.arguments = "FOLDER [--server HOST]... [--client NAME]... [--revoke NAME]... [--crl] "
		     "[--days N]",
	.summary = "certificates for remotetransd and its clients",
	.details = "Makes a certificate authority in FOLDER (ca.pem, ca.key) unless one is there, "
		   "and\n"
		   "signs with it HOST.pem for a server and NAME.pem for a client, each with its "
		   ".key\n"
		   "(mode 0600). None of them is ever overwritten. The VMM's own key is not made "
		   "here:\n"
		   "vmmd and Xen draw theirs when they start.\n\n"
		   "--revoke adds NAME.pem to the list of revoked certificates, FOLDER/ca.crl; --crl "
		   "makes\n"
		   "or renews that list as it is. Copy it to where client_crl= of remotetransd.conf "
		   "says.\n",
	.run = keygen_run,
};
