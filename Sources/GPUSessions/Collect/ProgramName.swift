/// Returns the name of a program: never its arguments, which may hold secrets. Empty if neither source tells it.
///
/// - Parameters:
///   - printed: The name in nvidia-smi's table, `nil` if it has none. It is the title of the process up to the first NUL,
///     which some programs overwrite with all their arguments: `/opt/x/msedge --type=renderer`.
///   - comm: The kernel's name, which is cut to 15 bytes (proc_pid_stat(5)); empty if it is not known.
package func programName(printed: ArraySlice<UInt8>?, comm: [UInt8]) -> ArraySlice<UInt8> {
  guard let printed, !printed.isEmpty, namesProgram(printed) else { return comm[...] }
  let title = withoutArguments(printed)
  let component = lastComponent(title)
  if component.elementsEqual(comm) { return component }
  // nvidia-smi cuts a long title at its front and marks that with three points. What is left may be from an argument.
  let isCut = printed.starts(with: "...")
  if isCut || component.isEmpty { return isConfirmed(component, by: comm) ? component : comm[...] }
  // `python train.py`, `/usr/bin/python src/train.py`: by the kernel's name the first word is the program.
  for words in [component, title] {
    let word = lastComponent(words.prefix { $0 != UInt8(ascii: " ") })
    if isConfirmed(word, by: comm) { return word }
  }
  // `python src/train.py` of a process with another kernel's name: behind the slash stands an argument's name.
  let first = title.prefix { $0 != UInt8(ascii: " ") }
  let isPath = component.count == title.count || first.position(of: UInt8(ascii: "/")) != nil
  if isPath || isConfirmed(component, by: comm) { return component }
  return comm.isEmpty ? first : comm[...]
}

/// Whether a name of the table names a program. A phrase in place of a name does not, nor does `/proc/self/exe`, by which
/// Chromium and what is built on it start themselves once more.
private func namesProgram(_ printed: ArraySlice<UInt8>) -> Bool {
  // No phrase begins with a slash.
  if printed.first == UInt8(ascii: "/") { return !printed.starts(with: "/proc/") }
  return !SMIValue(printed).isPhrase
}

/// Whether the kernel's name is this name, or its first 15 bytes.
private func isConfirmed(_ name: ArraySlice<UInt8>, by comm: [UInt8]) -> Bool {
  !comm.isEmpty && name.prefix(15).elementsEqual(comm)
}

/// Returns the title up to the first argument: a word behind a blank that begins with `-` or `/`.
private func withoutArguments(_ title: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
  let first = title.indices.dropFirst().first { index in
    title[index - 1] == UInt8(ascii: " ")
      && (title[index] == UInt8(ascii: "-") || title[index] == UInt8(ascii: "/"))
  }
  return first.map { title[..<$0].trimmed } ?? title
}

/// Returns what follows the last `/`; nothing if nothing follows it.
private func lastComponent(_ path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
  path.lastPosition(of: UInt8(ascii: "/")).map { path[($0 + 1)...] } ?? path
}
