/* The floor: what any collector must ask the kernel for, and nothing else. It follows a plan (plan.py) made from a trace
   of the real one on the same node: the same children at the same time, each file, link and directory once, as many
   bytes published. It is what a careful C programmer would do with the paths already known:

   - a file is read with a large buffer until a read comes back short; there is no fstat, and no read for the end that a
     short one has told already;
   - a directory is listed with a large buffer until getdents64 says it is over, which only that call can say;
   - whole paths become names below descriptors of the node's root and of its proc, which are opened once; a process of
     which several files are read keeps its directory's (between two of them the PID may become another's), and to open
     that with O_PATH takes as long;
   - what is looked for in vain is looked for here too, once: that it is absent must be known;
   - children have a pipe for each of standard output and error, are drained together and reaped;
   - the file is written, given its mode, synchronised, renamed, and its directory synchronised.

   It parses, keeps and computes nothing: no row is looked at, and zeros are written. */

#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILDREN = 64, ARGUMENTS = 16, HERE = 255 };
static char buffer[1 << 17];
static int slots[256];
static struct pollfd pipes[2 * CHILDREN];
static pid_t children[CHILDREN];
static int running;

static void fail(const char *what, const char *name) {
  fprintf(stderr, "floor: %s %s: %s\n", what, name, strerror(errno));
  exit(1);
}

static const char *next(const char **at) {
  const char *text = *at;
  *at += strlen(text) + 1;
  return text;
}

static void read_file(int base, const char *name) {
  int file = openat(base, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
  ssize_t length = sizeof buffer;
  if (file < 0) fail("open", name);
  while (length == sizeof buffer) length = read(file, buffer, sizeof buffer);
  if (length < 0) fail("read", name);
  close(file);
}

static void miss(int base, const char *name) {
  if (openat(base, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) >= 0) fail("not absent", name);
}

static void list(int directory) {
  long length;
  while ((length = syscall(SYS_getdents64, directory, buffer, sizeof buffer)) > 0) continue;
  if (length < 0) fail("list", "a directory");
}

static void look(int base, const char *name) {
  struct stat status;
  fstatat(base, name, &status, AT_SYMLINK_NOFOLLOW);
}

static void start(const char **at, int count) {
  char *arguments[ARGUMENTS + 1] = {NULL};
  int outputs[2], errors[2];
  posix_spawn_file_actions_t actions;
  for (int index = 0; index < count; index++) arguments[index] = (char *)next(at);
  if (pipe2(outputs, O_CLOEXEC) || pipe2(errors, O_CLOEXEC)) fail("pipe", "");
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, outputs[1], 1);
  posix_spawn_file_actions_adddup2(&actions, errors[1], 2);
  if ((errno = posix_spawn(&children[running], arguments[0], &actions, NULL, arguments, environ)))
    fail("spawn", arguments[0]);
  close(outputs[1]);
  close(errors[1]);
  pipes[2 * running] = (struct pollfd){.fd = outputs[0], .events = POLLIN};
  pipes[2 * running + 1] = (struct pollfd){.fd = errors[0], .events = POLLIN};
  running++;
}

static int drain(struct pollfd *one) {
  if (!one->revents) return 0;
  ssize_t length = read(one->fd, buffer, sizeof buffer);
  if (length < 0) fail("read", "a pipe");
  if (length) return 0;
  close(one->fd);
  one->fd = -1;
  return 1;
}

static void finish(void) {
  for (int open = 2 * running; open > 0;) {
    if (poll(pipes, (nfds_t)(2 * running), -1) < 0) fail("poll", "");
    for (int index = 0; index < 2 * running; index++) open -= drain(&pipes[index]);
  }
  for (int index = 0; index < running; index++) {
    int status;
    if (waitpid(children[index], &status, 0) < 0 || status) fail("child", "");
  }
  running = 0;
}

static void publish(int directory, const char *temporary, const char *name, long bytes) {
  int file = openat(directory, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) fail("create", temporary);
  for (size_t left = (size_t)bytes; left > 0;) {
    ssize_t length = write(file, buffer, left < sizeof buffer ? left : sizeof buffer);
    if (length <= 0) fail("write", temporary);
    left -= (size_t)length;
  }
  if (fchmod(file, 0644) || fsync(file) || close(file)) fail("synchronise", temporary);
  if (renameat(directory, temporary, directory, name) || fsync(directory)) fail("rename", name);
}

/* A record: a letter, the slot of the directory below which, a slot or a number, then texts that end with 0. */
static const char *follow(const char *at) {
  int base = slots[(unsigned char)at[1]], second = (unsigned char)at[2];
  const char *name = at + 3, *rest = name;
  switch (*at) {
  case 'O':
    if ((slots[second] = openat(base, next(&rest), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0) fail("open", name);
    break;
  case 'C': close(base); break;
  case 'F': read_file(base, next(&rest)); break;
  case 'N': miss(base, next(&rest)); break;
  case 'G': list(base); break;
  case 'L':
    if (readlinkat(base, next(&rest), buffer, sizeof buffer) < 0) fail("readlink", name);
    break;
  case 'T': look(base, next(&rest)); break;
  case 'S': start(&rest, second); break;
  case 'W': finish(); break;
  case 'P': {
    const char *temporary = next(&rest), *final = next(&rest);
    publish(base, temporary, final, atol(next(&rest)));
    break;
  }
  default: fail("plan", name);
  }
  return rest;
}

int main(int count, char **arguments) {
  struct stat status;
  int plan = count == 2 ? open(arguments[1], O_RDONLY | O_CLOEXEC) : -1;
  if (plan < 0 || fstat(plan, &status)) fail("plan", count == 2 ? arguments[1] : "");
  const char *at = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, plan, 0);
  if (at == MAP_FAILED) fail("mmap", arguments[1]);
  slots[HERE] = AT_FDCWD;
  for (const char *end = at + status.st_size; at < end;) at = follow(at);
  return 0;
}
