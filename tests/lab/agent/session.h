/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One client on a port of the agent, and the command that it runs there. */
#ifndef LAB_AGENT_SESSION_H
#define LAB_AGENT_SESSION_H

/*
 * Serve the client of @port until it goes away; a command that still runs is then killed.
 * @port is nonblocking; SIGCHLD is blocked.
 */
void session_serve(int port);

#endif
