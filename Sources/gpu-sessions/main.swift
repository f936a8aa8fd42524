import GPUSessions
import Glibc
import NodeHost

prepareProcess()
// The first argument is the program's name. There is none if the Swift runtime could not read /proc/self/maps.
let arguments = CommandLine.arguments
exit(run(arguments.isEmpty ? nil : Array(arguments.dropFirst()), Host.live).rawValue)
