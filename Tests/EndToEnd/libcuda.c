/* What cuda_process.py needs of the driver's library, for tests without a GPU: nothing is held and nothing runs. */

#include <stddef.h>
#include <stdint.h>

int cuInit(unsigned flags) { return flags ? 1 : 0; }

int cuDeviceGet(int *device, int number) { return *device = number, 0; }

int cuCtxCreate_v2(void **context, unsigned flags, int device) { return *context = NULL, (int)flags + device; }

int cuMemAlloc_v2(uint64_t *memory, size_t size) { return *memory = size, 0; }

int cuMemsetD8_v2(uint64_t memory, unsigned char value, size_t size) { return memory == size && value ? 0 : 1; }

int cuCtxSynchronize(void) {
  /* As long as a device would be busy, so that a test's own processors are not. */
  extern int usleep(unsigned);
  return usleep(20000);
}
