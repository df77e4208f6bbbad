/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The measured launch: parts, key and separator go into RTLAUNCH_PCR as rtlaunch.h says, through
 * the firmware's TCG2 protocol. Runs on the firmware's stack, at physical addresses, with one CPU.
 * Trust: the firmware and its TPM, which a verifier judges by the other PCRs.
 */
#include "efi.h"
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/remotetrans-launch.h>
#include <asm/processor.h>
#include <asm/system.h>

#include "launch.h"
#include "tcg2.h"
#include "vmm/core/bytes.h"
#include "vmm/core/sha256.h"
#include "vmm/core/x25519.h"

#define RDRAND_TRIES     10 /* Intel's software implementation guide for RDRAND, section 5.2.1 */
#define RDRAND_WORDS     8
#define CPUID_1_ECX_RAND (1u << 30)
#define TPM_RANDOM_BYTES 32
#define TPM_HEADER_BYTES 10 /* TPM 2.0 part 1, section 18: tag, size, code */

#define NO_TPM L"RemoteTrans: the firmware offers no TPM 2.0. Switch it on in the firmware's setup, or " \
               L"start the image 'xen' by a boot loader: such a host cannot be attested"

bool __ro_after_init remotetrans_launched;
uint8_t __initdata remotetrans_launch_secret[RTVMM_KEY_BYTES];
static uint8_t __initdata key_data[RTLAUNCH_KEY_DATA_BYTES] = RTLAUNCH_KEY_LABEL;
static struct tcg2 *__initdata tcg2;

static void __init find_tpm(const EFI_BOOT_SERVICES *bs)
{
    static EFI_GUID __initdata guid = EFI_TCG2_PROTOCOL_GUID;
    struct tcg2_capability can = { .size_bytes = sizeof(can) };
    EFI_STATUS status = bs->LocateProtocol(&guid, NULL, (void **)&tcg2);

    if ( !EFI_ERROR(status) )
        status = tcg2->get_capability(tcg2, &can);
    if ( EFI_ERROR(status) )
        PrintErrMesg(NO_TPM, status);
    if ( !can.present )
        blexit(NO_TPM);
    if ( !(can.active_banks & TCG2_HASH_SHA256) )
        blexit(L"RemoteTrans: the TPM's SHA-256 bank is off. Switch it on in the firmware's setup");
    if ( !(can.logs & TCG2_LOG_TCG_2) )
        blexit(L"RemoteTrans: the firmware keeps no crypto-agile event log. It needs an update");
}

/* An event of @type: the hash of what is @at, said to be @data. */
static void __init measure(uint32_t type, const void *at, UINTN len_bytes, const void *data,
                           uint32_t data_bytes)
{
    static struct tcg2_event __initdata event = {
        .header_bytes = TCG2_EVENT_HEADER_BYTES,
        .header_version = TCG2_EVENT_HEADER_VERSION,
        .pcr = RTLAUNCH_PCR,
    };
    EFI_STATUS status;

    event.size_bytes = offsetof(struct tcg2_event, data) + data_bytes;
    event.type = type;
    bytes_copy(event.data, data, data_bytes);
    status = tcg2->hash_log_extend_event(tcg2, 0, (UINTN)at, len_bytes, &event);
    if ( EFI_ERROR(status) )
        PrintErrMesg(L"RemoteTrans: the TPM takes no measurement. Reset the machine, or clear the TPM",
                     status);
}

static bool __init measure_part(const EFI_LOADED_IMAGE *image, const CHAR16 *section,
                                const char *name)
{
    UINTN len_bytes;
    const void *at = pe_find_section(image->ImageBase, image->ImageSize, section, &len_bytes);

    if ( at )
        measure(RTLAUNCH_EVENT, at, len_bytes, name, strlen(name));

    return at;
}

void __init remotetrans_launch_parts(const EFI_BOOT_SERVICES *bs, const EFI_LOADED_IMAGE *image)
{
    find_tpm(bs);
    if ( !measure_part(image, L"config", "config") || !measure_part(image, L"kernel", "kernel") )
        blexit(L"RemoteTrans: this image lacks configuration or kernel. vmm/launch/image puts them in");
    measure_part(image, L"ramdisk", "ramdisk");
}

