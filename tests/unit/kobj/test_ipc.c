/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/ipc.h"

#define IDS_BYTES 64
#define SEM_BYTES 128

static struct fake_guest g;
static gva_t ns, queue, set, segment, file, inode, mapping;

static void declare(void)
{
	FAKE_MEMBERS(&g, {F_ipc_ids_in_use, 4}, {F_ipc_ids_head, 8}, {F_ipc_ids_max_idx, 4});
	FAKE_MEMBERS(&g, {F_kern_ipc_perm_key, 4}, {F_kern_ipc_perm_id, 4},
		     {F_kern_ipc_perm_uid, 4}, {F_kern_ipc_perm_gid, 4}, {F_kern_ipc_perm_cuid, 4},
		     {F_kern_ipc_perm_cgid, 4}, {F_kern_ipc_perm_mode, 2},
		     {F_kern_ipc_perm_seq, 8});
	FAKE_MEMBERS(&g, {F_msg_queue_perm, 128}, {F_msg_queue_stime, 8}, {F_msg_queue_rtime, 8},
		     {F_msg_queue_ctime, 8}, {F_msg_queue_cbytes, 8}, {F_msg_queue_qnum, 8},
		     {F_msg_queue_qbytes, 8}, {F_msg_queue_lspid, 8}, {F_msg_queue_lrpid, 8});
	FAKE_MEMBERS(&g, {F_sem_array_perm, 128}, {F_sem_array_ctime, 8}, {F_sem_array_nsems, 4},
		     {F_sem_array_pending_alter, 16}, {F_sem_array_pending_const, 16},
		     {F_sem_array_sems, SEM_BYTES});
	FAKE_MEMBERS(&g, {F_sem_semval, 4}, {F_sem_sempid, 8}, {F_sem_otime, 8},
		     {F_sem_pending_alter, 16}, {F_sem_pending_const, 16});
	FAKE_MEMBERS(&g, {F_sem_queue_list, 16}, {F_sem_queue_blocking, 8});
	FAKE_MEMBERS(&g, {F_shmid_kernel_perm, 128}, {F_shmid_kernel_segsz, 8},
		     {F_shmid_kernel_nattch, 8}, {F_shmid_kernel_atim, 8}, {F_shmid_kernel_dtim, 8},
		     {F_shmid_kernel_ctim, 8}, {F_shmid_kernel_cprid, 8}, {F_shmid_kernel_lprid, 8},
		     {F_shmid_kernel_file, 8});
	FAKE_MEMBERS(&g, {F_file_inode, 8}, {F_file_op, 8});
	FAKE_MEMBERS(&g, {F_inode_mapping, 8}, {F_inode_blkbits, 1});
	FAKE_MEMBERS(&g, {F_shmem_inode_info_swapped, 8}, {F_shmem_inode_info_inode, 64});
	FAKE_MEMBERS(&g, {F_address_space_nrpages, 8});
	fake_field(&g, F_ipc_namespace_ids, 0, 3 * IDS_BYTES);
	g.p.sizes[SIZE_ipc_ids] = IDS_BYTES;
	g.p.sizes[SIZE_sem] = SEM_BYTES;
}

/* The object at index 0 of a kind, with an id that is not its index; and its kern_ipc_perm. */
static gva_t add_object(enum ipc_kind kind, enum field_id perm_of)
{
	gva_t ids = gva_add(ns, (uint64_t)IDS_BYTES * kind), object = fake_object(&g);
	gva_t perm = kfield_at(&g.k, object, perm_of);

	fake_set(&g, ids, F_ipc_ids_head, perm.v);
	fake_set(&g, ids, F_ipc_ids_in_use, 1);
	fake_set(&g, perm, F_kern_ipc_perm_id, 3u << 15);
	fake_set(&g, perm, F_kern_ipc_perm_key, 0x4d);
	return object;
}

static void set_up_semaphores(void)
{
	set = add_object(IPC_KIND_SEM, F_sem_array_perm);
	fake_set(&g, set, F_sem_array_nsems, 2);
	fake_list(&g, kfield_at(&g.k, set, F_sem_array_pending_alter));
	fake_list(&g, kfield_at(&g.k, set, F_sem_array_pending_const));
	for (unsigned i = 0; i < 2; i++) {
		gva_t sem = gva_add(kfield_at(&g.k, set, F_sem_array_sems), SEM_BYTES * i);

		fake_set(&g, sem, F_sem_semval, 5 + i);
		fake_set(&g, sem, F_sem_otime, 100 - i);
		fake_list(&g, kfield_at(&g.k, sem, F_sem_pending_alter));
		fake_list(&g, kfield_at(&g.k, sem, F_sem_pending_const));
	}
}

static void set_up(void)
{
	fake_guest_init(&g);
	declare();
	ns = fake_object(&g);
	queue = add_object(IPC_KIND_MSG, F_msg_queue_perm);
	segment = add_object(IPC_KIND_SHM, F_shmid_kernel_perm);
	set_up_semaphores();
	file = fake_object(&g);
	mapping = fake_object(&g);
	gva_t info = fake_object(&g);
	inode = kfield_at(&g.k, info, F_shmem_inode_info_inode);
	fake_set(&g, info, F_shmem_inode_info_swapped, 7);
	fake_set(&g, segment, F_shmid_kernel_file, file.v);
	fake_set(&g, file, F_file_inode, inode.v);
	fake_set(&g, inode, F_inode_mapping, mapping.v);
	fake_set(&g, mapping, F_address_space_nrpages, 4);
}

static gva_t first(enum ipc_kind kind)
{
	uint64_t index = 0;
	gva_t at;

	CHECK_OK(ipc_next(&g.k, ns, kind, &index, &at));
	return at;
}

