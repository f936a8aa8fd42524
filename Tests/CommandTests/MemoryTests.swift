import GPUSessions
import Testing

/// Peak memory of the static release executable. The debug executable is dynamic and needs more.
@Suite struct MemoryTests {
  /// Path of the release executable, beside the folder of the debug build.
  private static let released =
    Program.directory(of: Program.directory(of: Program.path)) + "/release/gpu-sessions"

  private static var isReleased: Bool {
    let probe = "! readelf -lW '\(released)' | grep -q INTERP"
    return Program.shell("test -x '\(released)' && \(probe)", []).end == .exited(0)
  }

  /// Makes a node below `folder` that has one pod per process, and returns the options for it.
  private func node(processes: ClosedRange<Int>, _ folder: Folder) throws -> [String] {
    let uuid = "GPU-00000000-0000-0000-0000-000000000000"
    var apps = "gpu_uuid, pid, used_gpu_memory [MiB]\n"
    var table = "|  GPU   GI   CI              PID   Type   Process name                        GPU Memory |\n"
    var pmon = "# gpu         pid   type     sm    mem    enc    dec    command\n"
    var script = "mkdir -p proc/self/ns; ln -s 'pid:[4026531836]' proc/self/ns/pid\n"
    for pid in processes {
      apps += "\(uuid), \(pid), 100 MiB\n"
      table +=
        "|    0   N/A  N/A            \(pid)      C   /usr/bin/python3                        100MiB |\n"
      pmon += "    0       \(pid)     C     30     10      -      -    python3        \n"
      let pod = "02e80cad-3085-4297-89fa-bef68300\(pid)"
      script += """
        mkdir -p proc/\(pid) 'var/log/pods/team_pod-\(pid)_\(pod)'
        echo '\(pid) (python3) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 500 0 0' >proc/\(pid)/stat
        echo '0::/kubepods/pod\(pod)/\(String(repeating: "0", count: 60))\(pid)' >proc/\(pid)/cgroup

        """
    }
    #expect(Program.shell("cd '\(folder.path)' && \(script)", []).end == .exited(0))
    try folder.write("apps", apps)
    try folder.write("pmon", pmon)
    try folder.write("table", table)
    try folder.write("gpus", "index, uuid, memory.total [MiB]\n0, \(uuid), 81559 MiB\n")
    let smi = try folder.script(
      "cd '\(folder.path)'\ncase $1 in *gpu=*) cat gpus ;; *apps=*) cat apps ;; pmon) cat pmon ;; *) cat table ;; esac\n"
    )
    return ["--nvidia-smi", smi, "--host-root", folder.path, "--output", folder.output]
  }

  /// Runs the program while the output directory is locked, and prints its peak memory in KiB.
  ///
  /// The program waits for the lock after all other work, and `VmHWM` is its peak then. The figure of `wait4(2)` would
  /// include the shell that it was forked from.
  private let measure = """
    exec 9<"$out"; flock 9
    "$program" "$@" 9<&- & p=$!
    sleep 1
    sed -n 's/^VmHWM:[^0-9]*\\([0-9]*\\) kB/\\1/p' /proc/$p/status
    flock -u 9; wait $p || echo failed
    """

  @Test(.enabled(if: MemoryTests.isReleased, "no static release executable: run `make build` first"))
  func sixtyFourProcessesFitIntoSixteenMebibytes() throws {
    let folder = try Folder()
    let result = Program.shell(
      measure, try node(processes: 1001...1064, folder),
      environment: ["program": MemoryTests.released, "out": folder.path + "/out"])
    #expect(result.errors == "")
    let kibibytes = try #require(Int(result.output.split(separator: "\n").joined(separator: " ")))
    #expect(kibibytes > 500)
    #expect(kibibytes < 16 * 1_024)
    #expect(folder.file?.has("gpu_total_sessions 64") == true)
    #expect(folder.file?.text.contains("pod=\"pod-1064\",namespace=\"team\"") == true)
  }
}
