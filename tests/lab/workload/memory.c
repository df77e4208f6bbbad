// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory: locked, shared (System V, POSIX), large, odd mappings; System V queues and semaphores. */
#include "actor.h"

#include <fcntl.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

static void run_locked(const char *arg)
{
	(void)arg;
	CHECK(mlockall(MCL_CURRENT));
	hold();
}

static void run_large(const char *arg)
{
	size_t len = 16u << 20;
	char *at = (char *)CHECK(
		mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));

	(void)arg;
	memset(at, 1, len);
	CHECK(mmap(NULL, 1u << 30, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
	hold();
}

static void run_sysv(const char *arg)
{
	int shm = (int)CHECK(shmget(0x1ab, 65536, IPC_CREAT | 0640));
	int gone = (int)CHECK(shmget(IPC_PRIVATE, 8192, IPC_CREAT | 0600));
	int queue = (int)CHECK(msgget(0x1ac, IPC_CREAT | 0644));
	struct {
		long type;
		char text[8];
	} message = {.type = 5, .text = "message"};

	(void)arg;
	memset((void *)CHECK(shmat(shm, NULL, 0)), 1, 4096);
	CHECK(shmat(gone, NULL, SHM_RDONLY));
	CHECK(shmctl(gone, IPC_RMID, NULL));
	CHECK(msgsnd(queue, &message, sizeof(message.text), 0));
	close(status_fd);
	msgrcv(queue, &message, sizeof(message.text), 6, 0);
	hold();
}

static void run_semaphore(const char *arg)
{
	int set = (int)CHECK(semget(0x1ad, 3, IPC_CREAT | 0600));
	struct sembuf down = {.sem_num = 1, .sem_op = -1};

	(void)arg;
	close(status_fd);
	semop(set, &down, 1);
	hold();
}

static void run_posix(const char *arg)
{
	int fd = (int)CHECK(shm_open("/lab-shared", O_RDWR | O_CREAT | O_CLOEXEC, 0644));
	char *at;

	(void)arg;
	CHECK(ftruncate(fd, 1 << 20));
	at = (char *)CHECK(mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	memset(at, 7, 300000);
	CHECK(mprotect(at + 65536, 65536, PROT_READ));
	CHECK(mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	CHECK(mmap(NULL, 65536, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		   0));
	hold();
}

const struct actor memory_actors[] = {
	{"memory-locked", run_locked, NULL}, {"memory-large", run_large, NULL},
	{"memory-sysv", run_sysv, NULL},     {"memory-posix", run_posix, NULL},
	{"semaphore", run_semaphore, NULL},  {NULL, NULL, NULL},
};
