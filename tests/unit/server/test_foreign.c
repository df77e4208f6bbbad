/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames that lie in no file: kept mappings, the walk's child that makes them, and what a process
 * of remotetransd may do where a VM has such. */
#include "remotetrans/base/confine.h"
#include "remotetrans/base/process.h"
#include "remotetrans/server/confinement.h"
#include "remotetrans/server/memory.h"
#include "remotetrans/server/vmm_request.h"
#include "remotetrans/server/walk_shared.h"
#include "tests/lib/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHUNK_BYTES (FOREIGN_CHUNK_FRAMES * FRAME_BYTES)
#define MAP_IOCTL   _IOC(_IOC_NONE, 'P', 4, 32) /* of no driver here */

/* A guest whose frame n has RAM when n is even and below 64 Ki; @pages stands for each chunk. */
struct fake {
	struct foreign foreign; /* first */
	unsigned maps, unmaps;
	int fd; /* what enter() opened */
};

static uint8_t pages[CHUNK_BYTES];

static const struct err *fake_enter(struct foreign *f)
{
	struct fake *k = (struct fake *)f;

	k->fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	return k->fd < 0 ? ERR(ERR_SYSTEM, "/dev/zero") : NULL;
}

static const uint8_t *fake_map(struct foreign *f, uint64_t first, uint64_t *ret_there)
{
	struct fake *k = (struct fake *)f;

	k->maps++;
	CU_ASSERT_EQUAL(first % FOREIGN_CHUNK_FRAMES, 0);
	*ret_there = UINT64_C(0x5555555555555555);
	return first < 65536 ? pages : NULL;
}

static void fake_unmap(struct foreign *f, const uint8_t *at)
{
	CU_ASSERT_PTR_EQUAL(at, pages);
	((struct fake *)f)->unmaps++;
}

static const struct foreign_ops fake_ops = {
	.enter = fake_enter, .map = fake_map, .unmap = fake_unmap, .map_ioctl = MAP_IOCTL};

static struct fake *fake_new(void)
{
	struct fake *k = calloc(1, sizeof(*k));

	CU_ASSERT_PTR_NOT_NULL_FATAL(k);
	k->foreign.ops = &fake_ops;
	k->foreign.max_frame = UINT64_C(1) << 40;
	return k;
}

TEST(foreign, maps_a_chunk_once_and_knows_what_is_ram)
{
	struct fake *k = fake_new();
	struct memory m = {.foreign = &k->foreign};

	for (unsigned i = 0; i < FOREIGN_CHUNK_FRAMES; i++)
		CU_ASSERT_PTR_EQUAL(memory_frame(&m, gfn(640 + i)),
				    i % 2 ? NULL : pages + i * FRAME_BYTES);
	CU_ASSERT_EQUAL(k->maps, 1);
	CU_ASSERT_PTR_NULL(memory_frame(&m, gfn(70000))); /* no RAM in its chunk: known, too */
	CU_ASSERT_PTR_NULL(memory_frame(&m, gfn(70002)));
	CU_ASSERT_EQUAL(k->maps, 2);
	CU_ASSERT_PTR_NULL(memory_frame(&m, gfn(k->foreign.max_frame + 1)));
	CU_ASSERT_PTR_NULL(memory_frame(&m, gfn(UINT64_MAX)));
	CU_ASSERT_EQUAL(k->maps, 2);
	CU_ASSERT_EQUAL(memory_max_frame(&m), k->foreign.max_frame);
	foreign_release(&k->foreign);
	CU_ASSERT_EQUAL(k->unmaps, 1);
	CU_ASSERT_PTR_NOT_NULL(memory_frame(&m, gfn(640)));
	CU_ASSERT_EQUAL(k->maps, 3);
	foreign_release(&k->foreign);
	foreign_release(&k->foreign);
	CU_ASSERT_EQUAL(k->unmaps, 2);
	free(k);
}

/* Chunks that hash alike, and more of them than are kept. */
TEST(foreign, gives_all_up_when_there_are_too_many)
{
	struct fake *k = fake_new();
	unsigned ram = 65536 / FOREIGN_CHUNK_FRAMES;

	for (uint64_t i = 0; i < FOREIGN_CHUNKS_MAX; i++)
		(void)foreign_frame(&k->foreign, gfn(i * FOREIGN_CHUNK_FRAMES));
	CU_ASSERT_EQUAL(k->foreign.count, FOREIGN_CHUNKS_MAX);
	CU_ASSERT_EQUAL(k->maps, FOREIGN_CHUNKS_MAX);
	for (uint64_t i = 0; i < FOREIGN_CHUNKS_MAX; i++)
		(void)foreign_frame(&k->foreign, gfn(i * FOREIGN_CHUNK_FRAMES));
	CU_ASSERT_EQUAL(k->maps, FOREIGN_CHUNKS_MAX);
	CU_ASSERT_EQUAL(k->unmaps, 0);
	CU_ASSERT_PTR_NULL(foreign_frame(&k->foreign, gfn(UINT64_C(1) << 40)));
	CU_ASSERT_EQUAL(k->unmaps, ram);
	CU_ASSERT_EQUAL(k->foreign.count, 1);
	free(k);
}

