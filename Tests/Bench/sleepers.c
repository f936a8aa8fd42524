/* Processes that sleep, for a real /proc. For each line `UID NAME CGROUP_DIRECTORY` of the file LIST it starts a process
   in that cgroup and prints its PID; then it waits until its standard input ends. All sleepers end with this one, however
   it ends. They are born in their cgroup: to move ten thousand there takes minutes.
   Usage: sleepers LIST */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *what) {
  fprintf(stderr, "sleepers: %s: %s\n", what, strerror(errno));
  exit(1);
}

static int ready[2];

static void rest(pid_t parent, uid_t user, const char *name) {
  int standard = open("/dev/null", O_RDWR);
  for (int number = 0; number < 3; number++) dup2(standard, number);
  char is_wrong = setuid(user) || prctl(PR_SET_NAME, name) || prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent;
  if (write(ready[1], &is_wrong, 1) != 1 || is_wrong || close(ready[0]) || close(ready[1])) _exit(1);
  for (;;) pause();
}

static pid_t start(uid_t user, const char *name, const char *cgroup) {
  pid_t parent = getpid();
  int directory = open(cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) fail(cgroup);
  struct clone_args arguments = {
      .flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = (uint64_t)directory};
  long child = syscall(SYS_clone3, &arguments, sizeof arguments);
  if (child < 0) fail("clone3");
  if (child == 0) rest(parent, user, name);
  close(directory);
  char is_wrong;
  if (read(ready[0], &is_wrong, 1) != 1 || is_wrong) fail("a sleeper did not start");
  return (pid_t)child;
}

int main(int count, char **arguments) {
  char line[4096], name[16], cgroup[4096];
  unsigned user;
  FILE *list = fopen(count == 2 ? arguments[1] : "", "re");
  if (!list || pipe2(ready, O_CLOEXEC)) fail("cannot begin");
  while (fgets(line, sizeof line, list) && sscanf(line, "%u %15s %4095s", &user, name, cgroup) == 3) {
    fflush(stdout);
    printf("%d\n", start(user, name, cgroup));
  }
  fflush(stdout);
  while (read(0, line, sizeof line) > 0) continue;
  signal(SIGTERM, SIG_IGN);
  kill(0, SIGTERM);
  while (wait(NULL) > 0) continue;
  return 0;
}
