/// The MIG devices as `nvidia-smi -L` names them: UUID and profile, which no other output has.
package struct InstanceList {
  package struct Entry: Equatable {
    package var gpuUUID: String
    /// "MIG Dev", dense from 0 per GPU.
    package var deviceIndex: Int
    package var uuid: String
    /// `nil` for a name outside of the grammar.
    package var profile: MIGProfile?
    /// Before R470 the UUID ends in `/<gi>/<ci>`; `nil` since.
    package var instance: InstanceID?
  }

  package private(set) var entries: [Entry] = []
  /// UUIDs of the GPU lines, with or without instances below them.
  package private(set) var gpuUUIDs: [String] = []

  /// Reads `GPU N: NAME (UUID: GPU-…)` and `MIG PROFILE Device N: (UUID: MIG-…)` lines, others are passed over.
  package init(_ output: [UInt8]) {
    var parent: String?
    for line in output.eachLine {
      let line = line.trimmed
      let uuid = InstanceList.uuid(line)
      if line.starts(with: "GPU ") {
        // What stands below a GPU without a UUID belongs to no GPU we know.
        parent = uuid.flatMap { $0.hasPrefix("GPU-") ? $0 : nil }
        if let parent { gpuUUIDs.append(parent) }
      } else if line.starts(with: "MIG "), let uuid, uuid.hasPrefix("MIG-"), let parent {
        if let entry = Entry(line, uuid: uuid, gpuUUID: parent) { entries.append(entry) }
      }
    }
  }

  /// The instances of one GPU in the order of their device index.
  package func entries(ofGPU uuid: String) -> [Entry] {
    entries.filter { $0.gpuUUID == uuid }.sorted { $0.deviceIndex < $1.deviceIndex }
  }

  private static func uuid(_ line: ArraySlice<UInt8>) -> String? {
    guard line.last == UInt8(ascii: ")"), let open = line.lastIndex(of: UInt8(ascii: "(")) else { return nil }
    let inside = line[(open + 1)...].dropLast()
    return inside.starts(with: "UUID: ") ? inside.dropFirst(6).text : nil
  }
}

extension InstanceList.Entry {
  fileprivate init?(_ line: ArraySlice<UInt8>, uuid: String, gpuUUID: String) {
    let words = line.split(separator: UInt8(ascii: " "))
    guard words.count >= 4, words[2].equals("Device"), words[3].last == UInt8(ascii: ":"),
      let index = words[3].dropLast().decimal.flatMap({ Int(exactly: $0) })
    else { return nil }
    let parts = Array(uuid.utf8)[...].fields(separatedBy: UInt8(ascii: "/"))
    var instance: InstanceID?
    if parts.count == 3, let gi = parts[1].decimal.flatMap({ Int(exactly: $0) }),
      let ci = parts[2].decimal.flatMap({ Int(exactly: $0) })
    {
      instance = InstanceID(gpuInstance: gi, computeInstance: ci)
    }
    self.init(
      gpuUUID: gpuUUID, deviceIndex: index, uuid: uuid, profile: MIGProfile(words[1]), instance: instance)
  }
}
