/// Returns the names of these users from `/etc/passwd`, or from the output of `getent passwd`, which has the same form.
///
/// Lines are `name:password:uid:gid:comment:home:shell`. The first line of a user ID counts, as for getpwuid(3).
/// Comments, the `+` and `-` lines of NIS, and lines of another form are skipped. A user that is not found is not in
/// the result. Source of the format: passwd(5), nsswitch.conf(5).
package func userNames(_ file: [UInt8], of uids: Set<UInt32>) -> [UInt32: String] {
  var names: [UInt32: String] = [:]
  for line in file[...].lines() {
    if names.count == uids.count { break }
    let fields = line.fields(separatedBy: UInt8(ascii: ":"))
    guard fields.count == 7, let first = fields[0].first, !"#+-".utf8.contains(first),
      let uid = fields[2].decimal.flatMap({ UInt32(exactly: $0) }), uids.contains(uid), names[uid] == nil
    else { continue }
    names[uid] = fields[0].text
  }
  return names
}
