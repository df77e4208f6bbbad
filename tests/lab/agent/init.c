// SPDX-License-Identifier: GPL-2.0-or-later
/* The guest's first process: runs the boot script, keeps the agent running, reaps orphans, sleeps.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t start(char *const argv[])
{
	pid_t pid = fork();

	if (pid == 0) {
		setsid();
		execv(argv[0], argv);
		perror(argv[0]);
		_exit(127);
	}
	return pid;
}

int main(void)
{
	char *const rc[] = {"/etc/lab/rc", NULL}, *const agent[] = {"/usr/sbin/lab-agent", NULL};
	pid_t agent_pid, pid;
	int status = 0;

	if (chdir("/"))
		perror("chdir");
	clearenv();
	setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", 1);
	setenv("HOME", "/root", 1);
	setenv("TERM", "linux", 1);
	waitpid(start(rc), &status, 0);
	if (status)
		fprintf(stderr, "init: %s failed: wait status %#x\n", rc[0], (unsigned)status);
	agent_pid = start(agent);
	for (;;) {
		pid = wait(NULL);
		if (pid > 0 && pid != agent_pid)
			continue;
		sleep(1);
		agent_pid = start(agent);
	}
}
