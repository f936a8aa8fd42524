// The facts that `show` is ready for and that no collection has yet: the one place to fill in once it has.

/// Whose process it is outside of pods.
struct OwnerPlace {
  var user: String?
  var unit: String?
  var slurmJobID: String?

  /// Nothing yet: becomes `owner.user`, `owner.unit` and `owner.slurmJobID`.
  init(_ owner: Owner) {}
}

/// Elements of `allocations`; none yet: becomes one object for each of `snapshot.allocations`.
func allocationObjects(_ snapshot: Snapshot) -> [JSONOutput] { [] }

/// Pods (`namespace/pod`) that hold a device, used or not; none yet: becomes those of `snapshot.allocations`.
func holders(of device: Device?, _ snapshot: Snapshot) -> [String] { [] }
