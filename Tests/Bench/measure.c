/* Runs several programs in turn, many times, and prints one line for each run:

     program own_ns tree_ns wall_ns rss_kib

   Usage: measure ROUNDS PROGRAM [ARGUMENT...] [-- PROGRAM [ARGUMENT...]]...
   The programs have to succeed; `-` before the path of one says that it has to fail with exit status 1.

   In each round every program runs once, so that whatever else the machine does meets all alike; who begins changes
   from round to round. The first round is for the caches and is not printed.

   own: the CPU time of the process alone, from its clock before it is reaped. tree: with the children that it has
   reaped. rss: the peak of the process and of those children, whichever is larger; it begins with what this launcher
   itself has, because the kernel counts what a process was before exec. So this is static, small, and allocates nothing;
   a program that is smaller than the launcher appears as large as it. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PROGRAMS = 8 };

static void fail(const char *what, const char *name) {
  fprintf(stderr, "measure: %s %s: %s\n", what, name, strerror(errno));
  exit(1);
}

static long long now(clockid_t clock) {
  struct timespec time;
  if (clock_gettime(clock, &time)) fail("clock", "");
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static long long nanoseconds(struct timeval time) { return time.tv_sec * 1000000000LL + time.tv_usec * 1000LL; }

static void run(int number, char **program, const posix_spawn_file_actions_t *actions, int is_counted) {
  int expected = program[0][0] == '-';
  const char *path = program[0] + expected;
  pid_t child;
  siginfo_t ended;
  clockid_t clock;
  int status;
  struct rusage usage;
  long long begin = now(CLOCK_MONOTONIC);
  if ((errno = posix_spawn(&child, path, &actions[expected], NULL, program, environ))) fail("spawn", program[0]);
  if (waitid(P_PID, (id_t)child, &ended, WEXITED | WNOWAIT)) fail("wait", program[0]);
  long long wall = now(CLOCK_MONOTONIC) - begin;
  if ((errno = clock_getcpuclockid(child, &clock))) fail("clock of", program[0]);
  long long own = now(clock);
  if (wait4(child, &status, 0, &usage) != child) fail("wait", program[0]);
  errno = 0;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != expected) fail("failed:", program[0]);
  long long tree = nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime);
  if (is_counted) printf("%d %lld %lld %lld %ld\n", number, own, tree, wall, usage.ru_maxrss);
}

int main(int count, char **arguments) {
  char **programs[PROGRAMS];
  int number = 0;
  posix_spawn_file_actions_t actions[2];
  if (count < 3) fail("usage", "");
  for (int index = 2; index < count; index++) {
    if (index == 2 || !arguments[index - 1]) {
      if (number == PROGRAMS) fail("too many", "programs");
      programs[number++] = &arguments[index];
    }
    if (!strcmp(arguments[index], "--")) arguments[index] = NULL;
  }
  posix_spawn_file_actions_init(&actions[0]);
  posix_spawn_file_actions_init(&actions[1]);
  for (int fails = 0; fails < 2; fails++) {
    posix_spawn_file_actions_addopen(&actions[fails], 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions[fails], 1, "/dev/null", O_WRONLY, 0);
  }
  /* Why it fails has been looked at before. */
  posix_spawn_file_actions_addopen(&actions[1], 2, "/dev/null", O_WRONLY, 0);
  for (int round = 0; round <= atoi(arguments[1]); round++)
    for (int turn = 0; turn < number; turn++) {
      int which = (round + turn) % number;
      run(which, programs[which], actions, round > 0);
    }
  return 0;
}
