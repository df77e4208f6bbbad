/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * place - the user's own folder for the sockets of keepers. A socket is there only while its keeper
 * waits for a tool.
 */
#ifndef TC_FRONT_PLACE_H
#define TC_FRONT_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#define PLACE_BYTES 108 /* of sockaddr_un.sun_path */

/**
 * place_folder() - $XDG_RUNTIME_DIR/transcall, else /run/user/UID/transcall, else
 * /tmp/transcall-UID; made when missing
 *
 * Return: false: there is none that is the user's alone.
 */
bool place_folder(char ret[static PLACE_BYTES]);

/* Connect to the socket at @path; -1: nobody waits there, or it is another user. */
int place_connect(const char *path);

/* Tell the keepers that wait to end. */
void place_end_all(void);

#endif
