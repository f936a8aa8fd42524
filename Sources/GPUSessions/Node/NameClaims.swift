/// What the sources say of a pod's name, and which of them is believed.
struct NameClaims {
  /// What the most trusted source so far says; `nil` if it contradicts itself, or another that is trusted alike.
  private(set) var pod: PodName?
  /// Whether two sources, or one and itself, say different names.
  private(set) var isDisputed = false
  private var writer: OwnerSource.Writer?

  /// Adds what one source says; `name` is `nil` if it contradicts itself.
  mutating func add(_ name: PodName?, from source: OwnerSource) {
    if name == nil { isDisputed = true }
    guard let writer else { return (pod, self.writer) = (name, source.writer) }
    if name != pod { isDisputed = true }
    if source.writer > writer {
      (pod, self.writer) = (name, source.writer)
    } else if source.writer == writer, name != pod {
      pod = nil
    }
  }
}
