/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a page's tag costs in vmm/core (or in vmmd, when linked with its own), beside OpenSSL without
 * SIMD instructions, unless OPENSSL_ia32cap says otherwise: interleaved, of one process. Prints one
 * line of JSON, times in ns a page.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "vmm/core/tag.h"

#define ROUNDS          101
#define PAGES           256 /* a round; together they fit a core's second-level cache */
#define VARIABLE        "OPENSSL_ia32cap" /* OPENSSL_ia32cap(3) */
#define NO_INSTRUCTIONS "0:0"

static uint8_t pages[PAGES][RTVMM_FRAME_BYTES];
static uint8_t header[RTVMM_HEADER_BYTES], key[RTVMM_KEY_BYTES];
static EVP_CIPHER_CTX *cipher;

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void tag_by_core(uint64_t counter, const uint8_t *page, uint8_t *ret)
{
	tag_make(key, counter, header, sizeof(header), page, RTVMM_FRAME_BYTES, ret);
}

static void tag_by_openssl(uint64_t counter, const uint8_t *page, uint8_t *ret)
{
	uint8_t nonce[12] = {0}, none[1];
	int n;

	memcpy(nonce + 4, &counter, sizeof(counter));
	if (EVP_EncryptInit_ex(cipher, NULL, NULL, NULL, nonce) != 1 ||
	    EVP_EncryptUpdate(cipher, NULL, &n, header, sizeof(header)) != 1 ||
	    EVP_EncryptUpdate(cipher, NULL, &n, page, RTVMM_FRAME_BYTES) != 1 ||
	    EVP_EncryptFinal_ex(cipher, none, &n) != 1 ||
	    EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, RTVMM_TAG_BYTES, ret) != 1)
		abort();
}

typedef void tagger(uint64_t counter, const uint8_t *page, uint8_t *ret);

/* One round; @ret has RTVMM_TAG_BYTES of each page. */
static double ns_per_page(tagger *tag, uint8_t *ret)
{
	uint64_t started_ns = now_ns();

	for (uint64_t i = 0; i < PAGES; i++)
		tag(i, pages[i], ret + i * RTVMM_TAG_BYTES);
	return (double)(now_ns() - started_ns) / PAGES;
}

static int by_time(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static double median(double times[ROUNDS])
{
	qsort(times, ROUNDS, sizeof(*times), by_time);
	return times[ROUNDS / 2];
}

static void measure(void)
{
	static uint8_t ours[PAGES * RTVMM_TAG_BYTES], theirs[PAGES * RTVMM_TAG_BYTES];
	static double core[ROUNDS], openssl[ROUNDS];
	double core_ns, openssl_ns;

	for (int i = 0; i < ROUNDS; i++) {
		core[i] = ns_per_page(tag_by_core, ours);
		openssl[i] = ns_per_page(tag_by_openssl, theirs);
		if (memcmp(ours, theirs, sizeof(ours)) != 0)
			abort();
	}
	core_ns = median(core);
	openssl_ns = median(openssl);
	printf("{\"what\": \"tag\", \"core_ns\": %.0f, \"core_min_ns\": %.0f, "
	       "\"openssl_no_simd_ns\": %.0f, \"openssl_no_simd_min_ns\": %.0f, \"ratio\": %.2f}\n",
	       core_ns, core[0], openssl_ns, openssl[0], core_ns / openssl_ns);
}

int main(int argc, char **argv)
{
	/* the library looks at it before main() */
	if (!getenv(VARIABLE) && argc > 0) {
		setenv(VARIABLE, NO_INSTRUCTIONS, 1);
		execv("/proc/self/exe", argv);
		return 1;
	}
	for (size_t i = 0; i < sizeof(pages); i++)
		pages[i / RTVMM_FRAME_BYTES][i % RTVMM_FRAME_BYTES] = (uint8_t)(i * 167 >> 3);
	memset(key, 0x5a, sizeof(key));
	cipher = EVP_CIPHER_CTX_new();
	if (!cipher || EVP_EncryptInit_ex(cipher, EVP_chacha20_poly1305(), NULL, key, NULL) != 1)
		return 1;
	measure();
	EVP_CIPHER_CTX_free(cipher);
	return 0;
}
