/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One port of the agent and the command that its client runs there. */
#ifndef LAB_AGENT_SESSION_H
#define LAB_AGENT_SESSION_H

#include "command.h"
#include "frame.h"

struct session {
	int port;
	uint32_t id;
	struct frame_reader reader;
	struct command command;
	bool exited; /* the command has ended with @wait_status; EXIT is not yet sent */
	int wait_status;
	bool in_ended;              /* the client's end of file was seen */
	uint8_t in[FRAME_DATA_MAX]; /* standard input that the command has not yet taken */
	size_t in_start, in_end;
	uint8_t out[FRAME_HEADER_LEN +
		    FRAME_DATA_MAX]; /* one frame that the port has not yet taken */
	size_t out_start, out_end;
	int epoll;
};

/* @port and @epoll are borrowed; every event on them calls for session_step(). */
void session_init(struct session *session, int port, int epoll);

/* Move whatever can be moved without waiting. */
void session_step(struct session *session);

/* Process @pid has ended: note it if it is this session's command. */
void session_reaped(struct session *session, pid_t pid, int wait_status);

#endif
