/// Why a run could read no device. The sentence is for the person at the node.
package enum CollectionFailure: Error, Sendable, Equatable {
  case foreignPIDNamespace
  /// No procfs at this path.
  case noProcfs(String)
  case nvidiaSMINotFound
  case nvidiaSMINotExecutable(String)
  case notStarted(String, errno: Errno)
  case driverNotLoaded
  case driverMismatch
  case noDevices
  case noSupportedGPUs
  case nvmlUnknownError
  case nvmlLibraryMissing
  case insufficientPermissions
  case timedOut
  case abandoned
  case earlierChildAlive
  case tooMuchOutput
  case crashed(signal: Int32)
  case terminated
  /// No list in the answer and no message that explains it.
  case notAList(what: String, exit: Int32)
  /// Every GPU has a row or a complaint, and none could be read.
  case noReadableDevice

  /// One sentence without the final stop: what happened and what helps.
  package var sentence: String { fact + help }

  /// What happened.
  package var fact: String {
    switch self {
    case .foreignPIDNamespace:
      "this process does not see the host's PIDs, so nvidia-smi's process list would be empty or foreign"
    case .noProcfs(let path): "there is no procfs at \(path)"
    case .nvidiaSMINotFound: "nvidia-smi was not found in PATH or in the usual driver locations"
    case .nvidiaSMINotExecutable(let path): "\(path) is not an executable file"
    case .notStarted(let path, let errno):
      "\(path) could not be started, or not read to its end (errno \(errno.rawValue))"
    case .driverNotLoaded: "nvidia-smi cannot talk to the NVIDIA driver: it is not loaded"
    case .driverMismatch: "the loaded NVIDIA driver and its library have different versions"
    case .noDevices: "nvidia-smi found no devices: no GPU is bound to the NVIDIA driver"
    case .noSupportedGPUs: "nvidia-smi found no supported GPU: none is bound to the NVIDIA driver"
    case .nvmlUnknownError:
      "NVML could not be initialised: in a container this usually means that its GPU devices were taken away"
    case .nvmlLibraryMissing:
      "nvidia-smi cannot find libnvidia-ml.so: the driver's libraries are not installed here"
    case .insufficientPermissions: "NVML refuses this user: insufficient permissions"
    case .timedOut: "nvidia-smi gave no answer in time and was killed"
    case .abandoned: "nvidia-smi gave no answer in time and cannot be killed: the driver hangs"
    case .earlierChildAlive: "an earlier nvidia-smi still hangs in the driver: nothing new was started"
    case .tooMuchOutput: "nvidia-smi wrote more than it ever should and was killed: is it nvidia-smi?"
    case .crashed(let signal): "nvidia-smi was ended by signal \(signal)"
    case .terminated: "asked to end before the collection was complete"
    case .notAList(let what, let exit): "nvidia-smi gave no \(what) (exit status \(exit)): is it nvidia-smi?"
    case .noReadableDevice: "no GPU could be read"
    }
  }

  /// What helps, as it goes on after the fact; empty where that is not known in a few words.
  private var help: String {
    switch self {
    case .foreignPIDNamespace: ": run it on the host, or with hostPID: true"
    case .noProcfs: ": name the node's with --proc, or where its root is mounted with --host-root"
    case .nvidiaSMINotFound: ": install the NVIDIA driver, or name it with --nvidia-smi"
    case .nvidiaSMINotExecutable: " (--nvidia-smi)"
    case .driverNotLoaded: " (try: modprobe nvidia; dmesg)"
    case .driverMismatch: ": reload the driver or reboot"
    case .nvmlUnknownError: " (restart the container)"
    case .timedOut: " (--timeout; is persistence mode on?)"
    default: ""
    }
  }

  /// The stage that fails by it where none has run.
  package var stage: Stage {
    switch self {
    case .foreignPIDNamespace, .noProcfs: .processes
    default: .devices
    }
  }

  /// The `kind` under which a failed run counts its reason.
  package var kind: String {
    switch self {
    case .foreignPIDNamespace: "foreign_pid_namespace"
    case .noProcfs: "no_procfs"
    case .nvidiaSMINotFound, .nvidiaSMINotExecutable: "nvidia_smi_not_found"
    case .notStarted: "nvidia_smi_not_started"
    case .driverNotLoaded: "driver_not_loaded"
    case .driverMismatch: "driver_version_mismatch"
    case .noDevices, .noSupportedGPUs: "no_devices"
    case .nvmlUnknownError: "nvml_unknown_error"
    case .nvmlLibraryMissing: "nvml_library_missing"
    case .insufficientPermissions: "nvml_insufficient_permissions"
    case .timedOut: "nvidia_smi_timed_out"
    case .abandoned, .earlierChildAlive: "nvidia_smi_hangs"
    case .tooMuchOutput: "nvidia_smi_output_too_long"
    case .crashed: "nvidia_smi_crashed"
    case .terminated: "terminated"
    case .notAList: "nvidia_smi_unintelligible"
    case .noReadableDevice: "no_readable_device"
    }
  }
}