/* --- processes ---------------------------------------------------------------------------------
 */

static int in_child(int (*probe)(int fd), int fd)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0)
		_exit(probe(fd));
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static bool refused(int result)
{
	return result < 0 && errno == EPERM;
}

/* 0 when frames can be mapped by the one descriptor, read-only, and nothing else. */
static int mapping_probe(int fd)
{
	struct fake *k = fake_new();

	if (walk_confine(fd, &k->foreign))
		return 1;
	if (mmap(NULL, FRAME_BYTES, PROT_READ, MAP_SHARED, k->fd, 0) == MAP_FAILED)
		return 2;
	if (mmap(NULL, FRAME_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE, k->fd, 0) != MAP_FAILED)
		return 3;
	if (mmap(NULL, FRAME_BYTES, PROT_READ | PROT_EXEC, MAP_PRIVATE, k->fd, 0) != MAP_FAILED)
		return 4;
	if (mmap(NULL, FRAME_BYTES, PROT_READ, MAP_SHARED, fd, 0) != MAP_FAILED || errno != EPERM)
		return 5;
	if (ioctl(k->fd, MAP_IOCTL, 0) == 0 || errno != ENOTTY)
		return 6;
	if (!refused(ioctl(k->fd, FIONREAD, 0)) || !refused(ioctl(fd, MAP_IOCTL, 0)))
		return 7;
	if (!refused(open("/dev/zero", O_RDONLY)) || !refused(dup(k->fd)))
		return 8;
	return write(fd, "x", 1) == 1 ? 0 : 9;
}

TEST(foreign, a_walk_can_map_frames_by_one_descriptor_and_no_more)
{
	int fds[2];

	CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
	CU_ASSERT_EQUAL(in_child(mapping_probe, fds[1]), 0);
	close(fds[0]);
	close(fds[1]);
}

/* The child touches nothing of a guest without a profile; it waits, gives up, and still answers. */
TEST(foreign, a_walk_without_requests_gives_up_and_lives)
{
	struct walk_result result;
	struct vcpu v = {.online = true};
	struct fake *k = fake_new();
	struct memory m = {.foreign = &k->foreign};
	struct walk *w;

	k->foreign.max_frame = 1 << 20;
	CHECK_OK(walk_start(&m, "rubbish", 7, &w));
	for (unsigned i = 0; i < 2; i++) {
		walk_run(w, 1, &v, 1, 5000, &result);
		CU_ASSERT_PTR_NOT_NULL(strstr(result.remark, "PROFILE"));
		CU_ASSERT_TRUE(walk_is_alive(w));
		usleep(i ? 0 : (FOREIGN_KEEP_MS + 300) * 1000);
	}
	walk_stop(w);
	free(k);
}

/* --- a VM of Xen -------------------------------------------------------------------------------
 */

#define HYPERCALL_IOCTL _IOC(_IOC_NONE, 'P', 0, 48) /* IOCTL_PRIVCMD_HYPERCALL */

static bool confined_as(const struct server_config *c)
{
	return !process_harden() && !confinement_listener(c) && !confinement_client(c);
}

static bool confined(const char *backend)
{
	static struct vm_config vm;

	strcpy(vm.backend, backend);
	return confined_as(&(struct server_config){.vms = &vm, .vm_count = 1});
}

static int asks_xen(int fd)
{
	if (ioctl(fd, HYPERCALL_IOCTL, 0) == 0 || errno != ENOTTY)
		return 2;
	if (!refused(ioctl(fd, FIONREAD, 0)))
		return 3;
	if (confine_has_files() && (open("/dev/full", O_RDWR) >= 0 || errno != EACCES))
		return 4; /* no device of Xen */
	return refused(open("/dev/full", O_WRONLY)) ? 0 : 5;
}

static int xen_probe(int fd)
{
	return confined("xen") ? asks_xen(fd) : 1;
}

/* It has no VM, and asks the hypervisor for the event log. */
static int attester_probe(int fd)
{
	static const struct server_config c = {.tpm = "device:/dev/null", .event_log = "xen"};

	return confined_as(&c) ? asks_xen(fd) : 1;
}

