/// The reference of the metrics as a table in Markdown: one row per family of the catalogue.
package func metricsTable() -> String {
  var text = "| family | labels | value |\n|---|---|---|\n"
  for family in catalogue {
    let labels = family.labels.isEmpty ? "" : "`" + family.labels.joined(separator: " ") + "`"
    text += "| `\(family.name)` | \(labels) | \(family.help) |\n"
  }
  return text
}

/// The same in the exposition format: HELP and TYPE of every family, and no sample.
package func metricsHeaders() -> String {
  catalogue.map { "# HELP \($0.name) \($0.help)\n# TYPE \($0.name) gauge\n" }.joined()
}
