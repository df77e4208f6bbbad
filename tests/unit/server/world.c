/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Servers for tests, ended by world_stop() or with us. */
#include "tests/unit/server/world.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "remotetrans/cli/certificate.h"
#include "remotetrans/cli/revocation.h"
#include "remotetrans/server/listen.h"
#include "tests/lib/unit.h"
#include "tests/unit/core/fake_host.h"

#define LIFETIME_S 120

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	abort();
}

static void must_ok(const struct err *e)
{
	must(unit_ok(e), "world");
}

static FILE *create(const struct world *w, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", w->folder, name);
	FILE *f = fopen(path, "w");
	must(f != NULL, path);
	return f;
}

/* --- vmmd's socket with the core behind it -------------------------------------------------------
 */

static bool take(int fd, void *ret, size_t len_bytes)
{
	return len_bytes == 0 || recv(fd, ret, len_bytes, MSG_WAITALL) == (ssize_t)len_bytes;
}

static bool answer(struct fake *f, int fd)
{
	struct rtvmm_request r;
	uint8_t trailing[8 * RTVMM_READ_FRAMES_MAX];
	uint32_t head[2];

	if (!take(fd, &r, sizeof(r)))
		return false;
	int trailing_bytes = request_trailing_bytes(&r);
	if (trailing_bytes < 0 || !take(fd, trailing, (size_t)trailing_bytes))
		return false;
	head[0] = (uint32_t)fake_request(f, &r, trailing, (size_t)trailing_bytes, &head[1]);
	if (head[0])
		f->out_bytes = 0;
	return send(fd, head, sizeof(head), MSG_NOSIGNAL) == sizeof(head) &&
	       send(fd, f->out, f->out_bytes, MSG_NOSIGNAL) == (ssize_t)f->out_bytes;
}

static _Noreturn void vmmd_process(struct fake *f, int listener)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(LIFETIME_S);
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		while (fd >= 0 && answer(f, fd))
			;
		request_caller_gone(&f->vm, &f->caller);
		close(fd);
	}
}

static void start_vmmd(struct world *w)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct fake *f = fake_new();
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/vmmd", w->folder);
	must(listener >= 0 && bind(listener, (void *)&address, sizeof(address)) == 0 &&
		     listen(listener, 8) == 0,
	     "vmmd socket");
	f->tick_ns = 1000;
	memcpy(w->vmm_key, f->core.static_public, sizeof(w->vmm_key));
	w->vmmd = fork();
	if (w->vmmd == 0)
		vmmd_process(f, listener);
	close(listener);
	fake_free(f);
}

/* --- remotetransd --------------------------------------------------------------------------------
 */

#define HOUR_S 3600L

/* A row for each certificate; all are clients' but the first. */
static const struct kind {
	const char *file, *common_name, *usage;
	bool other_ca, revoked;
	long from_s, to_s; /* from now; 0: as made */
} kinds[] = {
	{"server", "server", "serverAuth", false, false, 0, 0},
	{"alice", "alice", "clientAuth", false, false, 0, 0},
	{"bob", "bob", "clientAuth", false, false, 0, 0},
	/* all of these would be alice, and are nobody */
	{"foreign", "alice", "clientAuth", true, false, 0, 0},
	{"expired", "alice", "clientAuth", false, false, -2 * HOUR_S, -HOUR_S},
	{"early", "alice", "clientAuth", false, false, HOUR_S, 2 * HOUR_S},
	{"revoked", "alice", "clientAuth", false, true, 0, 0},
	{"usage", "alice", "serverAuth", false, false, 0, 0},
	{"comma", "carol, alice", "clientAuth", false, false, 0, 0},
	{"terminal", "\033[2Jalice\n", "clientAuth", true, false, 0, 0},
};

