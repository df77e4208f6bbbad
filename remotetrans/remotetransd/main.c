/* SPDX-License-Identifier: GPL-2.0-or-later */
/* remotetransd - serves tagged guest memory to authenticated clients. It runs in the foreground. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "remotetrans/base/printable.h"
#include "remotetrans/base/process.h"
#include "remotetrans/server/backend.h"
#include "remotetrans/server/listen.h"

#define DEFAULT_CONFIG "/etc/remotetrans/remotetransd.conf"

static void usage(FILE *to)
{
	fputs("usage: remotetransd [--config FILE] [--check]\n"
	      "       remotetransd --xen-grant SERVER-DOMID=GUEST-DOMID\n"
	      "Serve guest memory, tagged by the VMM, to monitoring hosts.\n\n"
	      "  -c, --config FILE  configuration, default " DEFAULT_CONFIG "\n"
	      "      --check        read the configuration, say what is wrong, and exit\n"
	      "      --xen-grant SERVER-DOMID=GUEST-DOMID\n"
	      "                     let the first domain of Xen read the second, and exit\n"
	      "  -h, --help         this text\n\n"
	      "Man pages: remotetransd(8), remotetransd.conf(5)\n",
	      to);
}

static int fail(const struct err *e)
{
	printable_error(stderr, "remotetransd", e);
	return ERR_EXIT_CODE;
}

struct options {
	const char *config;
	const char *grant; /* NULL: serve */
	int check_only;
};

/* False: exit with *@ret_status. */
static bool parse_options(int argc, char **argv, struct options *ret, int *ret_status)
{
	const struct option options[] = {{"config", required_argument, NULL, 'c'},
					 {"check", no_argument, &ret->check_only, 1},
					 {"xen-grant", required_argument, NULL, 'g'},
					 {"help", no_argument, NULL, 'h'},
					 {NULL, 0, NULL, 0}};
	int option;

	*ret = (struct options){.config = DEFAULT_CONFIG};
	while ((option = getopt_long(argc, argv, "c:h", options, NULL)) != -1) {
		if (option == 'c')
			ret->config = optarg;
		if (option == 'g')
			ret->grant = optarg;
		if (option == 'h' || option == '?') {
			usage(option == 'h' ? stdout : stderr);
			*ret_status = option == 'h' ? EXIT_SUCCESS : 2;
			return false;
		}
	}
	if (optind == argc)
		return true;
	usage(stderr);
	*ret_status = 2;
	return false;
}

static const struct err *serve(const struct options *options)
{
	struct server_config config = {0};
	const struct err *e = server_config_read(options->config, &config);

	if (!e && !options->check_only)
		e = listen_run(&config);
	server_config_deinit(&config);
	return e;
}

int main(int argc, char **argv)
{
	struct options options;
	int status;

	if (!parse_options(argc, argv, &options, &status))
		return status;
	const struct err *e = process_harden();
	if (!e)
		e = options.grant ? backend_grant(options.grant) : serve(&options);
	return e ? fail(e) : EXIT_SUCCESS;
}
