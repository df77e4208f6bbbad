/* SPDX-License-Identifier: MIT */
/*
 * rtvmm.h - the interface of the RemoteTrans VMM core.
 *
 * One ABI for two carriers: the Xen hypercall, and the unix socket of vmmd that stands in for it
 * beside QEMU/KVM. All integers are little-endian, all structures have fixed layout, explicit
 * padding is zero and is checked (-RTVMM_EINVAL otherwise).
 *
 * Trust: the caller is untrusted. Whatever it passes may be hostile; whatever it receives it may
 * alter on its way to the verifying client. Only the tag of a record carries trust: it is made
 * with a key that the VMM shares with one client session and with nobody else.
 *
 * Version rule: RTVMM_VERSION changes whenever the meaning or layout of anything below changes;
 * both sides refuse a version that is not theirs. It is part of every tagged header.
 */
#ifndef RTVMM_H
#define RTVMM_H

#ifndef RTVMM_NO_STDINT /* the hypervisor brings its own */
#include <stdint.h>
#endif

#define RTVMM_VERSION         2
#define RTVMM_FRAME_BYTES     4096
#define RTVMM_READ_FRAMES_MAX 256  /* frames in one READ */
#define RTVMM_VCPUS_MAX       128
#define RTVMM_SESSIONS_MAX    256  /* per caller; one more ends the one that it has not used for longest */
#define RTVMM_KEY_BYTES       32
#define RTVMM_ID_BYTES        16
#define RTVMM_CHALLENGE_BYTES 32
#define RTVMM_TAG_BYTES       16

/* Error values, returned negated. */
#define RTVMM_EINVAL    22  /* malformed request */
#define RTVMM_ENOSESSION 2  /* no such session, or it belongs to another caller */
#define RTVMM_ENOVM      3  /* no such VM, or its instance changed: open a new session */
#define RTVMM_EBUSY     16  /* pause budget used up, or another snapshot is running */
#define RTVMM_ENOSPC    28  /* too many callers have sessions on this VM (hypercall only) */
#define RTVMM_EFAULT    14  /* caller's buffer not accessible (hypercall only) */
#define RTVMM_EIO        5  /* the VM's registers or memory could not be read */
#define RTVMM_ETIME     62  /* SNAPSHOT_END: no such snapshot any more; the VM ran in between */
#define RTVMM_EVERSION  71  /* RTVMM_VERSION differs */
#define RTVMM_EKEY     126  /* the shared secret is all-zero */

/*
 * Session handshake, in the shape of Noise NK. V is the VMM's static X25519 key, e_c the client's
 * and e_v the VMM's ephemeral one for this session.
 *
 *   transcript = SHA-256("RemoteTrans handshake 1" || rtvmm_open.request || rtvmm_open.reply up to
 *                and excluding its confirm field)
 *   ikm        = X25519(e_c, V) || X25519(e_c, e_v)           (64 bytes; all-zero halves refused)
 *   key        = HKDF-SHA256(salt = V, ikm, info = transcript || session (u64), 32 bytes)
 *
 * where the label is 23 bytes without a NUL, the structures are hashed as they lie in memory and
 * session is 8 bytes little-endian. The confirmation is the tag of a RTVMM_RECORD_CONFIRM record:
 * payload empty, the client's challenge of the open request, counter 0, subject, generation and
 * taken_ns 0. The session's first other record has counter 1.
 */
struct rtvmm_open_request {
	/* IN */
	uint32_t version; /* RTVMM_VERSION */
	uint32_t flags;   /* zero */
	uint8_t client_ephemeral[RTVMM_KEY_BYTES];
	uint8_t challenge[RTVMM_CHALLENGE_BYTES]; /* fresh, from the client */
};

struct rtvmm_open_reply {
	/* OUT */
	uint32_t version;
	uint32_t flags; /* zero */
	uint8_t vmm_static[RTVMM_KEY_BYTES]; /* V: the client compares it with its pinned key */
	uint8_t vmm_ephemeral[RTVMM_KEY_BYTES];
	uint8_t boot_id[RTVMM_ID_BYTES];     /* drawn when the VMM started */
	uint8_t instance_id[RTVMM_ID_BYTES]; /* drawn when this VM was created or reset */
	uint8_t uuid[RTVMM_ID_BYTES];        /* the toolstack's claim */
	uint64_t session;                    /* never repeats within a boot of the VMM */
	uint8_t confirm[RTVMM_TAG_BYTES];
};

