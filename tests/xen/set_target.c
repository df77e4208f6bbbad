// SPDX-License-Identifier: GPL-2.0-or-later
/* set_target DOMID TARGET - give a RemoteTrans VM its guest, once for as long as both live. xl has no command for it. */
#include <stdio.h>
#include <stdlib.h>

#include <xenctrl.h>

int main(int argc, char *argv[])
{
	xc_interface *xc = xc_interface_open(NULL, NULL, 0);

	if (argc != 3 || !xc) {
		fprintf(stderr, "usage: set_target DOMID TARGET (in dom0)\n");
		return 2;
	}
	if (xc_domain_set_target(xc, (uint32_t)strtoul(argv[1], NULL, 0), (uint32_t)strtoul(argv[2], NULL, 0))) {
		perror("set_target");
		return 1;
	}
	return 0;
}
