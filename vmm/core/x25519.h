/* SPDX-License-Identifier: MIT */
/* x25519 - Diffie-Hellman on Curve25519 (RFC 7748), constant time. */
#ifndef VMM_CORE_X25519_H
#define VMM_CORE_X25519_H

#include "vmm/core/types.h"

#define X25519_BYTES 32

/**
 * x25519() - scalar multiplication of the point with u-coordinate @point
 * @scalar: clamped here, as RFC 7748 section 5 says
 * @point:  attacker-controlled; every value is accepted, as the RFC requires
 *
 * Return: false when the result is all-zero (a point of small order): refuse the peer.
 */
bool x25519(const uint8_t scalar[X25519_BYTES], const uint8_t point[X25519_BYTES],
	    uint8_t ret[X25519_BYTES]);

/* The public key of @scalar: its multiple of the base point. */
void x25519_public(const uint8_t scalar[X25519_BYTES], uint8_t ret[X25519_BYTES]);

#endif
