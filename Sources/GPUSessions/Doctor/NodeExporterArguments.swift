/// What node_exporter's command line says of textfiles.
///
/// Source of the flags: `collector/textfile.go`, `collector/collector.go` and `collector/paths.go` of node_exporter;
/// kingpin takes `--name value` and `--name=value`, versions before 0.15 one dash.
package struct NodeExporterArguments: Sendable, Equatable {
  /// In the order given; newer versions take the flag repeatedly, and patterns in it.
  package private(set) var directories: [String] = []
  /// Whether the textfile collector is turned off.
  package var isDisabled: Bool { !(isEnabled ?? !hasNoDefaults) }
  /// Where it has the node's root (`--path.rootfs`); `nil` where it was not told.
  package private(set) var rootfs: String?

  private var isEnabled: Bool?
  private var hasNoDefaults = false

  /// Reads `/proc/PID/cmdline`, the program's name first, each argument ended by NUL.
  package init(_ commandLine: [UInt8]) {
    let bytes = commandLine.last == 0 ? commandLine.dropLast() : commandLine[...]
    var rest = bytes.split(separator: 0, omittingEmptySubsequences: false).dropFirst()
    while let argument = rest.popFirst() {
      guard let name = NodeExporterArguments.flag(argument) else { continue }
      let parts = name.fields(separatedBy: UInt8(ascii: "="), maxSplits: 1)
      take(parts[0].text, value: parts.count > 1 ? parts[1].text : nil) { rest.popFirst()?.text }
    }
  }

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

  /// Without its dashes; `nil` for what is no flag.
  private static func flag(_ argument: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard argument.starts(with: "-") else { return nil }
    let bare = argument.dropFirst(argument.starts(with: "--") ? 2 : 1)
    return bare.isEmpty ? nil : bare
  }
}
