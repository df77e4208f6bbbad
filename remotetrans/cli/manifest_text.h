/* SPDX-License-Identifier: GPL-2.0-or-later */
/* manifest_text - reference values for people, and for comparing with a TPM's. */
#ifndef RT_CLI_MANIFEST_TEXT_H
#define RT_CLI_MANIFEST_TEXT_H

#include "remotetrans/attest/manifest.h"

/* On standard output: the events of each PCR. */
void manifest_print(const struct manifest *m);

/* The values that PCRs must have: as tpm2_pcrread prints them, or as one JSON object. SYSTEM. */
MUST_CHECK const struct err *manifest_print_values(const struct manifest *m, bool as_json);

#endif
