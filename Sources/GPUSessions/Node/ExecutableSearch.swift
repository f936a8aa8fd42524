/// Returns the path of an executable, from `PATH` and then from these directories; `nil` if it is nowhere.
///
/// Only absolute entries of `PATH` count: the working directory must not decide which program runs.
func findExecutable(_ name: String, thenIn directories: [String], _ host: Host) -> String? {
  let entries = Array((host.environment("PATH") ?? "").utf8)[...].fields(separatedBy: UInt8(ascii: ":"))
  let absolute = entries.filter { $0.starts(with: "/") }.map(\.text)
  return (absolute + directories).map { "\($0)/\(name)" }.first { host.isExecutable($0) }
}
