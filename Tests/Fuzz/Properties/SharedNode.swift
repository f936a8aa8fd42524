import GPUSessions

/// A node that process A shares with others: three GPUs, of which GPU 0 is whole, GPU 1 has two MIG instances, and GPU 2 is idle.
struct SharedNode {
  /// Which form of the node it is.
  struct Shape: OptionSet {
    let rawValue: UInt8

    /// A runs on the second instance of GPU 1, and not on GPU 0.
    static let onInstance = Shape(rawValue: 1)
    /// GPU 0 has so many processes that pmon repeats its header.
    static let crowded = Shape(rawValue: 2)
    /// The kubelet's cgroup driver is cgroupfs, and not systemd.
    static let cgroupfs = Shape(rawValue: 4)
    static let all: Shape = [.onInstance, .crowded, .cgroupfs]

    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The form that the lowest bits of a byte choose.
    init(_ byte: UInt8) { rawValue = byte & 7 }
  }

  struct Pod {
    var namespace, name, container, uid, containerID: String
    /// The ID of the device that the kubelet has handed to the container.
    var deviceID: String

    var logDirectory: String { "\(namespace)_\(name)_\(uid)" }
    var link: String { "\(name)_\(namespace)_\(container)-\(containerID).log" }
    var linkTarget: String { "/var/log/pods/\(logDirectory)/\(container)/0.log" }
  }

  struct Member {
    var pid: Int32
    var gpu: Int
    var instance: InstanceID?
    var memory: UInt64
    /// `nil` for a process of a user who is logged in.
    var pod: Pod?
    var title = Array("/usr/bin/python3".utf8)
    var comm = Array("python3".utf8)
    /// The part of the cgroup path below the container.
    var cgroup: [UInt8] = []

    var isA: Bool { pid == SharedNode.pid }
  }

  /// The PID of A.
  static let pid: Int32 = 4242

  static let gpuUUIDs = [
    "GPU-1903909e-76c9-e960-2992-bb6544f95a0c", "GPU-6bdf589d-3a06-d30c-d28f-7092407cd084",
    "GPU-a305016d-6c4b-6313-7135-9081bf97b333",
  ]
  static let instanceUUIDs = [
    "MIG-89620e04-fad6-5f6c-9d7e-4e384eadf0cf", "MIG-00ab1e47-a7ad-54a1-b56a-fc693e3e4f9d",
  ]
  static let instanceIDs = [
    InstanceID(gpuInstance: 1, computeInstance: 0), InstanceID(gpuInstance: 2, computeInstance: 0),
  ]

  let shape: Shape
  let texts: ChosenTexts
  /// The processes in nvidia-smi's order: by GPU, A between the others.
  private(set) var members: [Member] = []

  init(_ shape: Shape, _ texts: ChosenTexts) {
    (self.shape, self.texts) = (shape, texts)
    let isOnInstance = shape.contains(.onInstance)
    members.append(Member(pid: 3001, gpu: 0, memory: 1_002, pod: SharedNode.victim))
    if !isOnInstance { members.append(a(on: 0, nil)) }
    members.append(Member(pid: 6004, gpu: 0, memory: 582))
    if shape.contains(.crowded) {
      members += (0..<44).map { Member(pid: 5000 + $0, gpu: 0, memory: 300, pod: SharedNode.victim) }
    }
    if isOnInstance { members.append(a(on: 1, SharedNode.instanceIDs[1])) }
    members.append(
      Member(pid: 3002, gpu: 1, instance: SharedNode.instanceIDs[0], memory: 2_296, pod: SharedNode.neighbour))
  }

  private func a(on gpu: Int, _ instance: InstanceID?) -> Member {
    // Without a name it would have no row in the table, and no instance.
    let title = instance != nil && texts.title.allSatisfy { $0 == 0x20 } ? Array("A".utf8) : texts.title
    return Member(
      pid: SharedNode.pid, gpu: gpu, instance: instance, memory: 582, pod: podOfA, title: title, comm: texts.comm,
      cgroup: texts.cgroup)
  }

  var pods: [Pod] { [SharedNode.victim, SharedNode.neighbour, podOfA] }

  /// The pod of A.
  var podOfA: Pod {
    Pod(
      namespace: "lab", name: "sweep-0", container: "main", uid: "0893803b-f705-4f97-a37f-ed3551bd50ef",
      containerID: String(repeating: "a1", count: 32),
      deviceID: shape.contains(.onInstance) ? SharedNode.instanceUUIDs[1] : SharedNode.gpuUUIDs[0] + "::1")
  }

  /// The pod of the processes that run on GPU 0 beside A.
  private static let victim = Pod(
    namespace: "prod", name: "llm-7d9c5b6f4-x2kqp", container: "server",
    uid: "59cc78f6-5001-40fb-a21a-7c9047efa4d2",
    containerID: String(repeating: "b2", count: 32), deviceID: gpuUUIDs[0] + "::0")
  /// The pod of the process on the first instance of GPU 1.
  private static let neighbour = Pod(
    namespace: "team-b", name: "whisper-0", container: "asr", uid: "2ee656f9-58d4-4448-a2d8-39be3014151a",
    containerID: String(repeating: "c3", count: 32), deviceID: instanceUUIDs[0])
}
