import GPUSessions
import Glibc
import NodeHost

prepareProcess()
exit(run(Array(CommandLine.arguments.dropFirst()), Host.live).rawValue)
