import GPUSessions
import Testing

@Suite struct MountTableTests {
  private let table = MountTable(
    octets(
      """
      29 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw
      40 29 0:5 / /run rw - tmpfs tmpfs rw
      41 29 8:3 /@var /var rw shared:2 master:1 propagate_from:3 - btrfs /dev/sdb rw
      42 41 8:4 /a\\040b /var/with\\040blank rw - xfs /dev/sdc rw
      43 29 0:6 / /run rw - overlay overlay rw
      44 29 0:7 / /short
      45 29 0:8 / /odd rw - 
      not a mount

      """))

  @Test(
    arguments: [
      ("/", "ext4", "/"), ("/var", "btrfs", "/@var"), ("/var/lib", "btrfs", "/@var"), ("/variable", "ext4", "/"),
      ("/var/with blank/x", "xfs", "/a b"), ("/run/x", "overlay", "/"), ("/short/x", "ext4", "/"),
    ])
  func `the longest point above a path, the last of several`(path: String, type: String, root: String) {
    let mount = table.mount(of: path)
    #expect(mount?.type == type && mount?.root == root)
  }

  @Test func `an empty table has no mount`() { #expect(MountTable([]).mount(of: "/") == nil) }
}