static void make_certificate(const struct world *w, const struct certificate *ca,
			     const struct kind *k)
{
	struct certificate_request request = {.common_name = k->common_name,
					      .alternative_names = "IP:127.0.0.1",
					      .usage = k->usage,
					      .days = 2};
	struct certificate c = {0};

	must_ok(certificate_make(&request, ca, &c));
	if (k->to_s)
		must(X509_gmtime_adj(X509_getm_notBefore(c.x509), k->from_s) &&
			     X509_gmtime_adj(X509_getm_notAfter(c.x509), k->to_s) &&
			     X509_sign(c.x509, ca->key, EVP_sha256()) > 0,
		     "dates");
	must_ok(certificate_write(&c, w->folder, k->file));
	if (k->revoked)
		must_ok(revocation_update(ca, w->folder, "ca", c.x509, 2));
	certificate_deinit(&c);
}

static void make_certificates(const struct world *w)
{
	struct certificate_request request = {.common_name = "test CA", .days = 2};
	struct certificate ca[2] = {0};

	for (unsigned i = 0; i < 2; i++)
		must_ok(certificate_make(&request, NULL, &ca[i]));
	must_ok(certificate_write(&ca[0], w->folder, "ca"));
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		make_certificate(w, &ca[kinds[i].other_ca], &kinds[i]);
	for (unsigned i = 0; i < 2; i++)
		certificate_deinit(&ca[i]);
}

static void make_image(const struct world *w)
{
	FILE *f = create(w, "image");

	must(ftruncate(fileno(f), WORLD_IMAGE_BYTES) == 0, "image");
	fseek(f, 0x3000, SEEK_SET);
	fprintf(f, "OSRELEASE=6.1.0-test\nNUMBER(phys_base)=-1048576\n"
		   "SYMBOL(swapper_pg_dir)=ffffffff80300000\n");
	fseek(f, 0x4000, SEEK_SET);
	fputs("frame four", f);
	fclose(f);
}

static void write_config(const struct world *w)
{
	FILE *f = create(w, "remotetransd.conf");

	fprintf(f,
		"[server]\nlisten=%s\ncertificate=server.pem\nkey=server.key\nclient_ca=ca.pem\n"
		"client_crl=ca.crl\nprofiles=profiles\n"
		"[vm tagged]\nuuid=00000000-0000-0000-0000-000000000001\nbackend=qemu\nvmmd=vmmd\n"
		"allow=carol, alice\n"
		"[vm image]\nuuid=00000000-0000-0000-0000-000000000002\nbackend=image\n"
		"image=image\nallow=alice\n"
		"[vm bobs]\nuuid=00000000-0000-0000-0000-000000000003\nbackend=qemu\nvmmd=vmmd\n"
		"allow=bob\n"
		"[vm dead]\nuuid=00000000-0000-0000-0000-000000000004\nbackend=qemu\n"
		"vmmd=nothing-there\nallow=alice\n",
		w->server);
	fclose(f);
}

static uint16_t free_port(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	must(fd >= 0 && bind(fd, (void *)&address, len) == 0 &&
		     getsockname(fd, (void *)&address, &len) == 0,
	     "port");
	close(fd);
	return ntohs(address.sin_port);
}

static _Noreturn void remotetransd_process(const struct world *w)
{
	struct server_config config;
	char path[128];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(LIFETIME_S);
	snprintf(path, sizeof(path), "%s/remotetransd.conf", w->folder);
	int quiet = open("/dev/null", O_WRONLY); /* its log of the refusals we provoke */
	must(quiet >= 0, "/dev/null");
	must_ok(server_config_read(path, &config));
	dup2(quiet, STDERR_FILENO);
	const struct err *e = listen_run(&config);
	server_config_deinit(&config);
	_exit(e != NULL);
}

static void wait_port(uint16_t port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons(port),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	for (unsigned i = 0; i < 500; i++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);
		bool open = connect(fd, (void *)&address, sizeof(address)) == 0;

		close(fd);
		if (open)
			return;
		usleep(10000);
	}
	must(false, "remotetransd does not listen");
}

