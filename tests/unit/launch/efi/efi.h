/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efi.h - what files of vmm/xen take from Xen's EFI headers (UEFI specification 2.10, sections 2.3
 * and 4.3), so that they build into a test.
 */
#ifndef TESTS_UNIT_LAUNCH_EFI_H
#define TESTS_UNIT_LAUNCH_EFI_H

#include <stddef.h>

#include "vmm/core/types.h"

#define EFIAPI   __attribute__((ms_abi))
#define __packed __attribute__((packed))

typedef uint8_t UINT8, BOOLEAN;
typedef uint16_t UINT16;
typedef uint32_t UINT32;
typedef uint64_t UINT64, UINTN, EFI_STATUS, EFI_PHYSICAL_ADDRESS;
typedef wchar_t CHAR16;

#define EFI_ERROR(status) ((status) >> 63)

typedef struct {
	UINT32 data1;
	UINT16 data2, data3;
	UINT8 data4[8];
} EFI_GUID;

typedef struct {
	EFI_GUID VendorGuid;
	void *VendorTable;
} EFI_CONFIGURATION_TABLE;

typedef struct _EFI_SYSTEM_TABLE {
	UINTN NumberOfTableEntries;
	EFI_CONFIGURATION_TABLE *ConfigurationTable;
} EFI_SYSTEM_TABLE;

/* Both end the boot; tests define them. */
_Noreturn void blexit(const CHAR16 *message);
_Noreturn void PrintErrMesg(const CHAR16 *message, EFI_STATUS status);

#endif
