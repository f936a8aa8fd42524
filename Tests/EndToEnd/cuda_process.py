#!/usr/bin/env python3
"""A real CUDA process: takes memory of the first GPU that it may see and keeps writing to it, until its input ends.

usage: cuda_process.py MIB [CONTEXTS]
It needs the driver's library alone. Once the memory is taken, so much in each context, it prints a line.
"""

import ctypes
import select
import sys


def check(name, status):
    if status != 0:
        sys.exit(f"cuda_process.py: {name}: CUDA error {status}")


def call(driver, name, *arguments):
    check(name, getattr(driver, name)(*arguments))


def held(driver, size):
    """Memory in a context of its own, which is the present one then."""
    device, context, memory = ctypes.c_int(), ctypes.c_void_p(), ctypes.c_uint64()
    call(driver, "cuDeviceGet", ctypes.byref(device), 0)
    call(driver, "cuCtxCreate_v2", ctypes.byref(context), 0, device)
    call(driver, "cuMemAlloc_v2", ctypes.byref(memory), ctypes.c_size_t(size))
    return memory


def main():
    size = int(sys.argv[1]) << 20
    driver = ctypes.CDLL("libcuda.so.1")
    call(driver, "cuInit", 0)
    for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 1):
        memory = held(driver, size)
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], 0)[0]:
        call(driver, "cuMemsetD8_v2", memory, ctypes.c_ubyte(1), ctypes.c_size_t(size))
        call(driver, "cuCtxSynchronize")


if __name__ == "__main__":
    main()
