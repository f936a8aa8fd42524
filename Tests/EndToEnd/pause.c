/* What the pause container and the workloads run: nothing, until told to end or until nobody can still be waiting. */

#include <signal.h>
#include <unistd.h>

static void end(int number) {
  (void)number;
  _exit(0);
}

int main(void) {
  signal(SIGTERM, end);
  return (int)sleep(600);
}
