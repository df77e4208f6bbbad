/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is in RAM survives a reset, and the next who boots could read it: let the firmware clear it first
 * (TCG PC Client Platform Reset Attack Mitigation Specification 1.10). No domain can take that
 * back, because the hypervisor makes no runtime calls for any.
 */
#include "efi.h"
#include <xen/init.h>

#include "launch.h"

#define MEMORY_ONLY_RESET_CONTROL_GUID \
    { 0xe20939be, 0x32d4, 0x41be, { 0xa1, 0x50, 0x89, 0x7f, 0x85, 0xd4, 0x98, 0x29 } }
#define CLEAR_MEMORY 1

void __init launch_clear_at_reset(void)
{
    static EFI_GUID __initdata guid = MEMORY_ONLY_RESET_CONTROL_GUID;
    static CHAR16 __initdata name[] = L"MemoryOverwriteRequestControl";
    UINTN size_bytes = 1;
    UINT8 value;

    /* Firmware that knows of it has it. */
    if ( EFI_ERROR(efi_rs->GetVariable(name, &guid, NULL, &size_bytes, &value)) )
        return;
    value |= CLEAR_MEMORY;
    efi_rs->SetVariable(name, &guid,
                        EFI_VARIABLE_NON_VOLATILE | EFI_VARIABLE_BOOTSERVICE_ACCESS |
                            EFI_VARIABLE_RUNTIME_ACCESS,
                        size_bytes, &value);
}