/* --- a network in between ------------------------------------------------------------------------
 */

/* One part of one direction. False: that was all. */
static bool carry(int from, int to, unsigned delay_ms)
{
	char bytes[65536];
	ssize_t n = read(from, bytes, sizeof(bytes));

	if (n <= 0)
		return false;
	usleep(1000 * delay_ms);
	return send(to, bytes, (size_t)n, MSG_NOSIGNAL) == n;
}

static void relay(int client, const struct sockaddr_in *server, unsigned delay_ms)
{
	struct sockaddr_in ours = {.sin_family = AF_INET,
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct pollfd p[] = {{.fd = client, .events = POLLIN}, {.fd = fd, .events = POLLIN}};
	bool alive = bind(fd, (void *)&ours, sizeof(ours)) == 0 &&
		     connect(fd, (void *)server, sizeof(*server)) == 0;

	while (alive && poll(p, 2, -1) > 0)
		for (unsigned i = 0; alive && i < 2; i++)
			alive = !p[i].revents || carry(p[i].fd, p[!i].fd, delay_ms);
	close(fd);
	close(client);
}

void world_move_away(struct world *w, unsigned delay_ms)
{
	struct sockaddr_in server = {.sin_family = AF_INET,
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in ours = server;
	socklen_t len = sizeof(ours);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	server.sin_port = htons((uint16_t)atoi(strchr(w->server, ':') + 1));
	must(bind(listener, (void *)&ours, sizeof(ours)) == 0 && listen(listener, 8) == 0 &&
		     getsockname(listener, (void *)&ours, &len) == 0,
	     "relay");
	snprintf(w->server, sizeof(w->server), "127.0.0.1:%u", ntohs(ours.sin_port));
	w->relay = fork();
	if (w->relay == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		alarm(LIFETIME_S);
		for (;;)
			relay(accept(listener, NULL, NULL), &server, delay_ms);
	}
	close(listener);
}

void world_start(struct world *w)
{
	uint16_t port = free_port();

	*w = (struct world){.folder = "/tmp/rt-world-XXXXXX"};
	must(mkdtemp(w->folder) != NULL, "folder");
	snprintf(w->server, sizeof(w->server), "127.0.0.1:%u", port);
	make_certificates(w);
	make_image(w);
	write_config(w);
	start_vmmd(w);
	w->remotetransd = fork();
	if (w->remotetransd == 0)
		remotetransd_process(w);
	wait_port(port);
}

static void end(pid_t pid)
{
	if (pid <= 0)
		return;
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
}

void world_stop(struct world *w)
{
	char command[128];

	end(w->relay);
	end(w->remotetransd);
	end(w->vmmd);
	snprintf(command, sizeof(command), "rm -rf '%s'", w->folder);
	must(system(command) == 0, "rm");
}

struct target_config world_target(const struct world *w, const char *who, const char *vm)
{
	struct target_config t = {.timeout_ms = 5000, .compress = true};

	snprintf(t.name, sizeof(t.name), "test");
	snprintf(t.path, sizeof(t.path), "targets.conf");
	snprintf(t.server, sizeof(t.server), "%s", w->server);
	snprintf(t.vm, sizeof(t.vm), "%s", vm);
	snprintf(t.ca, sizeof(t.ca), "%s/ca.pem", w->folder);
	snprintf(t.certificate, sizeof(t.certificate), "%s/%s.pem", w->folder, who);
	snprintf(t.key, sizeof(t.key), "%s/%s.key", w->folder, who);
	memcpy(t.vmm_key, w->vmm_key, sizeof(t.vmm_key));
	return t;
}

void check_says(const struct err *e, enum err_kind kind, const char *what)
{
	CHECK_ERR(e, kind);
	if (e && !strstr(e->message, what)) {
		fprintf(stderr, "\n    '%s' does not say '%s'\n", e->message, what);
		CU_FAIL("message");
	}
}
