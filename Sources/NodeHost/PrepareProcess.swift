import Glibc

/// Undoes what the parent process may have changed for this one. Must be called before anything else.
///
/// Opens descriptors 0 to 2 if they are closed, restores the default action of ignored signals, ignores SIGPIPE, and
/// blocks SIGTERM and SIGINT, so that `Host.isTerminated` finds them pending.
package func prepareProcess() {
  openStandardDescriptors()
  resetIgnoredSignals()
  signal(SIGPIPE, SIG_IGN)
  blockTerminationOnly()
}

/// Opens `/dev/null` on each of the descriptors 0 to 2 that is closed, by `fcntl(2)` and `open(2)`.
///
/// Otherwise the first file that is opened would become standard output, and messages would be written into it.
func openStandardDescriptors() {
  for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) == -1 {
    // open(2) returns the lowest free number, which is this one, since all lower ones are open.
    _ = open("/dev/null", O_RDWR)
  }
}