static int other_probe(int fd)
{
	if (!confined("qemu"))
		return 1;
	if (!refused(ioctl(fd, HYPERCALL_IOCTL, 0)))
		return 2;
	return refused(open("/dev/full", O_RDWR)) ? 0 : 3;
}

TEST(confinement, hypercalls_are_for_where_xen_is_configured)
{
	const struct backend_ops *ops;
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	CU_ASSERT_EQUAL(in_child(other_probe, fd), 0);
	if (!backend_by_name("xen", &ops)) {
		CU_ASSERT_EQUAL(in_child(xen_probe, fd), 0);
		CU_ASSERT_EQUAL(in_child(attester_probe, fd), 0);
	}
	close(fd);
}

/* --- backends and their requests ---------------------------------------------------------------
 */

TEST(backend, names_what_this_build_has)
{
	const struct backend_ops *ops;
	const struct err *e = backend_by_name("xen", &ops);

	CU_ASSERT_PTR_NOT_NULL(strstr(backend_names(), "qemu, image"));
	CU_ASSERT_EQUAL(strstr(backend_names(), "xen") == NULL, e != NULL);
	if (e)
		CU_ASSERT_PTR_NOT_NULL(strstr(e->message, "libxen-dev"));
	e = backend_by_name("toaster", &ops);
	CU_ASSERT_PTR_NOT_NULL_FATAL(e);
	CU_ASSERT_PTR_NOT_NULL(strstr(e->message, backend_names()));
}

TEST(backend, grants_are_pairs_of_domain_numbers)
{
	static const char *const wrong[] = {"",         "1",    "1=",   "=2",      "1=2x",
					    "1=1",      "1=0",  "a=b",  "1=32752", "32752=1",
					    "1=999999", "-1=2", "1 = 2"};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		CHECK_ERR(backend_grant(wrong[i]), ERR_USAGE);
}

TEST(vmm_request, has_the_layout_of_the_interface)
{
	const uint64_t frames[] = {0x1122334455667788, 9};
	uint8_t bytes[VMM_REQUEST_BYTES_MAX], challenge[RTVMM_CHALLENGE_BYTES];
	struct backend_request request = {
		.op = RTVMM_OP_READ, .challenge = challenge, .frames = frames, .count = 2};
	struct buf_writer w = buf_writer_over(bytes, sizeof(bytes));
	struct rtvmm_request *head = (struct rtvmm_request *)bytes;

	memset(challenge, 0xab, sizeof(challenge));
	CHECK_OK(vmm_request_encode(&request, 77, &w));
	CU_ASSERT_EQUAL(w.used_bytes, sizeof(*head) + 16);
	CU_ASSERT_TRUE(head->version == RTVMM_VERSION && head->op == RTVMM_OP_READ &&
		       head->session == 77 && head->count == 2 && !head->deadline_ms);
	CU_ASSERT_EQUAL(memcmp(head->challenge, challenge, sizeof(challenge)), 0);
	CU_ASSERT_EQUAL(memcmp(head + 1, frames, sizeof(frames)), 0);
	CU_ASSERT_EQUAL(vmm_request_records(&request), 2);

	request = (struct backend_request){.op = RTVMM_OP_CLOSE};
	w = buf_writer_over(bytes, sizeof(bytes));
	CHECK_OK(vmm_request_encode(&request, 77, &w));
	CU_ASSERT_EQUAL(w.used_bytes, sizeof(*head));
	CU_ASSERT_TRUE(head->op == RTVMM_OP_CLOSE && !head->challenge[0] && !head->challenge[31]);
	CU_ASSERT_EQUAL(vmm_request_records(&request), 0);
}

TEST(vmm_request, opens_with_the_clients_challenge)
{
	struct rtvmm_open_request open = {.version = RTVMM_VERSION};
	struct rtvmm_open_reply reply = {.session = 0x0102030405060708};
	uint8_t bytes[VMM_REQUEST_BYTES_MAX];
	struct buf_writer w = buf_writer_over(bytes, sizeof(bytes));
	struct rtvmm_request *head = (struct rtvmm_request *)bytes;

	memset(open.challenge, 0xcd, sizeof(open.challenge));
	CHECK_OK(vmm_request_encode_open((const uint8_t *)&open, &w));
	CU_ASSERT_EQUAL(w.used_bytes, sizeof(*head) + sizeof(open));
	CU_ASSERT_TRUE(head->op == RTVMM_OP_OPEN && !head->session && !head->count);
	CU_ASSERT_EQUAL(memcmp(head->challenge, open.challenge, sizeof(open.challenge)), 0);
	CU_ASSERT_EQUAL(memcmp(head + 1, &open, sizeof(open)), 0);
	CU_ASSERT_EQUAL(vmm_request_session((const uint8_t *)&reply), reply.session);
}
