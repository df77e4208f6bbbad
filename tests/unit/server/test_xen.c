/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The backend for Xen over a made-up toolstack. */
#ifdef RT_HAVE_XEN
#include <xenctrl.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "remotetrans/server/backend.h"
#include "tests/lib/unit.h"
#include "tests/unit/server/fake_xen.h"
#include "vmm/xen/include/public/remotetrans.h"

#define UUID "75756964-206f-6620-7468-6520564d2e00" /* of fake_host's VM */

static struct vm_config vm;
static struct backend *opened;
static struct vmm_peer peer;

static void begin(const char *domain)
{
	struct fake *vmm = fake_new();

	memset(&xen, 0, sizeof(xen));
	xen.vmm = vmm;
	vm = (struct vm_config){.name = "web1", .backend = "xen"};
	snprintf(vm.domain, sizeof(vm.domain), "%s", domain);
	CHECK_OK(uuid_parse(UUID, vm.uuid));
	opened = NULL;
}

static const struct err *open_vm(void)
{
	struct rtvmm_open_reply reply;

	TRY(vmm_peer_begin(&peer));
	TRY(backend_xen.open(&vm, (const uint8_t *)&peer.request, (uint8_t *)&reply, &opened));
	return vmm_peer_finish(&peer, &reply);
}

/* Nothing stays open. */
static void end(void)
{
	if (opened)
		backend_xen.close(opened);
	CU_ASSERT_EQUAL(xen.buffers, 0);
	CU_ASSERT_EQUAL(xen.handles, 0);
	fake_free(xen.vmm);
}

static void check_refused(const char *domain, const char *says)
{
	const struct err *e;

	xen.handles = xen.buffers = 0;
	snprintf(vm.domain, sizeof(vm.domain), "%s", domain);
	e = open_vm();
	CHECK_ERR(e, ERR_PEER);
	if (e && !strstr(e->message, says))
		CU_FAIL("another message");
}

TEST(xen, finds_the_domain_by_uuid_name_and_number)
{
	static const char *const ways[] = {"", UUID, "web1", "7"};

	for (unsigned i = 0; i < 4; i++) {
		begin(ways[i]);
		CHECK_OK(open_vm());
		end();
	}
}

TEST(xen, refuses_a_domain_that_is_not_the_vm)
{
	begin("");
	check_refused("6", "another UUID");
	check_refused("web2", "no running domain has the name");
	check_refused("Domain-0", "another UUID");
	check_refused("00000000-0000-0000-0000-000000000001",
		      "no running domain has the VM's UUID");
	vm.uuid[1] ^= 1;
	check_refused("", "no running domain has the VM's UUID");
	xen.store_error = EACCES;
	check_refused("web1", "xenstore");
	xen.store_denied = true;
	check_refused("web1", "cannot ask xenstore");
	CU_ASSERT_EQUAL(xen.calls, 0);
	end();
}

/* Flask leaves out of the list what is not for us to see: whether it is there, the hypercall says. */
TEST(xen, takes_a_number_that_the_list_leaves_out)
{
	begin("7");
	xen.guest_hidden = true;
	CHECK_OK(open_vm());
	end();
}

/* In a RemoteTrans VM nobody says which domain has which UUID. */
TEST(xen, takes_a_number_where_the_toolstack_cannot_be_asked)
{
	begin("");
	xen.list_error = EPERM;
	check_refused("", "must be a number");
	snprintf(vm.domain, sizeof(vm.domain), "%d", GUEST);
	CHECK_OK(open_vm());
	end();
}

TEST(xen, says_what_is_missing)
{
	begin("");
	xen.open_error = ENOENT;
	check_refused("", "/dev/xen/privcmd");
	xen.open_error = 0;
	xen.call_error = ENOSYS;
	check_refused("", "lacks the hypercall");
	xen.call_error = EPERM;
	check_refused("", "remotetransd(8)");
	end();
}

static void check_types(const struct records *r, const uint64_t *frames)
{
	for (size_t i = 0; i < r->count; i++) {
		struct rtvmm_record record;
		size_t len;

		memcpy(&record, records_at(r, i, &len), sizeof(record));
		CU_ASSERT_EQUAL(record.header.subject, frames[i]);
		CU_ASSERT_EQUAL(record.header.type,
				frames[i] < FAKE_FRAMES ? RTVMM_RECORD_PAGE : RTVMM_RECORD_NOT_RAM);
	}
}

TEST(xen, carries_requests_and_records)
{
	struct rtvmm_request r;
	uint64_t frames[RTVMM_READ_FRAMES_MAX];
	struct backend_request request = {.op = RTVMM_OP_READ, .frames = frames};
	struct records records = {0};
	struct rtvmm_record record;
	size_t len;

	begin("");
	CHECK_OK(open_vm());
	r = vmm_peer_request(&peer, RTVMM_OP_READ);
	request.challenge = r.challenge;
	request.count = RTVMM_READ_FRAMES_MAX;
	for (unsigned i = 0; i < RTVMM_READ_FRAMES_MAX; i++)
		frames[i] = i % 20;
	CHECK_OK(backend_xen.ask(opened, &request, &records));
	CU_ASSERT_EQUAL_FATAL(records.count, RTVMM_READ_FRAMES_MAX);
	check_types(&records, frames);
	memcpy(&record, records_at(&records, 0, &len), sizeof(record));
	CHECK_OK(vmm_peer_verify(&peer, &r, RTVMM_RECORD_PAGE, 0, &record,
				 records_at(&records, 0, &len) + sizeof(record)));
	request =
		(struct backend_request){.op = RTVMM_OP_VCPU, .challenge = r.challenge, .count = 1};
	CHECK_OK(backend_xen.ask(opened, &request, &records)); /* behind the others */
	CU_ASSERT_EQUAL(records.count, RTVMM_READ_FRAMES_MAX + 1);
	records_deinit(&records);
	end();
}

