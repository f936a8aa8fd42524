/// The MIG devices as `nvidia-smi -L` lists them. No other output has their UUIDs and profiles.
package struct InstanceList {
  /// One line `MIG 1g.10gb  Device 0: (UUID: MIG-…)`.
  package struct Entry: Equatable {
    /// UUID of the GPU that the device is a part of.
    package var gpuUUID: String
    /// The number after `Device`, counted from 0 on each GPU.
    package var deviceIndex: Int
    package var uuid: String
    /// `nil` for a name that is no profile's.
    package var profile: MIGProfile?
    /// The IDs in a UUID that ends in `/<GPU instance>/<compute instance>`, as before R470; `nil` since.
    package var instance: InstanceID?
  }

  /// The UUIDs of the GPUs that have a line, with MIG devices below it or without.
  package private(set) var gpuUUIDs: Set<String> = []
  /// The MIG devices in the order of the lines.
  package private(set) var entries: [Entry] = []

  /// Reads the lines `GPU N: NAME (UUID: GPU-…)` and `MIG PROFILE Device N: (UUID: MIG-…)`; others are passed over.
  package init(_ output: [UInt8]) {
    var parent: String?
    for line in output.lines().lazy.map(\.trimmed) {
      let uuid = InstanceList.uuid(line)
      if line.starts(with: "GPU ") {
        // The MIG devices below a GPU without a UUID are left out, because their GPU is not known.
        parent = uuid.flatMap { isGPUUUID($0) ? $0 : nil }
        if let parent { gpuUUIDs.insert(parent) }
      } else if line.starts(with: "MIG "), let uuid, uuid.hasPrefix("MIG-"), let parent,
        let entry = Entry(line, uuid: uuid, gpuUUID: parent)
      {
        entries.append(entry)
      }
    }
  }

  /// Returns the MIG devices of one GPU, sorted by device index.
  package func entries(ofGPU uuid: String) -> [Entry] {
    entries.filter { $0.gpuUUID == uuid }.sorted { $0.deviceIndex < $1.deviceIndex }
  }

  private static func uuid(_ line: ArraySlice<UInt8>) -> String? {
    guard line.last == UInt8(ascii: ")"), let open = line.lastIndex(of: UInt8(ascii: "(")) else { return nil }
    let inside = line[open...].dropFirst().dropLast()
    return inside.starts(with: "UUID: ") ? inside.dropFirst(6).text : nil
  }
}

extension InstanceList.Entry {
  fileprivate init?(_ line: ArraySlice<UInt8>, uuid: String, gpuUUID: String) {
    // Drivers align the words with one blank or several.
    let words = line.split(separator: UInt8(ascii: " "))
    guard words.count >= 4, words[2].equals("Device"), words[3].last == UInt8(ascii: ":"),
      let index = words[3].dropLast().integer
    else { return nil }
    let parts = Array(uuid.utf8).fields(separatedBy: UInt8(ascii: "/"))
    var instance: InstanceID?
    if parts.count == 3, let gpuInstance = parts[1].integer, let computeInstance = parts[2].integer {
      instance = InstanceID(gpuInstance: gpuInstance, computeInstance: computeInstance)
    }
    self.init(
      gpuUUID: gpuUUID, deviceIndex: index, uuid: uuid, profile: MIGProfile(words[1]), instance: instance)
  }
}
