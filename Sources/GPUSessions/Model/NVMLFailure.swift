/// What the reason in `Failed to initialize NVML: REASON` points to, as far as it decides what helps.
package enum NVMLFailure: Sendable, Equatable, CaseIterable {
  /// `Unknown Error`: mostly a container whose device cgroup was set anew (nvidia-container-toolkit, issue 48).
  case unknownError
  /// `GPU access blocked by the operating system`: WSL2 (WSL, issue 9938), and containers with `no-cgroups = true`.
  case blocked
  /// `N/A`: WSL2 with a GPU that Windows does not hand out (WSL, issue 11755).
  case notAvailable
  /// `GPU is lost`, `GPU requires reset`: strings of `nvmlErrorString`.
  case lostGPU
  /// Any other reason.
  case other

  /// What happened, as in ``CollectionFailure/fact``.
  var fact: String {
    switch self {
    case .unknownError:
      "NVML could not be initialised: in a container this usually means that the container lost its GPU devices"
    case .blocked: "NVML could not be initialised: the operating system denies access to the GPUs"
    case .notAvailable: "NVML could not be initialised: on WSL2 this means that Windows does not provide the GPU"
    case .lostGPU: "NVML could not be initialised: a GPU does not answer"
    case .other: "NVML could not be initialised"
    }
  }

  /// What helps, as in ``CollectionFailure/remedy``.
  var remedy: String {
    switch self {
    case .unknownError: "restart the container; on a host: dmesg | grep -i nvrm"
    case .blocked:
      "on WSL2: update the driver in Windows, then run wsl --shutdown there; in a container: its device cgroup"
        + " denies /dev/nvidia*; set no-cgroups = false in /etc/nvidia-container-runtime/config.toml, then create the"
        + " container again"
    case .notAvailable:
      "run nvidia-smi in Windows to see the reason, then wsl --shutdown there; then create the containers again"
    case .lostGPU: "look for the reason: dmesg | grep -i xid; then reset the GPU or reboot"
    case .other: "look for the driver's message: dmesg | grep -iE 'nvrm|xid'; in a container: restart the container"
    }
  }
}

/// Returns the sentence with nvidia-smi's own words behind it; the sentence alone if there are none.
func quoting(_ words: String?, after sentence: String) -> String {
  words.map { "\(sentence); nvidia-smi says \"\($0)\"" } ?? sentence
}
