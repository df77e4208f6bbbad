/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake_sock - sockets of a fake guest, in tables that tests make. */
#ifndef TESTS_UNIT_KOBJ_FAKE_SOCK_H
#define TESTS_UNIT_KOBJ_FAKE_SOCK_H

#include "tests/unit/kobj/fake_guest.h"

#define FAKE_SOCK_BYTES 1024

/* Members of struct sock and of struct socket. */
void fake_sock_init(struct fake_guest *g);

/* A socket with no owner. */
gva_t fake_sock(struct fake_guest *g, gva_t net, unsigned family, unsigned state);

/* A process has @sock open: it belongs to @uid and has the inode @ino. */
void fake_sock_own(struct fake_guest *g, gva_t sock, uint32_t uid, uint64_t ino);

/* Put @sock first in the chain whose head is at @head; @link: its member in chains. */
void fake_sock_hash(struct fake_guest *g, gva_t head, gva_t sock, enum field_id link);

#endif
