/// A process on one physical GPU.
package struct ProcessKey: Hashable, Sendable, Comparable {
  /// nvidia-smi's index of the GPU.
  package var gpu: Int
  package var pid: Int32

  package init(gpu: Int, pid: Int32) {
    self.gpu = gpu
    self.pid = pid
  }

  /// Sorts by GPU, then by PID.
  package static func < (left: ProcessKey, right: ProcessKey) -> Bool {
    left.gpu != right.gpu ? left.gpu < right.gpu : left.pid < right.pid
  }
}
