import Testing

@testable import GPUSessions

@Suite struct ProgramNameTests {
  private func name(_ printed: String?, _ comm: String = "") -> String {
    programName(printed: printed.map { octets($0)[...] }, comm: octets(comm)).text
  }

  @Test(arguments: [
    ("/usr/bin/python3", "python3"), ("python3", "python3"), ("./gpu_burn", "gpu_burn"),
    ("/opt/a b/python3", "python3"),
    ("C:\\Windows\\explorer.exe", "C:\\Windows\\explorer.exe"), ("-", "-"), ("/a/b, c", "b, c"),
  ])
  func `the last component of a path`(_ printed: String, _ expected: String) {
    #expect(name(printed, "comm") == expected && name(printed) == expected)
  }

  @Test(arguments: [
    ("/opt/x/msedge --type=renderer", "msedge"),
    ("/opt/x/msedge --type=gpu-process --url=http://x/y --token=S", "msedge"),
    ("tool --key=x /a/b", "tool"), ("tool /a/b", "tool"), ("/opt/my tool -v /a/b", "my tool"), ("a  -b", "a"),
    ("ray::Worker --key=secret /a/b/c", "ray::Worker"),
  ])
  func `arguments are left out`(_ printed: String, _ expected: String) {
    #expect(name(printed, "comm") == expected)
  }

  @Test(arguments: [
    "VLLM::Worker_TP1", "mem \"q\" hog", "mtopen-plugin:worker", "sglang::scheduler", "a-b", "mem, hog,x", "x=-1",
  ])
  func `titles that are no paths stay`(_ printed: String) { #expect(name(printed, "comm") == printed) }

  @Test func `the first word is the program if the kernel's name says so`() {
    #expect(name("python train.py", "python") == "python")
    #expect(name("/usr/bin/python train.py", "python") == "python")
    #expect(name("python train.py", "pytho") == "python train.py")
    #expect(name("python train.py") == "python train.py")
    #expect(name("averyveryverylongname x", "averyveryverylo") == "averyveryverylongname")
    #expect(name("averyveryverylongname x", "averyveryverylon") == "averyveryverylongname x")
  }

  @Test(arguments: [
    ("python src/train.py", "python", "python"), ("/opt/bin/python src/a.py", "python", "python"),
    ("python ./train.py", "python", "python"), ("python src/train.py", "pt_main_thread", "pt_main_thread"),
    ("python src/train.py", "", "python"), ("/opt/a b/app", "worker", "app"), ("/opt/a b/app", "app", "app"),
    ("a/b c", "x", "b c"),
  ])
  func `a path among the arguments is none of the program`(_ printed: String, _ comm: String, _ expected: String) {
    #expect(name(printed, comm) == expected)
  }

  @Test(arguments: [
    "[Not Found]", "Not Found", "N/A", "[N/A]", "[Insufficient Permissions]", "Insufficient Permissions",
    "[Unknown Error]", "/proc/self/exe", "/proc/self/exe --type=gpu-process", "/proc/77/exe",
  ])
  func `what names no program is not its name`(_ printed: String) {
    #expect(name(printed, "code") == "code" && name(printed) == "")
  }

  @Test(arguments: ["[my job]", "[]", "N/B", "NA"])
  func `brackets may be a part of a name`(_ printed: String) {
    #expect(name(printed, "comm") == (printed == "N/B" ? "B" : printed))
  }

  /// What is left of a cut name may be from an argument.
  @Test(arguments: [
    ("...m-studio/.internal/utils/node", "node", "node"), ("...m-studio/.internal/utils/node", "other", "other"),
    ("...m-studio/.internal/utils/node", "", ""), ("...url=http://x/y --token=SECRET", "msedge", "msedge"),
    ("...eed-version=20250212-180254.456000", "chrome", "chrome"),
    ("...assets/util/llama-cpp-rpc-server", "llama-cpp-rpc-s", "llama-cpp-rpc-server"),
    ("...assets/util/llama-cpp-rpc-server", "llama-cpp-rpc", "llama-cpp-rpc"),
    ("...x/node --token=SECRET", "node", "node"), ("...ddddd", "ddddd", "ddddd"), ("..", "a", ".."),
  ])
  func `a cut name counts if the kernel's name confirms it`(_ printed: String, _ comm: String, _ expected: String) {
    #expect(name(printed, comm) == expected)
  }

  @Test func `a name without a last component is the kernel's`() {
    #expect(name("/a/b/", "b") == "b" && name("/", "x") == "x" && name("/a/b/") == "")
    #expect(name("", "my comm") == "my comm" && name(nil, "my comm") == "my comm")
    #expect(name("") == "" && name(nil) == "")
  }

  @Test func `a title that begins with an argument is not taken for none`() {
    #expect(name("-bash", "bash") == "-bash" && name("--x", "y") == "--x")
    #expect(name(" -x", "comm") == "comm" && name(" /x -y", "comm") == "comm")
  }
}
