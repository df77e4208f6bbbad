/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The frames between the lab's client on the host and its agent in the guest, over a virtio-serial
 * port or, with console.c between, a Xen guest's console.
 *
 * A port is a byte stream that outlives both its users, so a reader first looks for the magic
 * number, and every frame names the session that it belongs to: what an earlier client left in the
 * stream is skipped.
 */
#ifndef LAB_AGENT_FRAME_H
#define LAB_AGENT_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_MAGIC      0x524c4142u /* "RLAB" */
#define FRAME_HEADER_LEN 16u
#define FRAME_DATA_MAX   (32u * 1024u)        /* of IN, OUT and ERR */
#define FRAME_LEN_MAX    (2u * 1024u * 1024u) /* of RUN: more than execve accepts */

enum frame_type {
	FRAME_HELLO = 1, /* to guest: end what ran on this port; answered by READY */
	FRAME_READY,     /* to host; of session 0: the agent has opened the port */
	FRAME_RUN,       /* to guest: the arguments, each ended by NUL */
	FRAME_IN,        /* to guest: standard input; empty = end of file */
	FRAME_OUT,       /* to host: standard output */
	FRAME_ERR,       /* to host: standard error */
	FRAME_EXIT,      /* to host: wait status, 4 bytes */
	FRAME_BYE, /* to guest, of any session: the client is gone; where the port cannot tell */
};

struct frame {
	uint32_t session;
	uint32_t type;
	uint32_t len;
	const uint8_t *data; /* borrowed from the reader, until its next frame_next() */
};

/* A growing window on a byte stream. */
struct frame_reader {
	uint8_t *bytes;
	size_t start, end, size;
};

uint32_t frame_get32(const uint8_t *at);
void frame_put32(uint8_t *at, uint32_t value);

/* Write a frame's header to @at, which has room for FRAME_HEADER_LEN bytes. */
void frame_header(uint8_t *at, uint32_t session, uint32_t type, uint32_t len);

/* Whether the FRAME_HEADER_LEN bytes at @at can be a frame's header. */
bool frame_header_is_sane(const uint8_t *at);

/* Room for at least @len more bytes; *@room is how many there are. NULL when memory is out. */
uint8_t *frame_reader_room(struct frame_reader *reader, size_t len, size_t *room);

/* @len bytes were put where frame_reader_room() said. */
void frame_reader_added(struct frame_reader *reader, size_t len);

/* The next whole frame; false when more bytes are needed. */
bool frame_next(struct frame_reader *reader, struct frame *ret);

#endif
