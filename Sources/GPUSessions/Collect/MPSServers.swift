/// Tells MPS servers from processes that only call themselves so. A server computes for its clients and is no session.
///
/// A process chooses its name, so the name alone proves nothing: a server also holds little memory of its own, and it has
/// clients on its device or was started by MPS's daemon. A process without clients that computes is a session.
struct MPSServers {
  /// The devices with a client, which nvidia-smi shows by its type.
  private let withClients: Set<Device>
  private let procFS: ProcFS

  init(among processes: [DeviceProcess], _ procFS: ProcFS) {
    withClients = Set(processes.lazy.filter { $0.type == "M+C" }.map(\.device))
    self.procFS = procFS
  }

  /// Whether the process is an MPS server; `parent` is the PID of its parent, `nil` if that is not known.
  func contain(_ process: DeviceProcess, command: String, parent: Int32?) -> Bool {
    guard command == "nvidia-cuda-mps-server", process.type ?? "C" == "C",
      let memory = process.memoryBytes, memory <= MPSServers.memoryLimit
    else { return false }
    if withClients.contains(process.device) { return true }
    return process.utilization.sm ?? 0 == 0 && parent.map(isDaemon) ?? false
  }

  /// Whether this is `nvidia-cuda-mps-control`, by the kernel's name, which is cut at 15 bytes.
  private func isDaemon(_ pid: Int32) -> Bool {
    guard let bytes = procFS.host.readFile("\(procFS.root)/\(pid)/stat", ProcFS.statLimit).contents else {
      return false
    }
    return ProcessStat(bytes)?.comm.equals("nvidia-cuda-mps") ?? false
  }

  /// The most memory that a server holds by itself, 128 MiB. Servers of drivers 450 to 580 hold 25 to 66 MiB on a device. On
  /// the H200 a process that computes without MPS holds 518 MiB at least, so it cannot pass for one (driver 580).
  private static let memoryLimit: UInt64 = 128 << 20
}
