import GPUSessions
import Glibc

/// The directories of the node below which a workload may make links: a pod may have a writable hostPath volume there.
///
/// No link below them is followed, because it might lead to a directory that its maker cannot read, or to a mount that
/// hangs. Links in the path to them are followed: only the administrator can have made these.
private let writableByWorkloads = ["/var/log"]

/// Looks up directories below the node's root, one component of a path at a time.
///
/// Each component is opened below the descriptor of the one before it, and never through a link: what takes the place of
/// a component meanwhile is not entered. A link is read, and its target looked up in the same way, an absolute one from
/// the root. `..` is the directory that was entered before.
struct DirectoryWalk {
  private let root: NodeDirectory
  /// The components of the last path and their directories. They stay open: thousands of files and links are read whose
  /// paths have all but the last component or two in common.
  private var trail: [(name: ArraySlice<UInt8>, directory: NodeDirectory)] = []
  /// The directories of ``writableByWorkloads`` that exist; `nil` until the first link is met.
  private var places: [NodeDirectory]?

  /// Opens the directory where the node's root is mounted.
  init(root path: String) throws(Errno) { root = try NodeDirectory(root: path) }

  /// Returns the directory at this path below the root.
  mutating func directory(_ components: ArraySlice<ArraySlice<UInt8>>) throws(Errno) -> NodeDirectory {
    var shared = 0
    while shared < min(trail.count, components.count),
      trail[shared].name == components[components.startIndex + shared]
    { shared += 1 }
    trail.removeSubrange(shared...)
    var directory = trail.last?.directory ?? root
    var links = 0
    for name in components.dropFirst(shared) {
      directory = try enter(name, of: directory, &links)
      trail.append((name, directory))
    }
    return directory
  }

  /// Returns the directory of this name, or the one to which the link of this name leads; `links` counts these.
  private mutating func enter(
    _ name: ArraySlice<UInt8>, of directory: NodeDirectory, _ links: inout Int
  ) throws(Errno) -> NodeDirectory {
    // C would end the name at a zero byte, and something else would be opened.
    if name.contains(0) { throw .invalidArgument }
    if name.equals("..") { return directory.parent ?? directory }
    do {
      return try directory.directory(name)
    } catch {
      guard error == .notDirectory, let target = try directory.linkTarget(name) else { throw error }
      let isAbsolute = target.first == UInt8(ascii: "/")
      return try follow(pathComponents(target[...])[...], isAbsolute: isAbsolute, from: directory, &links)
    }
  }

  /// Enters one directory after the other, as the target of a link in `directory` names them.
  private mutating func follow(
    _ target: ArraySlice<ArraySlice<UInt8>>, isAbsolute: Bool, from directory: NodeDirectory, _ links: inout Int
  ) throws(Errno) -> NodeDirectory {
    // As many as Linux follows in one path (path_resolution(7)).
    links += 1
    if links > 40 { throw .tooManySymbolicLinks }
    if try directory.isBelow(placesOfWorkloads()) { throw .tooManySymbolicLinks }
    var place = isAbsolute ? root : directory
    do {
      for name in target { place = try enter(name, of: place, &links) }
    } catch {
      throw error.isAbsence ? .danglingLink : error
    }
    return place
  }

  /// Returns directory and name of the file to which a link leads; `nil` if the file of this name is no link.
  ///
  /// Links are followed as in the path to a directory. That file may be missing.
  mutating func target(
    ofLink name: ArraySlice<UInt8>, in directory: NodeDirectory
  ) throws(Errno) -> (directory: NodeDirectory, name: ArraySlice<UInt8>)? {
    var place = (directory: directory, name: name)
    var links = 0
    while let target = try linkTarget(place.name, of: place.directory, isFirst: links == 0) {
      let names = pathComponents(target[...])
      guard let last = names.last, !last.equals("..") else { throw .invalidArgument }
      let isAbsolute = target.first == UInt8(ascii: "/")
      place = (try follow(names.dropLast(), isAbsolute: isAbsolute, from: place.directory, &links), last)
    }
    return links == 0 ? nil : place
  }

  private func linkTarget(
    _ name: ArraySlice<UInt8>, of directory: NodeDirectory, isFirst: Bool
  ) throws(Errno) -> [UInt8]? {
    do {
      return try directory.linkTarget(name)
    } catch {
      throw error.isAbsence && !isFirst ? .danglingLink : error
    }
  }

  private mutating func placesOfWorkloads() throws(Errno) -> [NodeDirectory] {
    if let places { return places }
    // The links in the path to such a place are looked up with this empty list.
    places = []
    do {
      let found = try findPlaces()
      places = found
      return found
    } catch {
      places = nil
      throw error
    }
  }

  private mutating func findPlaces() throws(Errno) -> [NodeDirectory] {
    var found: [NodeDirectory] = []
    for path in writableByWorkloads {
      var (place, links) = (root, 0)
      do {
        for name in pathComponents(Array(path.utf8)[...]) { place = try enter(name, of: place, &links) }
        found.append(place)
      } catch {
        guard error.isAbsence || error == .danglingLink else { throw error }
      }
    }
    return found
  }
}

/// Returns the components of a path, without empty ones and `.`.
func pathComponents(_ path: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
  var components: [ArraySlice<UInt8>] = []
  components.reserveCapacity(12)
  var start = path.startIndex
  for end in path.startIndex...path.endIndex where end == path.endIndex || path[end] == UInt8(ascii: "/") {
    let name = path[start..<end]
    if !name.isEmpty, !name.equals(".") { components.append(name) }
    start = end + 1
  }
  return components
}
