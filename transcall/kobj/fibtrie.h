/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fibtrie - the trie of prefixes that a table of IPv4 routes is (net/ipv4/fib_trie.c). */
#ifndef TC_KOBJ_FIBTRIE_H
#define TC_KOBJ_FIBTRIE_H

#include "transcall/kobj/kernel.h"

#define FIBTRIE_DEPTH_MAX 33 /* a node decides on one bit of an address at least */
#define FIBTRIE_KEY_BITS  32u

/* Walk over the nodes of a trie; each comes before its children. */
struct fibtrie_iter {
	struct {
		gva_t children;
		uint32_t count, next;
	} stack[FIBTRIE_DEPTH_MAX + 1]; /* [0]: the trie itself, which has one child */
	unsigned depth;
	uint32_t steps;
};
/* @trie: struct trie, or null: an empty one. */
MUST_CHECK const struct err *fibtrie_init(struct fibtrie_iter *it, const struct kernel *k,
					  gva_t trie);

struct fibtrie_node {
	gva_t at;       /* struct key_vector; null: the end */
	uint32_t key;   /* in host order */
	unsigned bits;  /* that its children differ in; 0: a leaf, which has routes */
	unsigned pos;   /* number of the lowest of those */
	unsigned depth; /* nodes above it */
};
MUST_CHECK const struct err *fibtrie_next(struct fibtrie_iter *it, const struct kernel *k,
					  struct fibtrie_node *ret);

/* How many children of an inner node have as many as they can, and how many are none. */
MUST_CHECK const struct err *fibtrie_children(const struct kernel *k,
					      const struct fibtrie_node *node, uint32_t *ret_full,
					      uint32_t *ret_empty);

/* What looking up addresses took, summed over all CPUs, in the order of /proc/net/fib_triestat. */
#define FIBTRIE_USES 6
/* Return: NULL; ABSENT: this kernel does not count that; FAULT; fatal. */
MUST_CHECK const struct err *fibtrie_uses(const struct kernel *k, gva_t trie,
					  uint32_t ret[static FIBTRIE_USES]);

#endif
