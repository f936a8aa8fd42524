/// Why a run could read no device.
package enum CollectionFailure: Error, Sendable, Equatable {
  /// The process runs in a PID namespace other than the host's.
  case foreignPIDNamespace
  /// There is no procfs at this path.
  case noProcfs(String)
  case nvidiaSMINotFound
  /// The path that `--nvidia-smi` names is not an executable file.
  case nvidiaSMINotExecutable(String)
  /// The nvidia-smi at this path could not be started, or its output could not be read to the end.
  case notStarted(String, errno: Errno)
  case driverNotLoaded
  /// The kernel module and the library that nvidia-smi uses have different versions.
  case driverMismatch
  case noDevices
  case noSupportedGPUs
  /// NVML could not be initialised, for a reason that has no case of its own.
  case nvml(NVMLFailure)
  case nvmlLibraryMissing
  case insufficientPermissions
  /// nvidia-smi was killed at the deadline.
  case timedOut
  /// nvidia-smi was killed at the deadline and did not end: it waits in the kernel.
  case abandoned
  /// An nvidia-smi of an earlier collection still waits in the kernel.
  case earlierChildAlive
  /// Reading the node's files did not end in time.
  case filesHang
  /// nvidia-smi was killed because it wrote more than a collection reads.
  case tooMuchOutput
  case crashed(signal: Int32)
  /// SIGTERM or SIGINT arrived during the collection.
  case terminated
  /// The output has no list of this kind and no message that explains why.
  case notAList(what: String, exit: Int32)
  /// Every GPU has a row or a complaint, and none could be read.
  case noReadableDevice
  /// The collector of another node could read no device, and counts a reason that has no case without a value here.
  case published(kind: String)
  /// A page of metrics says that there is a collector, and nothing of devices.
  case nothingPublished

  /// One sentence for standard error, without the final stop: what happened and, in parentheses, what helps.
  package var sentence: String { sentence(reason: nil) }

  /// The same sentence with nvidia-smi's own reason in it, if there is one.
  package func sentence(reason: String?) -> String { "\(quoting(reason, after: fact)) (\(remedy))" }

  /// What happened, without a final stop and without parentheses at the end.
  package var fact: String {
    switch self {
    case .foreignPIDNamespace:
      "this process does not see the host's PIDs, so nvidia-smi's process list would be empty or have wrong PIDs"
    case .noProcfs(let path): "there is no procfs at \(path)"
    case .nvidiaSMINotFound: "nvidia-smi was not found in PATH or in the usual driver locations"
    case .nvidiaSMINotExecutable(let path): "\(path) is not the path of an executable file"
    case .notStarted(let path, let errno):
      "\(path) could not be started, or its output could not be read: \(errno.reason)"
    case .driverNotLoaded:
      "nvidia-smi cannot talk to the NVIDIA driver: it is not loaded, or /dev/nvidia* is missing"
    case .driverMismatch: "the loaded NVIDIA driver and its library have different versions"
    case .noDevices:
      "nvidia-smi found no devices: no GPU is bound to the NVIDIA driver, or none could be initialised"
    case .noSupportedGPUs: "nvidia-smi found no supported GPU: none is bound to the NVIDIA driver"
    case .nvml(let failure): failure.fact
    case .nvmlLibraryMissing:
      "nvidia-smi cannot find libnvidia-ml.so: the driver's libraries are not installed here"
    case .insufficientPermissions: "NVML refuses this user: insufficient permissions"
    case .timedOut: "nvidia-smi gave no answer in time and was killed"
    case .abandoned: "nvidia-smi gave no answer in time and cannot be killed: the driver hangs"
    case .earlierChildAlive: "an earlier nvidia-smi still hangs in the driver: no new one was started"
    case .filesHang: "the collection did not end in time: a file system of the node does not answer"
    case .tooMuchOutput: "nvidia-smi wrote more than \(NvidiaSMI.outputLimit >> 20) MiB and was stopped"
    case .crashed(let signal): "nvidia-smi was ended by signal \(signal)"
    case .terminated: "stopped by SIGTERM or SIGINT before the collection was complete"
    case .notAList(let what, let exit): "nvidia-smi gave no \(what) and ended with exit status \(exit)"
    case .noReadableDevice: "no GPU could be read"
    case .published(let kind): "the node's collector could not read any device; it counts the reason as \(kind)"
    case .nothingPublished: "the metrics say nothing about the node's devices"
    }
  }

  /// What helps: a command or a setting. `gpu-sessions check` prints it below the fact.
  package var remedy: String {
    switch self {
    case .foreignPIDNamespace: "run it on the host; in a pod with hostPID: true, in Docker with --pid=host"
    case .noProcfs: "name the node's procfs with --proc DIR, or its root with --host-root DIR"
    case .nvidiaSMINotFound: "install the NVIDIA driver, or name nvidia-smi with --nvidia-smi PATH"
    case .nvidiaSMINotExecutable: "give the full path of nvidia-smi with --nvidia-smi PATH, or omit the option"
    case .notStarted(let path, _): "run it by hand to see the reason: \(path.quoted)"
    case .driverNotLoaded:
      "sudo modprobe nvidia, then sudo nvidia-smi; if one of them fails: dmesg | grep -i nvidia"
    case .driverMismatch:
      "reboot; or stop everything that uses the GPUs and reload the driver: sudo modprobe -r nvidia_uvm nvidia_drm"
        + " nvidia, then sudo modprobe nvidia"
    case .noDevices:
      "look for the driver's message: dmesg | grep -iE 'nvrm|xid'; see which driver has the GPUs: lspci -k -d 10de:"
    case .noSupportedGPUs: "see which driver has the GPUs: lspci -k -d 10de:"
    case .nvml(let failure): failure.remedy
    case .nvmlLibraryMissing: "install the driver's libraries; in a container use the NVIDIA Container Toolkit"
    case .insufficientPermissions:
      "run it as root; in a container under SELinux also: sudo setsebool -P container_use_devices on"
    case .timedOut:
      "turn on persistence mode: sudo nvidia-smi -pm 1; if it is on, raise --timeout, and --interval if it is given"
    case .abandoned, .earlierChildAlive: "look for the driver's message: dmesg | grep -iE 'nvrm|xid'; then reboot"
    case .filesHang:
      "find out which: dmesg | tail; or look at /proc, /var/log/pods and /var/lib/kubelet in turn: timeout 5 ls /proc"
    case .tooMuchOutput: "check that --nvidia-smi, or PATH, leads to the driver's own nvidia-smi"
    case .notAList: "run it by hand, and check that --nvidia-smi, or PATH, leads to the driver's own nvidia-smi"
    case .crashed: "look for the reason: dmesg | tail"
    case .terminated: "run it again"
    case .noReadableDevice: "find the cause: sudo gpu-sessions check; if a GPU is lost: dmesg | grep -i xid"
    case .published: "find the cause on the node: sudo gpu-sessions check"
    case .nothingPublished: "select all families: match[]={__name__=~\"gpu_.*\"}"
    }
  }

  /// The stage that counts as failed if no stage has run.
  package var stage: Stage {
    switch self {
    case .foreignPIDNamespace, .noProcfs: .processes
    default: .devices
    }
  }

  /// The `kind` label of `gpu_session_collector_problems` under which a failed run counts its reason.
  package var kind: String {
    switch self {
    case .foreignPIDNamespace: "foreign_pid_namespace"
    case .noProcfs: "no_procfs"
    case .nvidiaSMINotFound, .nvidiaSMINotExecutable: "nvidia_smi_not_found"
    case .notStarted: "nvidia_smi_not_started"
    case .driverNotLoaded: "driver_not_loaded"
    case .driverMismatch: "driver_version_mismatch"
    case .noDevices, .noSupportedGPUs: "no_devices"
    case .nvml: "nvml_unknown_error"
    case .nvmlLibraryMissing: "nvml_library_missing"
    case .insufficientPermissions: "nvml_insufficient_permissions"
    case .timedOut: "nvidia_smi_timed_out"
    case .abandoned, .earlierChildAlive: "nvidia_smi_hangs"
    case .filesHang: "files_hang"
    case .tooMuchOutput: "nvidia_smi_output_too_long"
    case .crashed: "nvidia_smi_crashed"
    case .terminated: "terminated"
    case .notAList: "nvidia_smi_unintelligible"
    case .noReadableDevice: "no_readable_device"
    case .published(let kind): kind
    case .nothingPublished: "nothing_published"
    }
  }
}