/* False: none comes, or what comes is stuck (some CPUs have given all ones). */
static bool __init cpu_random(uint64_t ret[RDRAND_WORDS])
{
    unsigned int i, tries;
    bool came;

    if ( !(cpuid_ecx(1) & CPUID_1_ECX_RAND) )
        return false;
    for ( i = 0; i < RDRAND_WORDS; i++ )
    {
        for ( came = false, tries = 0; !came && tries < RDRAND_TRIES; tries++ )
            asm volatile ( "rdrand %0; setc %1" : "=r" (ret[i]), "=qm" (came) :: "cc" );
        if ( !came || !ret[i] || !~ret[i] || (i && ret[i] == ret[i - 1]) )
            return false;
    }

    return true;
}

/* TPM2_GetRandom: TPM 2.0 part 3, section 16.1. */
static bool __init tpm_random(uint8_t ret[TPM_RANDOM_BYTES])
{
    static const uint8_t __initconst command[] = {
        0x80, 0x01, 0, 0, 0, 12, 0, 0, 0x01, 0x7b, 0, TPM_RANDOM_BYTES
    };
    static const uint8_t __initconst good[] = {
        0x80, 0x01, 0, 0, 0, TPM_HEADER_BYTES + 2 + TPM_RANDOM_BYTES, 0, 0, 0, 0, 0, TPM_RANDOM_BYTES
    };
    uint8_t response[sizeof(good) + TPM_RANDOM_BYTES] = {};
    EFI_STATUS status = tcg2->submit_command(tcg2, sizeof(command), command, sizeof(response),
                                             response);

    bytes_copy(ret, response + sizeof(good), TPM_RANDOM_BYTES);
    bytes_wipe(response + sizeof(good), TPM_RANDOM_BYTES);

    return !EFI_ERROR(status) && bytes_equal(response, good, sizeof(good));
}

/* Neither source alone decides: a TPM can be replaced, and its bus be listened to. */
static bool __init noinline draw(uint8_t tpm[TPM_RANDOM_BYTES])
{
    static const char __initconst label[] = "RemoteTrans VMM secret 1";
    uint64_t cpu[RDRAND_WORDS];
    struct sha256 hash;
    bool drawn = cpu_random(cpu);

    sha256_init(&hash);
    sha256_update(&hash, label, sizeof(label) - 1);
    sha256_update(&hash, cpu, sizeof(cpu));
    sha256_update(&hash, tpm, TPM_RANDOM_BYTES);
    sha256_final(&hash, remotetrans_launch_secret);
    bytes_wipe(cpu, sizeof(cpu));
    bytes_wipe(tpm, TPM_RANDOM_BYTES);
    x25519_public(remotetrans_launch_secret, key_data + RTLAUNCH_KEY_LABEL_BYTES);

    return drawn;
}

/* What has been calculated left parts of itself on the stack, which becomes ordinary RAM. */
static void __init noinline wipe_stack(void)
{
    uint8_t below[8192];

    bytes_wipe(below, sizeof(below));
}

static void __init draw_key(void)
{
    uint8_t tpm[TPM_RANDOM_BYTES];
    unsigned long flags;
    bool drawn;

    if ( !tpm_random(tpm) )
        blexit(L"RemoteTrans: the TPM gives no random bytes (TPM2_GetRandom)");
    /* Nor may an interrupt save registers where nobody wipes them. */
    local_irq_save(flags);
    drawn = draw(tpm);
    wipe_stack();
    local_irq_restore(flags);
    if ( !drawn )
        blexit(L"RemoteTrans: this CPU has no RDRAND, or it is stuck. Update firmware and microcode");
}

void __init remotetrans_launch_key(const EFI_SYSTEM_TABLE *st)
{
    static const uint8_t __initconst zeros[4];

    launch_clear_at_reset();
    draw_key();
    measure(RTLAUNCH_EVENT, key_data, sizeof(key_data), key_data, sizeof(key_data));
    measure(RTLAUNCH_SEPARATOR, zeros, sizeof(zeros), zeros, sizeof(zeros));
    launch_log_begin(tcg2, st);
}

void __init remotetrans_launch_end(void)
{
    remotetrans_launched = launch_log_end();
}

void __init remotetrans_launch_abandon(void)
{
    bytes_wipe(remotetrans_launch_secret, sizeof(remotetrans_launch_secret));
}
