/// The output of `show --from`: the table of each node, headed by its name if the metrics name nodes.
func publishedTable(_ nodes: [PublishedNode], _ page: Page) -> String {
  let hasClusters = nodes.contains { !$0.name.cluster.isEmpty }
  var text = ""
  for node in nodes {
    if !text.isEmpty { text += "\n" }
    if nodes.count > 1 || !node.name.name.isEmpty { text += page.text(of: heading(node, hasClusters)) }
    text += showTable(node.outcome, page)
    if let failure = node.outcome.failure, nodes.count > 1 || !node.name.name.isEmpty {
      var line = TableLine()
      line.add(failure.fact.printable, .bad)
      text += page.text(of: line)
    }
  }
  return text
}

/// `node gpu-1  12s old`, with the cluster in front if the metrics name clusters.
private func heading(_ node: PublishedNode, _ hasClusters: Bool) -> TableLine {
  var line = TableLine()
  if hasClusters { line.add("cluster \(node.name.cluster.isEmpty ? "-" : node.name.cluster), ", .strong) }
  line.add("node " + (node.name.name.isEmpty ? "-" : node.name.name), .strong)
  switch node.isStale {
  case true?: line.add("  stale: \(Quantity.age(node.age)) old", .caution)
  case false?: line.add("  \(Quantity.age(node.age)) old", .faint)
  case nil: line.add("  age not known", .caution)
  }
  return line
}

/// The output of `show --from --json`.
///
/// Metrics that name no node, as those of a node itself, become the object of `show --json` with four members more.
/// Otherwise there is an object with such an object for each node, even if it is only one.
func publishedJSON(_ nodes: [PublishedNode], unreadableLines: Int) -> String {
  let lines = (name: "unreadable_lines", value: JSONOutput.number(Double(unreadableLines)))
  if let node = nodes.first, nodes.count == 1, node.name == NodeName() {
    return JSONWriter(.object(members(node) + [lines])).bytes[...].text
  }
  let object = JSONOutput.object([("nodes", .array(nodes.map { .object(members($0)) })), lines])
  return JSONWriter(object).bytes[...].text
}

/// The members of the object for one node.
private func members(_ node: PublishedNode) -> [(name: String, value: JSONOutput)] {
  let name = node.name
  return [
    ("cluster", name.cluster.isEmpty ? .null : .sentence(name.cluster)),
    ("node", name.name.isEmpty ? .null : .sentence(name.name)),
    ("age_seconds", .known(node.age)),
    ("stale", node.isStale.map { .bool($0) } ?? .null),
  ] + showMembers(node.outcome)
}
