import CMalloc

/// Keeps what is freed for what comes next, and asks the kernel for larger pieces, by `mallopt(3)`.
///
/// A run is short, and each page that it gives back and asks for again is cleared once more: a tenth of its page faults.
func keepFreedMemory() {
  let (mebibyte, never) = (Int32(1 << 20), Int32.max)
  mallopt(M_TRIM_THRESHOLD, never)
  mallopt(M_MMAP_THRESHOLD, 32 * mebibyte)
  mallopt(M_TOP_PAD, mebibyte)
}

/// Gives back to the kernel what is free, by `malloc_trim(3)`: for a process that waits for its next run.
func giveBackFreedMemory() {
  malloc_trim(0)
}