/* What a tag covers: this header, then payload_bytes of payload. 160 bytes, no holes. */
#define RTVMM_HEADER_BYTES 160
#define RTVMM_MAGIC        0x564d5452u /* "RTMV" */

enum rtvmm_record_type {
	RTVMM_RECORD_CONFIRM = 1, /* payload empty */
	RTVMM_RECORD_PAGE = 2,    /* payload: the 4096 bytes of frame `subject` */
	RTVMM_RECORD_NOT_RAM = 3, /* payload empty: frame `subject` is not RAM of this VM */
	RTVMM_RECORD_VCPU = 4,    /* payload: struct rtvmm_vcpu of vCPU number `subject` */
	RTVMM_RECORD_INFO = 5,    /* payload: struct rtvmm_info */
	RTVMM_RECORD_SNAPSHOT = 6, /* payload: struct rtvmm_snapshot */
};

struct rtvmm_header {
	uint32_t magic;         /* RTVMM_MAGIC */
	uint32_t version;       /* RTVMM_VERSION */
	uint32_t type;          /* enum rtvmm_record_type */
	uint32_t payload_bytes;
	uint8_t instance_id[RTVMM_ID_BYTES];
	uint8_t uuid[RTVMM_ID_BYTES];
	uint8_t boot_id[RTVMM_ID_BYTES];
	uint64_t session;
	uint64_t counter;       /* nonce; consumed before the copy, never given back */
	uint8_t challenge[RTVMM_CHALLENGE_BYTES]; /* the client's, of this request */
	uint64_t subject;       /* frame number, vCPU number, or 0 */
	uint64_t generation;    /* pause generation: 0 while the VM runs, else the snapshot's number */
	uint64_t taken_ns;      /* VMM's monotonic clock when the record was taken */
	uint8_t zero[24];
};

/*
 * Tag: ChaCha20-Poly1305 (RFC 8439 section 2.8) under the session key, empty plaintext,
 * associated data = header || payload, nonce = 0x00000000 || counter (u64, little-endian).
 */

struct rtvmm_info {
	uint32_t vcpus;
	uint32_t flags;         /* RTVMM_INFO_* */
	uint64_t max_frame;     /* highest RAM frame number */
	uint64_t ram_bytes;
	uint64_t pauses;        /* snapshots taken of this instance */
	uint64_t paused_ns_max; /* longest pause so far */
	uint32_t pause_deadline_ms;
	uint32_t address_width; /* physical address bits of the guest */
};
#define RTVMM_INFO_PROTECTED 1u /* a policy keeps the toolstack from mapping or re-contexting it */
#define RTVMM_INFO_PV        2u /* frames are machine frames (Xen PV) */
#define RTVMM_INFO_PAUSED    4u /* paused by somebody else than the VMM core */
#define RTVMM_INFO_MEASURED  8u /* V was measured into a TPM when the VMM started (rtlaunch.h) */

/* Registers of one vCPU; SDM volume 3 names. 256 bytes. */
struct rtvmm_vcpu {
	uint64_t cr0, cr2, cr3, cr4;
	uint64_t efer;
	uint64_t idtr_base, gdtr_base;
	uint32_t idtr_limit, gdtr_limit;
	uint64_t fs_base, gs_base, kernel_gs_base;
	uint64_t lstar;
	uint64_t rip, rsp, rflags;
	uint32_t cpl;
	uint32_t flags;          /* RTVMM_VCPU_* */
	uint64_t tsc;            /* guest TSC at the moment the record was taken */
	uint64_t tsc_khz;        /* 0 when the VMM does not know */
	uint64_t kvm_system_time_msr; /* MSR 0x4b564d01, 0 when absent */
	uint64_t kvm_wall_clock_msr;  /* MSR 0x4b564d00, 0 when absent */
	uint64_t clock_ns;       /* VM clock (QEMU_CLOCK_VIRTUAL or Xen system time) */
	uint64_t hpet_counter;   /* main counter, valid with RTVMM_VCPU_HPET */
	uint32_t acpi_pm_timer;  /* 24 or 32 bit counter, valid with RTVMM_VCPU_ACPI_PM */
	uint32_t zero32;
	uint64_t event_callback;   /* PV: registered event callback address, else 0 */
	uint64_t syscall_callback; /* PV: registered syscall callback address, else 0 */
	uint64_t zero[7];
};
#define RTVMM_VCPU_ONLINE  1u /* started: not waiting for its first SIPI */
#define RTVMM_VCPU_LSTAR   2u /* lstar is valid */
#define RTVMM_VCPU_KGS     4u /* kernel_gs_base is valid */
#define RTVMM_VCPU_TSC     8u /* tsc is valid */
#define RTVMM_VCPU_HPET   16u
#define RTVMM_VCPU_ACPI_PM 32u
#define RTVMM_VCPU_HALTED 64u

