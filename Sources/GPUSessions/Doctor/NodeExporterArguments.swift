/// What node_exporter's command line says about its textfile collector.
///
/// Source of the flags: `collector/textfile.go`, `collector/collector.go` and `collector/paths.go` of node_exporter.
/// Flags may be written `--name value` and `--name=value`, before version 0.15 with one dash.
package struct NodeExporterArguments: Sendable, Equatable {
  /// The directories or patterns of directories, in the order given. Newer versions take the flag more than once.
  package private(set) var directories: [String] = []
  /// Whether the textfile collector is turned off.
  package var isDisabled: Bool { !(isEnabled ?? !hasNoDefaults) }
  /// Where the node's root is mounted for node_exporter (`--path.rootfs`); `nil` if the flag is not given.
  package private(set) var rootfs: String?

  /// `--[no-]collector.textfile`; `nil` if neither is given.
  private var isEnabled: Bool?
  /// `--collector.disable-defaults`.
  private var hasNoDefaults = false

  /// Reads `/proc/PID/cmdline` (proc(5)): the program's name and its arguments, each ended by NUL.
  package init(_ commandLine: [UInt8]) {
    let bytes = commandLine.last == 0 ? commandLine.dropLast() : commandLine[...]
    var rest = bytes.split(separator: 0, omittingEmptySubsequences: false).dropFirst()
    while let argument = rest.popFirst() {
      guard let name = NodeExporterArguments.flag(argument) else { continue }
      let parts = name.fields(separatedBy: UInt8(ascii: "="), maxSplits: 1)
      take(parts[0].text, value: parts.count > 1 ? parts[1].text : nil) { rest.popFirst()?.text }
    }
  }

  /// Takes over one flag. `next` removes the argument after it, which is the value if the flag has no `=`.
  private mutating func take(_ name: String, value: String?, next: () -> String?) {
    switch name {
    case "collector.textfile.directory": directories += [value ?? next()].compactMap(\.self)
    case "path.rootfs": rootfs = value ?? next()
    case "collector.textfile": isEnabled = true
    case "no-collector.textfile": isEnabled = false
    case "collector.disable-defaults": hasNoDefaults = true
    default: break
    }
  }

  /// A flag without its dashes; `nil` if the argument is not a flag.
  private static func flag(_ argument: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard argument.starts(with: "-") else { return nil }
    let bare = argument.dropFirst(argument.starts(with: "--") ? 2 : 1)
    return bare.isEmpty ? nil : bare
  }
}
