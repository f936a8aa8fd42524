/// The names of some users from `/etc/passwd`, or from what `getent passwd` prints: the form is the same.
///
/// Lines are `name:password:uid:gid:comment:home:shell`. The first line of a user ID counts, as it does for
/// getpwuid(3). Comments, the `+` and `-` lines of NIS and what has another form are passed over.
/// Source of the format: passwd(5), nsswitch.conf(5).
package func userNames(_ file: [UInt8], of uids: Set<UInt32>) -> [UInt32: String] {
  var names: [UInt32: String] = [:]
  for line in file[...].lines() {
    let fields = line.fields(separatedBy: UInt8(ascii: ":"))
    guard fields.count == 7, let first = fields[0].first, !passedOver.contains(first),
      let uid = fields[2].decimal.flatMap({ UInt32(exactly: $0) }), uids.contains(uid), names[uid] == nil
    else { continue }
    names[uid] = fields[0].text
  }
  return names
}

private let passedOver = [UInt8(ascii: "#"), UInt8(ascii: "+"), UInt8(ascii: "-")]
