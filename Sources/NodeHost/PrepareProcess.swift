import Glibc

/// Frees this process of what its parent may have left it; to be called before anything else.
///
/// Opens descriptors 0 to 2 where they are closed, resets ignored signals and the signal mask, ignores
/// SIGPIPE, and holds SIGTERM and SIGINT back for `Host.isTerminated`. Never fails.
package func prepareProcess() {
  keepFreedMemory()
  openStandardDescriptors()
  resetIgnoredSignals()
  signal(SIGPIPE, SIG_IGN)
  blockTerminationOnly()
}

/// Opens `/dev/null` on each of the descriptors 0 to 2 that is closed, by `fcntl(2)` and `open(2)`.
///
/// Otherwise the first file opened would become standard output, and a message would land in it.
func openStandardDescriptors() {
  for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) == -1 {
    // The lowest free number is this one, since all below are open.
    _ = open("/dev/null", O_RDWR)
  }
}
