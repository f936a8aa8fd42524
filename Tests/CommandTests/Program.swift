import GPUSessions
import Glibc
import NodeHost
import Testing

/// Runs the debug executable that was built together with these tests.
struct Program {
  /// The result of one run.
  struct Result {
    var end: ChildOutcome.End
    var output: String
    var errors: String
  }

  /// Path of the executable: `…/debug/gpu-sessions` beside `…/debug/gpu-sessionsPackageTests.xctest`.
  static let path = directory(of: CommandLine.arguments[0]) + "/gpu-sessions"

  /// Path of the repository.
  static let repository = (0..<3).reduce(#filePath) { path, _ in directory(of: path) }

  static func directory(of path: String) -> String {
    String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }

  /// Runs the program to its end. A run that takes longer than `limit` seconds is killed.
  static func run(
    _ arguments: [String], environment: [String: String] = [:], limit: Nanoseconds = 30
  ) -> Result {
    spawn(path, arguments, environment, limit)
  }

  /// Runs a line of shell in which `"$0" "$@"` is the program with its arguments.
  static func shell(
    _ script: String, _ arguments: [String], environment: [String: String] = [:], limit: Nanoseconds = 30
  ) -> Result {
    spawn("/bin/sh", ["-c", script, path] + arguments, environment, limit)
  }

  private static func spawn(
    _ executable: String, _ arguments: [String], _ environment: [String: String], _ limit: Nanoseconds
  ) -> Result {
    var variables = ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin"]
    // An empty variable counts as not set: settings of the developer have no effect here.
    for flag in Flag.all { variables[flag.variable] = "" }
    variables.merge(environment) { $1 }
    let command = ChildCommand(
      executable: executable, arguments: arguments, environment: variables, outputLimit: 64 << 20)
    let host = Host.live
    let outcome = host.spawn([command], host.now() + limit * Nanoseconds.perSecond)[0]
    return Result(
      end: outcome.end, output: String(decoding: outcome.standardOutput, as: UTF8.self),
      errors: String(decoding: outcome.standardError, as: UTF8.self))
  }

  /// Returns the options for one node of `Fixtures/nodes`, with the published file below `folder`.
  static func arguments(node: String, _ folder: Folder) -> [String] {
    [
      "--nvidia-smi", repository + "/Fixtures/bin/nvidia-smi", "--host-root",
      repository + "/Fixtures/nodes/\(node)/root", "--output", folder.output,
    ]
  }

  /// Returns the variables that make `Fixtures/bin/nvidia-smi` answer as on that node.
  static func environment(node: String) -> [String: String] {
    ["GPU_SESSIONS_FIXTURE": repository + "/Fixtures/nodes/" + node]
  }

  /// Runs the program on a node of `Fixtures/nodes`.
  static func run(node: String, _ folder: Folder, _ more: [String] = []) -> Result {
    run(arguments(node: node, folder) + more, environment: environment(node: node))
  }
}

extension ChildOutcome.End {
  /// The program exited with this status.
  static func status(_ status: GPUSessions.ExitStatus) -> ChildOutcome.End { .exited(status.rawValue) }
}
