/// A process on one physical GPU.
package struct ProcessKey: Hashable, Sendable {
  /// nvidia-smi's index of the GPU.
  package var gpu: Int
  package var pid: Int32

  package init(gpu: Int, pid: Int32) {
    self.gpu = gpu
    self.pid = pid
  }
}
