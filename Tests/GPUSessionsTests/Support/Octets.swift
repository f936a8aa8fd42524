/// The UTF-8 bytes of a text.
func octets(_ text: String) -> [UInt8] { Array(text.utf8) }

/// Lines of nvidia-smi's output, each ended by a newline.
func answer(_ lines: String...) -> [UInt8] { octets(lines.map { $0 + "\n" }.joined()) }
