/* A process that goes on in a second thread. It enters the cgroups whose directories follow the user ID, becomes that user,
   and says `ready`; then, if KEEP is `end`, its first thread ends. It lives until its standard input ends.
   Usage: first_thread KEEP UID [CGROUP_DIRECTORY...] */

#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static void fail(const char *what) {
  fprintf(stderr, "first_thread: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void enter(const char *cgroup) {
  char path[4096];
  FILE *file;
  snprintf(path, sizeof path, "%s/cgroup.procs", cgroup);
  file = fopen(path, "w");
  if (!file || fprintf(file, "%d\n", (int)getpid()) < 0 || fclose(file)) fail(path);
}

static void *go_on(void *nothing) {
  char byte;
  while (read(0, &byte, 1) > 0) {
  }
  exit(0);
  return nothing;
}

int main(int count, char **arguments) {
  pthread_t thread;
  if (count < 3) return 64;
  for (int index = 3; index < count; index++) enter(arguments[index]);
  if (setuid((uid_t)strtoul(arguments[2], NULL, 10)) || prctl(PR_SET_NAME, "trainer")) fail("setuid");
  if ((errno = pthread_create(&thread, NULL, go_on, NULL))) fail("pthread_create");
  puts("ready");
  fflush(stdout);
  if (!strcmp(arguments[1], "end")) pthread_exit(NULL);
  pthread_join(thread, NULL);
  return 0;
}
