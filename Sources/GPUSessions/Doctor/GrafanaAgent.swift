/// A running Grafana Alloy, or the Grafana Agent before it.
///
/// Both have node_exporter built in (`prometheus.exporter.unix`, in the agent's static mode the integration
/// `node_exporter`) and read textfiles if their configuration names a directory. The configuration is not read: it holds
/// credentials.
struct GrafanaAgent: Sendable {
  /// Which of the two, told by the process's name in `/proc/PID/stat`, which the kernel cuts at 15 bytes.
  enum Kind: Sendable {
    case alloy
    /// The agent in its flow mode, whose configuration is as Alloy's.
    case flowAgent
    /// The agent in its static mode.
    case agent

    /// The released binaries are called `alloy-linux-amd64`, `grafana-agent-linux-amd64` and so on. The name `agent` of the
    /// agent's first images is not taken for it: Datadog's agent has it too.
    init?(comm: [UInt8]) {
      switch comm[...].text {
      case "grafana-agent", "grafana-agent-l", "grafana-agent-b": self = .agent
      case "grafana-agent-f": self = .flowAgent
      case "alloy", "alloy-boringcry": self = .alloy
      default:
        guard comm[...].starts(with: "alloy-linux-") else { return nil }
        self = .alloy
      }
    }
  }

  var pid: Int32
  var kind: Kind
  /// Whether it lies below a user's slice.
  var isUsers: Bool

  /// The product and its PID, for a sentence.
  var name: String { (kind == .alloy ? "Grafana Alloy" : "Grafana Agent") + " (PID \(pid))" }
}

extension Check {
  /// What is found where no node_exporter runs and this process does.
  static func judge(_ agent: GrafanaAgent, _ match: TextfileDirectoryMatcher) -> Finding {
    if agent.isUsers {
      return .warn(
        "\(agent.name) runs in a user's session, and no node_exporter runs here",
        "start node_exporter as a service with \(match.flag)")
    }
    let setting =
      switch agent.kind {
      case .alloy, .flowAgent:
        "prometheus.exporter.unix \"node\" { textfile { directory = \"\(match.directory)\" } }"
      case .agent: "textfile_directory: \(match.directory), of the integration node_exporter"
      }
    return .warn(
      "no node_exporter runs here; \(agent.name) reads textfiles too, if its configuration names their directory",
      "its configuration (ps -o args= -p \(agent.pid) names the file) needs: \(setting)\(match.perspective)")
  }
}
