import GPUSessions
import Glibc
import NodeHost

prepareProcess()
// The program's own name is always there, but for where the runtime could not read /proc/self/maps.
let arguments = CommandLine.arguments
exit(run(arguments.isEmpty ? nil : Array(arguments.dropFirst()), Host.live).rawValue)
