/// The texts that process A of a ``SharedNode`` chooses.
struct ChosenTexts {
  /// Its command line up to the first NUL.
  var title: [UInt8]
  /// Its name in the kernel: 15 bytes at most.
  var comm: [UInt8]
  /// Its cgroup below its container: empty, or levels that each begin with a slash.
  var cgroup: [UInt8]
  /// Names in `/var/log/pods`.
  var directories: [[UInt8]] = []
  /// Links in `/var/log/containers`.
  var links: [(name: [UInt8], target: [UInt8])] = []

  /// Reads fields that NUL bytes end, as ``interferenceTarget`` describes them.
  init(_ input: ArraySlice<UInt8>) {
    let fields = input.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
    func field(_ index: Int) -> [UInt8] { index < fields.count ? fields[index] : [] }
    title = field(0)
    comm = Array(field(1).prefix(15))
    cgroup = ChosenTexts.cgroup(field(2))
    for index in stride(from: 3, to: fields.count, by: 2) {
      guard let name = ChosenTexts.name(fields[index]) else { continue }
      // The kernel allows a target of 4,095 bytes.
      let target = field(index + 1).prefix(4_095)
      if target.isEmpty { directories.append(name) } else { links.append((name, Array(target))) }
    }
  }

  /// What an ordinary process in the pod has.
  static var usual: ChosenTexts {
    var texts = ChosenTexts(Array("/usr/bin/python3\0python3\0".utf8)[...])
    let pod = SharedNode([], texts).podOfA
    texts.directories = [Array(pod.logDirectory.utf8)]
    texts.links = [(Array(pod.link.utf8), Array(pod.linkTarget.utf8))]
    return texts
  }

  /// The path of cgroups with these names. The kernel allows no line feed in them.
  private static func cgroup(_ names: [UInt8]) -> [UInt8] {
    let levels = names.filter { $0 != 0x0A }.split(separator: UInt8(ascii: "/")).compactMap { name(Array($0)) }
    var path: [UInt8] = []
    for level in levels where path.count + level.count < 3_800 { path += [UInt8(ascii: "/")] + level }
    return path
  }

  /// The bytes as the name of a directory or link; `nil` if there can be none.
  private static func name(_ bytes: [UInt8]) -> [UInt8]? {
    let name = Array(bytes.filter { $0 != UInt8(ascii: "/") }.prefix(255))
    return name.isEmpty || name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) ? nil : name
  }
}
