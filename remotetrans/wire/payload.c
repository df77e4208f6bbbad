/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Payloads of VMM records. Input: attacker-controlled. */
#include "remotetrans/wire/record.h"

static const struct err *read_zeros(struct buf_reader *r, size_t len_bytes)
{
	const uint8_t *bytes;

	TRY(buf_read_view(r, len_bytes, &bytes));
	for (size_t i = 0; i < len_bytes; i++)
		if (bytes[i])
			return ERR(ERR_PROTO, "reserved bytes of a record are not zero");
	return NULL;
}

static const struct err *write_zeros(struct buf_writer *w, size_t len_bytes)
{
	static const uint8_t zeros[64];

	return buf_write_bytes(w, zeros, len_bytes);
}

/* --- struct rtvmm_vcpu, member by member ------------------------------------------------- */

/* Q: u64 member of struct vcpu; D: u32 member; LIMITS: descriptor table limits, unused by us;
 * FLAGS: the bools; ZERO(n): reserved. */
/* clang-format off */
#define VCPU_LAYOUT(Q, D, LIMITS, FLAGS, ZERO)                                                     \
	Q(cr0) Q(cr2) Q(cr3) Q(cr4) Q(efer) Q(idtr_base) Q(gdtr_base) LIMITS                       \
	Q(fs_base) Q(gs_base) Q(kernel_gs_base) Q(lstar) Q(rip) Q(rsp) Q(rflags) D(cpl) FLAGS      \
	Q(tsc) Q(tsc_khz) Q(kvm_system_time_msr) Q(kvm_wall_clock_msr) Q(clock_ns)                 \
	Q(hpet_counter) D(acpi_pm_timer) ZERO(4) Q(event_callback) Q(syscall_callback) ZERO(56)
/* clang-format on */

static void vcpu_set_flags(struct vcpu *v, uint32_t flags)
{
	v->online = flags & RTVMM_VCPU_ONLINE;
	v->halted = flags & RTVMM_VCPU_HALTED;
	v->has_lstar = flags & RTVMM_VCPU_LSTAR;
	v->has_kernel_gs_base = flags & RTVMM_VCPU_KGS;
	v->has_tsc = flags & RTVMM_VCPU_TSC;
	v->has_hpet = flags & RTVMM_VCPU_HPET;
	v->has_acpi_pm = flags & RTVMM_VCPU_ACPI_PM;
}

static uint32_t vcpu_flags(const struct vcpu *v)
{
	return (v->online ? RTVMM_VCPU_ONLINE : 0) | (v->halted ? RTVMM_VCPU_HALTED : 0) |
	       (v->has_lstar ? RTVMM_VCPU_LSTAR : 0) |
	       (v->has_kernel_gs_base ? RTVMM_VCPU_KGS : 0) | (v->has_tsc ? RTVMM_VCPU_TSC : 0) |
	       (v->has_hpet ? RTVMM_VCPU_HPET : 0) | (v->has_acpi_pm ? RTVMM_VCPU_ACPI_PM : 0);
}

const struct err *record_vcpu_decode(const struct record *rec, struct vcpu *ret)
{
	struct buf_reader r = buf_reader_over(rec->payload, rec->payload_bytes);
	struct vcpu v = {0};
	uint32_t flags = 0;

#define READ_64(member)  TRY(buf_read_u64(&r, &v.member));
#define READ_32(member)  TRY(buf_read_u32(&r, &v.member));
#define READ_ZERO(bytes) TRY(read_zeros(&r, bytes));
	VCPU_LAYOUT(READ_64, READ_32, TRY(buf_skip(&r, 8));, TRY(buf_read_u32(&r, &flags));
		    , READ_ZERO)
	TRY(buf_reader_end(&r));
	vcpu_set_flags(&v, flags);
	*ret = v;
	return NULL;
}

const struct err *record_vcpu_encode(const struct vcpu *v, struct buf_writer *w)
{
#define WRITE_64(member)  TRY(buf_write_u64(w, v->member));
#define WRITE_32(member)  TRY(buf_write_u32(w, v->member));
#define WRITE_ZERO(bytes) TRY(write_zeros(w, bytes));
	VCPU_LAYOUT(WRITE_64, WRITE_32, TRY(write_zeros(w, 8));
		    , TRY(buf_write_u32(w, vcpu_flags(v)));, WRITE_ZERO)
	return NULL;
}

/* --- struct rtvmm_info, struct rtvmm_snapshot -------------------------------------------- */

const struct err *record_info_decode(const struct record *rec, struct vm_info *ret)
{
	struct buf_reader r = buf_reader_over(rec->payload, rec->payload_bytes);
	struct vm_info i = {0};
	uint32_t flags;

	TRY(buf_read_u32(&r, &i.vcpus));
	TRY(buf_read_u32(&r, &flags));
	TRY(buf_read_u64(&r, &i.max_frame));
	TRY(buf_read_u64(&r, &i.ram_bytes));
	TRY(buf_read_u64(&r, &i.pauses));
	TRY(buf_read_u64(&r, &i.paused_ns_max));
	TRY(buf_read_u32(&r, &i.pause_deadline_ms));
	TRY(buf_read_u32(&r, &i.address_width));
	TRY(buf_reader_end(&r));
	if (!i.vcpus || i.vcpus > VCPUS_MAX)
		return ERR(ERR_PROTO, "the VM has %u vCPUs; 1 to %d are supported", i.vcpus,
			   VCPUS_MAX);
	i.is_protected = flags & RTVMM_INFO_PROTECTED;
	i.is_pv = flags & RTVMM_INFO_PV;
	i.is_paused = flags & RTVMM_INFO_PAUSED;
	i.is_measured = flags & RTVMM_INFO_MEASURED;
	*ret = i;
	return NULL;
}

const struct err *record_info_encode(const struct vm_info *i, struct buf_writer *w)
{
	TRY(buf_write_u32(w, i->vcpus));
	TRY(buf_write_u32(w, (i->is_protected ? RTVMM_INFO_PROTECTED : 0) |
				     (i->is_pv ? RTVMM_INFO_PV : 0) |
				     (i->is_paused ? RTVMM_INFO_PAUSED : 0) |
				     (i->is_measured ? RTVMM_INFO_MEASURED : 0)));
	TRY(buf_write_u64(w, i->max_frame));
	TRY(buf_write_u64(w, i->ram_bytes));
	TRY(buf_write_u64(w, i->pauses));
	TRY(buf_write_u64(w, i->paused_ns_max));
	TRY(buf_write_u32(w, i->pause_deadline_ms));
	return buf_write_u32(w, i->address_width);
}

const struct err *record_snapshot_decode(const struct record *rec, struct snapshot_event *ret)
{
	struct buf_reader r = buf_reader_over(rec->payload, rec->payload_bytes);
	struct snapshot_event s;

	TRY(buf_read_u32(&r, &s.event));
	TRY(buf_read_u32(&r, &s.deadline_ms));
	TRY(buf_read_u64(&r, &s.started_ns));
	TRY(buf_read_u64(&r, &s.paused_ns));
	TRY(read_zeros(&r, 8));
	TRY(buf_reader_end(&r));
	*ret = s;
	return NULL;
}

const struct err *record_snapshot_encode(const struct snapshot_event *s, struct buf_writer *w)
{
	TRY(buf_write_u32(w, s->event));
	TRY(buf_write_u32(w, s->deadline_ms));
	TRY(buf_write_u64(w, s->started_ns));
	TRY(buf_write_u64(w, s->paused_ns));
	return write_zeros(w, 8);
}
