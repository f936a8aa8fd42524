import GPUSessions

extension FakeHost {
  /// A process of this user that may supervise containers: it started before all others.
  func addMonitor(_ pid: Int32, _ comm: String, cgroup: String, uid: Int = 0, arguments: [String]) {
    addProcess(pid, comm: comm, start: 10, cgroup: "0::/\(cgroup)\n")
    write("/proc/\(pid)/status", "Uid:\t\(uid)\t\(uid)\t\(uid)\t\(uid)\nNSpid:\t\(pid)\n")
    write("/proc/\(pid)/cmdline", arguments.map { $0 + "\0" }.joined())
  }

  /// Adds the bundle that containerd keeps of the container of ``FakeHost/node(gpus:_:)``.
  func addBundle(pod: String, uid: String = FakeHost.podUID, container: String? = "main") {
    let tasks = "/run/containerd/io.containerd.runtime.v2.task"
    let key = "io.kubernetes.cri"
    let name = container.map { "\"\(key).container-name\":\"\($0)\"," } ?? ""
    directories[tasks] = .names(["k8s.io"])
    write(
      "\(tasks)/k8s.io/\(FakeHost.containerID)/config.json",
      """
      {"annotations":{"\(key).container-type":"container",\(name)"\(key).sandbox-name":"\(pod)",
      "\(key).sandbox-namespace":"team-a","\(key).sandbox-uid":"\(uid)"}}
      """)
  }
}
