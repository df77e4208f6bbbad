/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tcg2 - the firmware's interface to the TPM: TCG EFI Protocol Specification, family 2.0, revision
 * 1.00, sections 6 (protocol) and 7 (final events). To be included after "efi.h".
 */
#ifndef REMOTETRANS_TCG2_H
#define REMOTETRANS_TCG2_H

#include "vmm/include/rtlaunch.h"

#define EFI_TCG2_PROTOCOL_GUID \
    { 0x607f766c, 0x7455, 0x42be, { 0x93, 0x0b, 0xe4, 0xd7, 0x6d, 0xb2, 0x72, 0x0f } }
#define EFI_TCG2_FINAL_EVENTS_TABLE_GUID \
    { 0x1e2ed096, 0x30e2, 0x4254, { 0xbd, 0x89, 0x86, 0x3b, 0xbe, 0xf8, 0x23, 0x25 } }

#define TCG2_HASH_SHA256 0x2u /* of a bitmap of PCR banks */
#define TCG2_LOG_TCG_2   0x2u /* the crypto-agile format */

struct tcg2_capability {
    UINT8 size_bytes; /* IN: of this structure */
    UINT8 structure_version[2], protocol_version[2];
    UINT32 hash_algorithms;
    UINT32 logs;
    BOOLEAN present;
    UINT16 command_bytes_max, response_bytes_max;
    UINT32 manufacturer;
    UINT32 bank_count;
    UINT32 active_banks;
};

#define TCG2_EVENT_HEADER_BYTES   14u
#define TCG2_EVENT_HEADER_VERSION 1u

/* With room for the longest event that is made here. */
struct __packed tcg2_event {
    UINT32 size_bytes; /* from here to the end of what is used of data */
    UINT32 header_bytes;
    UINT16 header_version;
    UINT32 pcr;
    UINT32 type;
    UINT8 data[RTLAUNCH_KEY_DATA_BYTES];
};

struct tcg2 {
    EFI_STATUS(EFIAPI *get_capability)(struct tcg2 *this, struct tcg2_capability *ret);
    EFI_STATUS(EFIAPI *get_event_log)(struct tcg2 *this, UINT32 format, EFI_PHYSICAL_ADDRESS *first,
                                      EFI_PHYSICAL_ADDRESS *last, BOOLEAN *truncated);
    EFI_STATUS(EFIAPI *hash_log_extend_event)(struct tcg2 *this, UINT64 flags,
                                              EFI_PHYSICAL_ADDRESS bytes, UINT64 len_bytes,
                                              const struct tcg2_event *event);
    EFI_STATUS(EFIAPI *submit_command)(struct tcg2 *this, UINT32 command_bytes,
                                       const UINT8 *command, UINT32 response_bytes,
                                       UINT8 *response);
};

/* Events since somebody first asked for the log; it goes on after boot services have ended. */
struct tcg2_final_events {
    UINT64 version;
    UINT64 count;
    UINT8 events[]; /* TCG_PCR_EVENT2 */
};

#endif /* REMOTETRANS_TCG2_H */
