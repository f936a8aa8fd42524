import GPUSessions

/// The files of a ``SharedNode``, and what nvidia-smi says there.
extension SharedNode {
  /// The node as the program finds it.
  var recorded: RecordedNode {
    var node = RecordedNode([])
    for (query, output) in answers { node.add(Array("nvidia-smi/\(query).stdout".utf8), output) }
    addNode(to: &node)
    for member in members { add(member, to: &node) }
    for pod in pods { add(pod, to: &node) }
    for name in texts.directories { node.add(Array("root/var/log/pods/".utf8) + name + Array("/".utf8), []) }
    // A link with the name of another pod's replaces it, as a pod that can write to `/var/log` may do.
    for link in texts.links { node.add(Array("@root/var/log/containers/".utf8) + link.name, link.target) }
    return node
  }

  private func addNode(to node: inout RecordedNode) {
    let files = [
      "proc/uptime": "90000.00 180000.00\n", "proc/stat": "cpu  1 2 3\nbtime 1763700000\n",
      "proc/2/stat": SharedNode.stat(2, Array("kthreadd".utf8), parent: 0).asText,
      "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nalice:x:1001:1001::/home/alice:/bin/sh\n",
      "sys/fs/cgroup/cgroup.controllers": "cpu memory pids\n",
      "var/lib/kubelet/device-plugins/kubelet_internal_checkpoint": checkpoint,
    ]
    for (path, content) in files { node.add(Array("root/\(path)".utf8), Array(content.utf8)) }
    node.add(Array("@root/proc/self/ns/pid".utf8), Array("pid:[4026531836]".utf8))
  }

  private func add(_ member: Member, to node: inout RecordedNode) {
    let folder = "root/proc/\(member.pid)/"
    node.add(Array((folder + "stat").utf8), SharedNode.stat(member.pid, member.comm, parent: 1))
    let path =
      Array((member.pod.map(cgroupPath) ?? "/user.slice/user-1001.slice/session-42.scope").utf8) + member.cgroup
    node.add(Array((folder + "cgroup").utf8), Array("0::".utf8) + path + [0x0A])
    node.add(Array("root/sys/fs/cgroup".utf8) + path + Array("/cgroup.procs".utf8), Array("\(member.pid)\n".utf8))
    // In this file the kernel writes line feeds and backslashes of the name as `\n` and `\\`.
    let name = member.comm.flatMap { $0 == 0x0A ? Array("\\n".utf8) : $0 == 0x5C ? [0x5C, 0x5C] : [$0] }
    let uid = member.pod == nil ? 1001 : 0
    let rest = "\nState:\tS (sleeping)\nUid:\t\(uid)\t\(uid)\t\(uid)\t\(uid)\nNSpid:\t\(member.pid)\n"
    node.add(Array((folder + "status").utf8), Array("Name:\t".utf8) + name + Array(rest.utf8))
  }

  private static func stat(_ pid: Int32, _ comm: [UInt8], parent: Int32) -> [UInt8] {
    Array("\(pid) (".utf8) + comm
      + Array(
        ") S \(parent) \(pid) \(pid) 0 -1 4194560 1 0 2 0 3 4 0 0 20 0 16 0 5376146 87000000000 2457268 18446744073709551615\n"
          .utf8)
  }

  /// The cgroup of the pod's container.
  private func cgroupPath(_ pod: Pod) -> String {
    if shape.contains(.cgroupfs) { return "/kubepods/pod\(pod.uid)/\(pod.containerID)" }
    let uid = pod.uid.replacing("-", with: "_")
    return "/kubepods.slice/kubepods-pod\(uid).slice/cri-containerd-\(pod.containerID).scope"
  }

  /// Adds the runtime's file and, for a pod other than A's, what the kubelet has in `/var/log`.
  private func add(_ pod: Pod, to node: inout RecordedNode) {
    let tasks = "root/run/containerd/io.containerd.runtime.v2.task/k8s.io"
    let key = "io.kubernetes.cri."
    let bundle = """
      {"ociVersion":"1.2.0","annotations":{"\(key)container-type":"container","\(key)container-name":"\(pod.container)",\
      "\(key)sandbox-name":"\(pod.name)","\(key)sandbox-namespace":"\(pod.namespace)","\(key)sandbox-uid":"\(pod.uid)"}}
      """
    node.add(Array("\(tasks)/\(pod.containerID)/config.json".utf8), Array(bundle.utf8))
    node.add(Array("root/sys/fs/cgroup\(cgroupPath(pod))/cgroup.procs".utf8), [])
    if pod.uid == podOfA.uid { return }
    node.add(Array("root/var/log/pods/\(pod.logDirectory)/\(pod.container)/0.log".utf8), [])
    node.add(Array("@root/var/log/containers/\(pod.link)".utf8), Array(pod.linkTarget.utf8))
  }

  private var checkpoint: String {
    let entries = pods.map { pod in
      """
      {"PodUID":"\(pod.uid)","ContainerName":"\(pod.container)","ResourceName":"nvidia.com/gpu",\
      "DeviceIDs":{"0":["\(pod.deviceID)"]},"AllocResp":""}
      """
    }
    return
      "{\"Data\":{\"PodDeviceEntries\":[\(entries.joined(separator: ","))],\"RegisteredDevices\":{}},\"Checksum\":1}"
  }
}