TEST(ipc, finds_objects_by_index_and_by_id)
{
	uint64_t index = 1;
	struct ipc_use use;
	gva_t at;

	set_up();
	CU_ASSERT_EQUAL(first(IPC_KIND_MSG).v, kfield_at(&g.k, queue, F_msg_queue_perm).v);
	CHECK_OK(ipc_next(&g.k, ns, IPC_KIND_MSG, &index, &at));
	CU_ASSERT(gva_is_null(at));
	CHECK_OK(ipc_find(&g.k, ns, IPC_KIND_MSG, 3 << 15, &at));
	CU_ASSERT_EQUAL(at.v, first(IPC_KIND_MSG).v);
	CHECK_OK(ipc_find(&g.k, ns, IPC_KIND_MSG, 1, &at));
	CU_ASSERT(gva_is_null(at));
	CHECK_OK(ipc_use_read(&g.k, ns, IPC_KIND_MSG, &use));
	CU_ASSERT_EQUAL(use.objects, 1);
}

TEST(ipc, reads_queues)
{
	struct ipc_msg m;

	set_up();
	fake_set(&g, queue, F_msg_queue_cbytes, 8);
	fake_set(&g, queue, F_msg_queue_qbytes, 16384);
	CHECK_OK(ipc_msg_read(&g.k, first(IPC_KIND_MSG), &m));
	CU_ASSERT_EQUAL(m.perm.key, 0x4d);
	CU_ASSERT_EQUAL(m.perm.id, 3 << 15);
	CU_ASSERT_EQUAL(m.bytes, 8);
	CU_ASSERT_EQUAL(m.bytes_max, 16384);
}

TEST(ipc, reads_semaphores)
{
	struct ipc_semval v;
	struct ipc_sem s;

	set_up();
	CHECK_OK(ipc_sem_read(&g.k, first(IPC_KIND_SEM), &s));
	CU_ASSERT_EQUAL(s.count, 2);
	CU_ASSERT_EQUAL(s.otime, 100);
	CHECK_OK(ipc_semval_read(&g.k, first(IPC_KIND_SEM), 1, &v));
	CU_ASSERT_EQUAL(v.value, 6);
	fake_set(&g, set, F_sem_array_nsems, 40000);
	CHECK_ERR(ipc_sem_read(&g.k, first(IPC_KIND_SEM), &s), ERR_RACE);
}

/* One waits for semaphore 1 alone, one for several of which it blocks. */
TEST(ipc, counts_who_waits)
{
	gva_t alone, several, op, sem;
	uint32_t count;

	set_up();
	alone = fake_object(&g);
	several = fake_object(&g);
	op = fake_object(&g);
	sem = gva_add(kfield_at(&g.k, set, F_sem_array_sems), SEM_BYTES);
	fake_list_add(&g, kfield_at(&g.k, sem, F_sem_pending_alter),
		      kfield_at(&g.k, alone, F_sem_queue_list));
	fake_list_add(&g, kfield_at(&g.k, set, F_sem_array_pending_alter),
		      kfield_at(&g.k, several, F_sem_queue_list));
	fake_set(&g, several, F_sem_queue_blocking, op.v);
	fake_u64(&g, op, 0xffff0001); /* number 1, -1 */
	CHECK_OK(ipc_sem_waiting(&g.k, first(IPC_KIND_SEM), 1, false, &count));
	CU_ASSERT_EQUAL(count, 2);
	CHECK_OK(ipc_sem_waiting(&g.k, first(IPC_KIND_SEM), 0, false, &count));
	CU_ASSERT_EQUAL(count, 0);
	CHECK_OK(ipc_sem_waiting(&g.k, first(IPC_KIND_SEM), 1, true, &count));
	CU_ASSERT_EQUAL(count, 0);
	fake_u64(&g, op, 0x00000001); /* number 1, until it is 0 */
	CHECK_OK(ipc_sem_waiting(&g.k, first(IPC_KIND_SEM), 1, true, &count));
	CU_ASSERT_EQUAL(count, 1);
}

TEST(ipc, reads_segments)
{
	struct ipc_shm s;

	set_up();
	CHECK_OK(ipc_shm_read(&g.k, first(IPC_KIND_SHM), &s));
	CU_ASSERT_EQUAL(s.resident_pages, 4);
	CU_ASSERT_EQUAL(s.swapped_pages, 7);
	fake_symbol(&g, S_hugetlbfs_file_operations, 8);
	fake_set(&g, file, F_file_op, kernel_symbol(&g.k, S_hugetlbfs_file_operations).v);
	fake_set(&g, inode, F_inode_blkbits, 21);
	CHECK_OK(ipc_shm_read(&g.k, first(IPC_KIND_SHM), &s));
	CU_ASSERT_EQUAL(s.resident_pages, 4 * 512);
	CU_ASSERT_EQUAL(s.swapped_pages, 0);
}

TEST(ipc, refuses_lists_that_loop_and_pointers_to_nowhere)
{
	struct ipc_shm s;
	uint32_t count;
	gva_t sem, link;

	set_up();
	sem = kfield_at(&g.k, set, F_sem_array_sems);
	link = fake_object(&g);
	fake_u64(&g, kfield_at(&g.k, sem, F_sem_pending_alter), link.v);
	fake_u64(&g, link, link.v);
	CHECK_ERR(ipc_sem_waiting(&g.k, first(IPC_KIND_SEM), 0, false, &count), ERR_RACE);
	fake_set(&g, segment, F_shmid_kernel_file, 8);
	CHECK_ERR(ipc_shm_read(&g.k, first(IPC_KIND_SHM), &s), ERR_FAULT);
}
