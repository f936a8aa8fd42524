/* The fake nvidia-smi of Fixtures/bin as a static program, for a container that has no shell. It answers from the same
   files: nvidia-smi/ of the directory that GPU_SESSIONS_FIXTURE names, else what lies beside it as NAME.answers. */

#define _GNU_SOURCE
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char answers[PATH_MAX];

static FILE *answer(const char *query, const char *kind) {
  char path[PATH_MAX];
  int length = snprintf(path, sizeof path, "%s/%s%s", answers, query, kind);
  return length < (int)sizeof path ? fopen(path, "r") : NULL;
}

static int is_there(const char *query) {
  FILE *file = answer(query, ".stdout");
  if (!file) file = answer(query, ".exit");
  if (file) fclose(file);
  return file != NULL;
}

static void copy(const char *query, const char *kind, FILE *to) {
  char buffer[1 << 16];
  size_t count;
  FILE *file = answer(query, kind);
  if (!file) return;
  while ((count = fread(buffer, 1, sizeof buffer, file)) > 0) fwrite(buffer, 1, count, to);
  fclose(file);
}

static double number(const char *query, const char *kind) {
  double value = 0;
  FILE *file = answer(query, kind);
  if (!file) return 0;
  if (fscanf(file, "%lf", &value) != 1) value = 0;
  fclose(file);
  return value;
}

static void wait_for(double seconds) {
  struct timespec rest = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
  nanosleep(&rest, NULL);
}

static void refuse(void) {
  printf("Invalid combination of input arguments. Please run 'nvidia-smi -h' for help.\n");
  exit(2);
}

static void refuse_unknown(const char *fields) {
  char line[256], field[sizeof line + 2], all[4096];
  FILE *file = answer("unknown-fields", "");
  snprintf(all, sizeof all, ",%s,", fields);
  while (file && fgets(line, sizeof line, file)) {
    line[strcspn(line, "\n")] = 0;
    snprintf(field, sizeof field, ",%s,", line);
    if (!strstr(all, field)) continue;
    printf("Field \"%s\" is not a valid field to query.\n\n", line);
    exit(2);
  }
  if (file) fclose(file);
}

static const char *pmon(int count, char **arguments) {
  for (int index = 2; index < count; index++) {
    const char *argument = arguments[index];
    int is_one = !strcmp(argument, "-i") || (!strncmp(argument, "-i", 2) && strchr("0123456789", argument[2]));
    if (is_one || !strcmp(argument, "--id") || !strncmp(argument, "--id=", 5)) return is_there("pmon-i") ? "pmon-i" : "pmon";
  }
  return "pmon";
}

static const char *query_of(int count, char **arguments, const char **fields) {
  const char *first = count > 1 ? arguments[1] : "";
  if (!strncmp(first, "--query-gpu=", 12)) return *fields = first + 12, "query-gpu";
  if (!strncmp(first, "--query-compute-apps=", 21)) return *fields = first + 21, "query-compute-apps";
  if (!strcmp(first, "pmon")) return pmon(count, arguments);
  if (!strcmp(first, "dmon")) return "dmon";
  if (!strcmp(first, "-L") || !strcmp(first, "--list-gpus")) return "list";
  return *first ? NULL : "table";
}

static void find_answers(void) {
  const char *node = getenv("GPU_SESSIONS_FIXTURE");
  if (node) {
    snprintf(answers, sizeof answers, "%s/nvidia-smi", node);
    return;
  }
  ssize_t length = readlink("/proc/self/exe", answers, sizeof answers - sizeof ".answers");
  if (length < 0) exit(2);
  strcpy(answers + length, ".answers");
}

int main(int count, char **arguments) {
  const char *fields = "";
  find_answers();
  const char *query = query_of(count, arguments, &fields);
  if (!query) refuse();
  if (!is_there(query)) query = "all";
  if (!is_there(query)) refuse();
  wait_for(number(query, ".delay"));
  refuse_unknown(fields);
  copy(query, ".stderr", stderr);
  copy(query, ".stdout", stdout);
  return (int)number(query, ".exit");
}