/* Begin and end of a pause. The end record is made while the VM is still paused, so two equal
 * generations in a begin and an end record prove that the VM did not run between them. */
struct rtvmm_snapshot {
	uint32_t event;       /* RTVMM_SNAPSHOT_BEGIN or _END */
	uint32_t deadline_ms; /* granted: the VM resumes by itself after this */
	uint64_t started_ns;  /* VMM's monotonic clock */
	uint64_t paused_ns;   /* END: how long; else 0 */
	uint64_t zero;
};
#define RTVMM_SNAPSHOT_BEGIN 1
#define RTVMM_SNAPSHOT_END   2

/* Requests after the session is open. */
enum rtvmm_op {
	RTVMM_OP_OPEN = 1,
	RTVMM_OP_CLOSE = 2,
	RTVMM_OP_READ = 3,
	RTVMM_OP_VCPU = 4,
	RTVMM_OP_INFO = 5,
	RTVMM_OP_SNAPSHOT_BEGIN = 6,
	RTVMM_OP_SNAPSHOT_END = 7,
};

struct rtvmm_request {
	/* IN */
	uint32_t version; /* RTVMM_VERSION */
	uint32_t op;      /* enum rtvmm_op */
	uint64_t session; /* 0 for OPEN */
	uint8_t challenge[RTVMM_CHALLENGE_BYTES];
	uint32_t count;       /* READ: frames that follow; VCPU: vCPU number; else 0 */
	uint32_t deadline_ms; /* SNAPSHOT_BEGIN: wanted, 0 = default; else 0 */
};

/* One answered record: header, tag, then payload_bytes of payload. */
struct rtvmm_record {
	/* OUT */
	struct rtvmm_header header;
	uint8_t tag[RTVMM_TAG_BYTES];
};

_Static_assert(sizeof(struct rtvmm_header) == RTVMM_HEADER_BYTES, "header layout");
_Static_assert(sizeof(struct rtvmm_vcpu) == 256, "vcpu layout");
_Static_assert(sizeof(struct rtvmm_info) == 48, "info layout");
_Static_assert(sizeof(struct rtvmm_snapshot) == 32, "snapshot layout");
_Static_assert(sizeof(struct rtvmm_request) == 56, "request layout");
_Static_assert(sizeof(struct rtvmm_open_request) == 72, "open request layout");
_Static_assert(sizeof(struct rtvmm_open_reply) == 144, "open reply layout");

/*
 * vmmd's socket (SOCK_STREAM, unix): every request is a struct rtvmm_request followed by
 *   OPEN: struct rtvmm_open_request (its challenge equals the request's)
 *   READ: count frame numbers, u64 each
 * and every answer is an int32_t result (0 or negated error), a uint32_t count of records, then
 *   OPEN: struct rtvmm_open_reply (count 1)
 *   READ: count records, in the order asked; each PAGE or NOT_RAM
 *   VCPU, INFO, SNAPSHOT_*: one record
 *   CLOSE: nothing (count 0)
 * Answers come in the order of the requests, which need not wait for each other's answers: then a
 * READ within a pause copies its frames at once, and its answer comes when there is time for tags.
 * A malformed request (EINVAL or EVERSION by its head alone) is answered and the connection closed,
 * because where the next one begins is unknown. An answer with an error carries no records.
 * A connection is one caller: closing it closes its sessions and ends its snapshot.
 */

#endif
