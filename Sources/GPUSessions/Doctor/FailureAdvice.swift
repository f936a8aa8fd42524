extension CollectionFailure {
  /// One command or setting that helps against it.
  var advice: String {
    switch self {
    case .foreignPIDNamespace: "run it on the host; in a pod with hostPID: true, in Docker with --pid=host"
    case .noProcfs: "name the node's procfs with --proc DIR"
    case .nvidiaSMINotFound: "install the NVIDIA driver, or name nvidia-smi with --nvidia-smi PATH"
    case .nvidiaSMINotExecutable: "name an executable nvidia-smi with --nvidia-smi PATH, or leave it away"
    case .notStarted(let path, _): "see whether it starts by hand: \(path.quoted)"
    case .driverNotLoaded: "sudo modprobe nvidia; if that fails: dmesg | grep -i nvidia"
    case .driverMismatch: "stop what uses the GPUs and reload the module (sudo rmmod nvidia), or reboot"
    case .noDevices, .noSupportedGPUs: "see which driver has the GPUs: lspci -k -d 10de:"
    case .nvmlUnknownError: "restart the container; on a host: dmesg | grep -i nvrm"
    case .nvmlLibraryMissing:
      "install the driver's libraries (libnvidia-ml.so), in a container by the NVIDIA toolkit"
    case .insufficientPermissions: "run it as root: sudo gpu-sessions check"
    case .timedOut: "sudo nvidia-smi -pm 1 (persistence mode); if it is on, raise --timeout"
    case .abandoned, .earlierChildAlive: "look for the driver's complaint and reboot: dmesg | grep -iE 'nvrm|xid'"
    case .tooMuchOutput, .notAList: "name the driver's own nvidia-smi with --nvidia-smi PATH"
    case .crashed: "look for the reason: dmesg | tail"
    case .terminated: "run it again"
    case .noReadableDevice: "look for Xid messages: dmesg | grep -i xid"
    }
  }
}
