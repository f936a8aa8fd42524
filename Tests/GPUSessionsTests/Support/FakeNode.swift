import GPUSessions

/// One row of the GPU list.
struct FakeGPU {
  var index: Int
  var mig = "Disabled"
  var uuid: String { "GPU-\(index)0000000-0000-0000-0000-000000000000" }

  fileprivate var row: String {
    "\(index), \(uuid), 00000000:0\(index):00.0, NVIDIA H100 80GB HBM3, 590.48.01, \(mig), 50 %, 81559 MiB,"
      + " 20000 MiB, 40, 300.00 W, 700.00 W\n"
  }

  static func table(_ gpus: [FakeGPU]) -> String {
    "index, uuid, pci.bus_id, name, driver_version, mig.mode.current, utilization.gpu [%],"
      + " memory.total [MiB], memory.used [MiB], temperature.gpu, power.draw [W], power.limit [W]\n"
      + gpus.map(\.row).joined()
  }
}

/// One process as nvidia-smi lists it.
struct FakeProcess {
  var gpu = 0
  var pid: Int32
  var name = "/usr/bin/python3"
  var memory = "1024 MiB"
  var type = "C"
  /// GPU instance and compute instance, in the table.
  var instance: (Int, Int)?

  static func table(_ processes: [FakeProcess]) -> String {
    "gpu_uuid, pid, used_gpu_memory [MiB]\n"
      + processes.map { "\(FakeGPU(index: $0.gpu).uuid), \($0.pid), \($0.memory)\n" }.joined()
  }

  /// pmon's rows; GPUs in `idle` have their row without a process.
  static func pmon(_ processes: [FakeProcess], idle: [Int] = []) -> String {
    "# gpu         pid   type     sm    mem    enc    dec    command\n"
      + "# Idx           #    C/G      %      %      %      %    name\n"
      + processes.map {
        "    \($0.gpu)      \($0.pid)     \($0.type)     30     10      -      -    python3        \n"
      }.joined()
      + idle.map { "    \($0)          -     -      -      -      -      -    -              \n" }.joined()
  }
}

extension FakeHost {
  static let podUID = "02e80cad-3085-4297-89fa-bef683c3d2f6"
  static let containerID = String(repeating: "0123456789abcdef", count: 4)

  /// The host's PIDs are seen, `/usr/bin/nvidia-smi` is there, nothing runs.
  static func empty() -> FakeHost {
    let node = FakeHost()
    node.executables = ["/usr/bin/nvidia-smi"]
    node.links["/proc/self/ns/pid"] = "pid:[4026531836]"
    node.write("/proc/uptime", "90000.25 180000.00\n")
    node.write("/proc/stat", "cpu 1 2 3\nbtime 1700000000\n")
    return node
  }

  /// Whole GPUs with processes that both lists and `/proc` have, all in one pod `team-a/sweep-0`.
  static func node(gpus: [FakeGPU] = [.init(index: 0)], _ processes: [FakeProcess]) -> FakeHost {
    let node = empty()
    let busy = Set(processes.map(\.gpu))
    node.answers[.gpus] = [.text(FakeGPU.table(gpus))]
    node.answers[.apps] = [.text(FakeProcess.table(processes))]
    node.answers[.pmon] = [
      .text(FakeProcess.pmon(processes, idle: gpus.map(\.index).filter { !busy.contains($0) }))
    ]
    node.answers[.table] = [.text(FakeTable(processes: processes).text)]
    for process in processes { node.addProcess(process.pid) }
    node.directories["/var/log/pods"] = .names(["team-a_sweep-0_\(podUID)"])
    let name = "sweep-0_team-a_main-\(containerID).log"
    node.directories["/var/log/containers"] = .names([name])
    node.links["/var/log/containers/" + name] = "/var/log/pods/team-a_sweep-0_\(podUID)/main/0.log"
    return node
  }

  func write(_ path: String, _ text: String) { files[path] = .bytes(Array(text.utf8)) }

  /// Files of one process, in the pod unless a cgroup is given.
  func addProcess(_ pid: Int32, comm: String = "comm", start: UInt64 = 5_000, cgroup: String? = nil) {
    let uid = String(FakeHost.podUID.map { $0 == "-" ? "_" : $0 })
    write(
      "/proc/\(pid)/stat",
      "\(pid) (\(comm)) S 1 \(pid) \(pid) 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 \(start) 1000 2\n")
    write(
      "/proc/\(pid)/cgroup",
      cgroup ?? "0::/kubepods.slice/kubepods-pod\(uid).slice/cri-containerd-\(FakeHost.containerID).scope\n")
    write("/proc/\(pid)/status", "Uid:\t1000\t1000\t1000\t1000\nNSpid:\t\(pid)\n")
  }

  /// Labels of an active session of that pod, in the order in which they are published.
  static func named(gpu: String, pid: Int32, uuid: String, command: String = "python3") -> String {
    "{gpu=\"\(gpu)\",pid=\"\(pid)\",command=\"\(command)\",pod=\"sweep-0\",namespace=\"team-a\","
      + "container=\"main\",status=\"active\",gpu_memory=\"1024MiB\",uuid=\"\(uuid)\",type=\"C\","
      + "pod_uid=\"\(podUID)\"} 1"
  }

  /// Labels of an active session without any name.
  static func unnamed(gpu: String, pid: Int32, uuid: String) -> String {
    "{gpu=\"\(gpu)\",pid=\"\(pid)\",command=\"python3\",pod=\"\",namespace=\"\","
      + "container=\"\",status=\"active\",gpu_memory=\"1024MiB\",uuid=\"\(uuid)\",type=\"C\"} 1"
  }
}
