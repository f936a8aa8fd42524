import GPUSessions
import Testing

/// Whole runs in which the container runtime names a pod.
@Suite struct PodNameResolverTests {
  private let uuid = FakeGPU(index: 0).uuid

  /// Adds the bundle of the pod's container, which gives the pod a name.
  private func addBundle(_ node: FakeHost, pod: String) {
    let tasks = "/run/containerd/io.containerd.runtime.v2.task"
    let key = "io.kubernetes.cri"
    node.directories[tasks] = .names(["k8s.io"])
    node.write(
      "\(tasks)/k8s.io/\(FakeHost.containerID)/config.json",
      """
      {"annotations":{"\(key).container-type":"container","\(key).container-name":"main",
      "\(key).sandbox-name":"\(pod)","\(key).sandbox-namespace":"team-a","\(key).sandbox-uid":"\(FakeHost.podUID)"}}
      """)
  }

  @Test func theRuntimeDecidesBetweenTwoNamesOfOnePod() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    let uid = FakeHost.podUID
    node.directories["/var/log/pods"] = .names(["team-a_b_\(uid)", "team-a_c_\(uid)"])
    addBundle(node, pod: "b")
    let run = FakeRun(node)
    #expect(
      run.file.rows("gpu_process_info").first?.contains("pod=\"b\",namespace=\"team-a\",container=\"main\"") == true
    )
    #expect(run.file.problems("attribution_conflict") == "1")
  }

  @Test func aPodThatOnlyTheRuntimeNamesHasThatNameInItsAllocationsToo() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    let uid = FakeHost.podUID
    node.directories["/var/log/pods"] = .absent
    node.directories["/var/log/containers"] = .absent
    addBundle(node, pod: "b")
    node.directories["/sys/fs/cgroup"] = .names(["cgroup.controllers", "kubepods"])
    node.directories["/sys/fs/cgroup/kubepods"] = .names(["pod\(uid)"])
    node.write(
      "/var/lib/kubelet/device-plugins/kubelet_internal_checkpoint",
      #"{"Data":{"PodDeviceEntries":[{"PodUID":"\#(uid)","ContainerName":"main","ResourceName":"nvidia.com/gpu","#
        + #""DeviceIDs":["\#(uuid)"]}]}}"#)
    let run = FakeRun(node)
    let labels = "pod=\"b\",namespace=\"team-a\",container=\"main\""
    #expect(run.file.rows("gpu_process_info").first?.contains(labels) == true)
    #expect(run.file.rows("gpu_allocation_info").map { $0.contains(labels) } == [true])
    #expect(run.file.problems("pod_name_unknown") == "0")
  }
}
