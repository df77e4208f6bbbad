/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The firmware's event log, copied into Xen's memory for the attester in dom0. Layout: TCG PC Client
 * Platform Firmware Profile 1.05, section 10.2. Trust: a log counts only as far as a quote agrees, so
 * what is checked here is where it ends.
 */
#include "efi.h"
#include <xen/init.h>
#include <xen/lib.h>

#include "launch.h"
#include "tcg2.h"
#include "vmm/core/bytes.h"

#define FIRST_EVENT_BYTES 32u /* TCG_PCR_EVENT without its data; their number is its last field */

uint8_t remotetrans_log[RTLAUNCH_LOG_BYTES_MAX];
uint32_t __read_mostly remotetrans_log_bytes;

static const struct tcg2_final_events *__initdata final;
static UINT64 __initdata final_copied; /* of its events are in the log already */

static uint32_t __init digest_bytes(const uint8_t *algorithm)
{
    switch ( algorithm[0] | algorithm[1] << 8 ) /* TPM_ALG_ID: TPM 2.0 part 2, table 9 */
    {
    case 0x0004: return 20; /* SHA-1 */
    case 0x000b: return 32; /* SHA-256 */
    case 0x000c: return 48; /* SHA-384 */
    case 0x000d: return 64; /* SHA-512 */
    case 0x0012: return 32; /* SM3-256 */
    case 0x0027: return 32; /* SHA3-256 */
    case 0x0028: return 48; /* SHA3-384 */
    case 0x0029: return 64; /* SHA3-512 */
    }

    return 0;
}

/* Length of the TCG_PCR_EVENT2 that is @at; 0: it is none that ends within @room bytes. */
static uint32_t __init event_bytes(const uint8_t *at, uint32_t room)
{
    uint32_t used = 12, digests, part;

    if ( room < used )
        return 0;
    for ( digests = bytes_load_le32(at + 8); digests; digests-- )
    {
        if ( room - used < 2 )
            return 0;
        part = digest_bytes(at + used);
        if ( !part || room - used - 2 < part )
            return 0;
        used += 2 + part;
    }
    if ( room - used < 4 )
        return 0;
    part = bytes_load_le32(at + used);

    return room - used - 4 < part ? 0 : used + 4 + part;
}

/* Length of the log whose last event begins at @last; 0: longer than what is kept of one. */
static uint32_t __init log_bytes(const uint8_t *first, const uint8_t *last)
{
    uint32_t used = last - first, part;

    if ( last < first || last - first > RTLAUNCH_LOG_BYTES_MAX - FIRST_EVENT_BYTES )
        return 0;
    if ( used )
    {
        part = event_bytes(last, RTLAUNCH_LOG_BYTES_MAX - used);
        return part ? used + part : 0;
    }
    part = bytes_load_le32(first + FIRST_EVENT_BYTES - 4);

    return part > RTLAUNCH_LOG_BYTES_MAX - FIRST_EVENT_BYTES ? 0 : FIRST_EVENT_BYTES + part;
}

static const void *__init find_final(const EFI_SYSTEM_TABLE *st)
{
    static const EFI_GUID __initconst guid = EFI_TCG2_FINAL_EVENTS_TABLE_GUID;
    UINTN i;

    for ( i = 0; i < st->NumberOfTableEntries; i++ )
        if ( !memcmp(&st->ConfigurationTable[i].VendorGuid, &guid, sizeof(guid)) )
            return st->ConfigurationTable[i].VendorTable;

    return NULL;
}

void __init launch_log_begin(struct tcg2 *tcg2, const EFI_SYSTEM_TABLE *st)
{
    EFI_PHYSICAL_ADDRESS first = 0, last = 0;
    BOOLEAN truncated = false;
    EFI_STATUS status = tcg2->get_event_log(tcg2, TCG2_LOG_TCG_2, &first, &last, &truncated);

    if ( EFI_ERROR(status) )
        PrintErrMesg(L"RemoteTrans: the firmware hands out no event log", status);
    if ( first && !truncated )
        remotetrans_log_bytes = log_bytes((void *)first, (void *)last);
    if ( !remotetrans_log_bytes )
        blexit(L"RemoteTrans: the firmware's event log is not whole, or too long. Reset the machine");
    bytes_copy(remotetrans_log, (void *)first, remotetrans_log_bytes);
    final = find_final(st);
    if ( !final )
        blexit(L"RemoteTrans: the firmware has no table of final events. It needs an update");
    final_copied = final->count;
}

bool __init launch_log_end(void)
{
    const uint8_t *at = final->events;
    UINT64 i;

    for ( i = 0; i < final->count; i++ )
    {
        uint32_t room = RTLAUNCH_LOG_BYTES_MAX - (i < final_copied ? 0 : remotetrans_log_bytes);
        uint32_t part = event_bytes(at, room);

        if ( !part )
            return false;
        if ( i >= final_copied )
        {
            bytes_copy(remotetrans_log + remotetrans_log_bytes, at, part);
            remotetrans_log_bytes += part;
        }
        at += part;
    }

    return true;
}
