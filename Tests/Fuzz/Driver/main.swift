import FuzzProperties
import Glibc

// libFuzzer around one target, which FUZZ_TARGET names. Arguments are libFuzzer's own.

/// libFuzzer's loop, for an executable that has a `main` of its own.
@_silgen_name("LLVMFuzzerRunDriver")
func runFuzzer(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ check: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
let chosen = FuzzTarget.all.first { $0.name == name }

func complain(_ lines: [String]) {
  let text = lines.map { $0 + "\n" }.joined()
  _ = write(2, text, text.utf8.count)
}

/// Ends the process where something does not hold: libFuzzer keeps the input then.
func check(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let chosen else { return -1 }
  let findings = chosen.findings(in: Array(UnsafeBufferPointer(start: data, count: count)))
  if findings.isEmpty { return 0 }
  complain(findings.map { "\(chosen.name): \($0)" })
  abort()
}

if chosen == nil {
  complain(["FUZZ_TARGET is one of: " + FuzzTarget.all.map(\.name).joined(separator: " ")])
  exit(64)
}
// Swift's own handlers, which print where it happened, would keep libFuzzer from keeping the input.
for number in [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP] { signal(number, SIG_DFL) }
var count = CommandLine.argc
var arguments = CommandLine.unsafeArgv
exit(runFuzzer(&count, &arguments, check))