TEST(xen, passes_the_vmms_refusals_on)
{
	static const int errors[] = {EBUSY, ESRCH, ENOENT, ETIME, EPERM};
	struct backend_request request = {.op = RTVMM_OP_INFO};
	struct records records = {0};

	begin("");
	CHECK_OK(open_vm());
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		xen.call_error = errors[i];
		CHECK_ERR(backend_xen.ask(opened, &request, &records), ERR_PEER);
		CU_ASSERT_EQUAL(opened->status, errors[i]);
		CU_ASSERT_EQUAL(records.count, 0);
	}
	CU_ASSERT_EQUAL(RTVMM_EBUSY, EBUSY);
	CU_ASSERT_EQUAL(RTVMM_ENOVM, ESRCH);
	CU_ASSERT_EQUAL(RTVMM_ENOSESSION, ENOENT);
	CU_ASSERT_EQUAL(RTVMM_ETIME, ETIME);
	xen.call_error = 0;
	CHECK_OK(backend_xen.ask(opened, &request, &records));
	CU_ASSERT_EQUAL(opened->status, 0);
	records_deinit(&records);
	end();
}

static void too_many_bytes(struct xen_remotetrans *arg, uint8_t *out)
{
	(void)out;
	arg->written = arg->out_bytes + 1;
}

static void one_byte_less(struct xen_remotetrans *arg, uint8_t *out)
{
	(void)out;
	arg->written--;
}

static void one_byte_more(struct xen_remotetrans *arg, uint8_t *out)
{
	(void)out;
	arg->written++;
}

static void another_count(struct xen_remotetrans *arg, uint8_t *out)
{
	(void)out;
	arg->done++;
}

static void another_length(struct xen_remotetrans *arg, uint8_t *out)
{
	(void)arg;
	out[12] ^= 1; /* payload_bytes of the header */
}

TEST(xen, takes_no_answer_that_is_none)
{
	static void (*const spoils[])(struct xen_remotetrans * arg, uint8_t * out) = {
		too_many_bytes, one_byte_less, one_byte_more, another_count, another_length};
	uint64_t frames[] = {1, 2};
	struct backend_request request = {.op = RTVMM_OP_READ, .frames = frames, .count = 2};
	struct records records = {0};

	begin("");
	CHECK_OK(open_vm());
	for (size_t i = 0; i < sizeof(spoils) / sizeof(spoils[0]); i++) {
		xen.spoil = spoils[i];
		CHECK_ERR(backend_xen.ask(opened, &request, &records), ERR_PROTO);
		CU_ASSERT_EQUAL(records.count, 0);
		CU_ASSERT_EQUAL(records.used_bytes, 0);
	}
	backend_xen.close(opened);
	opened = NULL;
	xen.spoil = one_byte_less; /* of the reply to OPEN */
	CHECK_ERR(open_vm(), ERR_PROTO);
	records_deinit(&records);
	end();
}

TEST(xen, ends_its_session)
{
	begin("");
	CHECK_OK(open_vm());
	CU_ASSERT_EQUAL(xen.calls, 2); /* OPEN, INFO */
	end();
	CU_ASSERT_EQUAL(xen.calls, 3);
}

TEST(xen, maps_frames_of_its_one_domain)
{
	struct foreign *f;

	begin("");
	CHECK_OK(open_vm());
	f = backend_xen.memory(opened)->foreign;
	CU_ASSERT_EQUAL(f->max_frame, FAKE_FRAMES - 1);
	f->max_frame = 1000;
	CHECK_OK(f->ops->enter(f));
	CU_ASSERT_EQUAL(xen.limited_to, GUEST);
	CU_ASSERT_PTR_NOT_NULL(foreign_frame(f, gfn(FAKE_FRAMES - 1)));
	CU_ASSERT_PTR_NULL(foreign_frame(f, gfn(FAKE_FRAMES)));
	CU_ASSERT_EQUAL(xen.mapped, 1);
	CU_ASSERT_PTR_NULL(foreign_frame(f, gfn(100))); /* nothing there: nothing kept mapped */
	CU_ASSERT_EQUAL(xen.mapped, 1);
	xen.map_fails = true;
	CU_ASSERT_PTR_NULL(foreign_frame(f, gfn(200)));
	foreign_release(f);
	CU_ASSERT_EQUAL(xen.mapped, 0);
	xen.restrict_error = ENOTTY;
	CHECK_ERR(f->ops->enter(f),
		  ERR_SYSTEM); /* an old kernel: no walk, rather than a free one */
	end();
}

TEST(xen, hands_out_the_log_of_its_start)
{
	static uint8_t log[1000];
	size_t len_bytes = 7;

	begin("");
	CHECK_ERR(backend_xen_event_log(log, sizeof(log), &len_bytes), ERR_PEER); /* none */
	xen.log_bytes = sizeof(log) + 1;
	CHECK_ERR(backend_xen_event_log(log, sizeof(log), &len_bytes), ERR_PEER);
	CU_ASSERT_TRUE(len_bytes == 7 && log[1] == 0);
	xen.log_bytes = sizeof(log);
	CHECK_OK(backend_event_log(log, sizeof(log), &len_bytes));
	CU_ASSERT_TRUE(len_bytes == sizeof(log) && log[999] == (uint8_t)999);
	end();
}

TEST(xen, grants)
{
	begin("");
	CHECK_OK(backend_grant("3=7"));
	CHECK_ERR(backend_grant("3=8"), ERR_PEER);
	end();
}
#else
typedef int no_xen; /* in this build */
#endif
