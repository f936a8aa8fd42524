/// All metrics as a table in Markdown, one row per family.
package func metricsTable() -> String {
  var text = "| family | labels | value |\n|---|---|---|\n"
  for family in catalogue {
    let labels = family.labels.isEmpty ? "" : "`" + family.labels.joined(separator: " ") + "`"
    text += "| `\(family.name)` | \(labels) | \(family.help) |\n"
  }
  return text
}

/// All metrics as HELP and TYPE lines of the exposition format, without samples.
package func metricsHeaders() -> String {
  catalogue.map { "# HELP \($0.name) \($0.help)\n# TYPE \($0.name) gauge\n" }.joined()
}
