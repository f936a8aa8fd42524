#!/usr/bin/env bash
# Makes .build/packages/gpu-sessions_VERSION_ARCHITECTURE.deb and gpu-sessions-VERSION-MACHINE.tar.gz with its spec for
# rpmbuild, from what `make install` installs. Times and owners are fixed, so that the same files give the same bytes.
set -euo pipefail
version=$1
machine=$(uname -m)
case "$machine" in
  x86_64) architecture=amd64 ;;
  aarch64) architecture=arm64 ;;
  *) echo "package.sh: no package for $machine" >&2; exit 1 ;;
esac
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
out=.build/packages
rm -rf "$out" && mkdir -p "$out/root"

make --no-print-directory install install-systemd-units DESTDIR="$PWD/$out/root" PREFIX=/usr UNITS=/usr/lib/systemd/system
gzip -9n "$out/root/usr/share/man/man1/gpu-sessions.1"
install -d "$out/root/usr/share/doc/gpu-sessions"
install -m 0644 LICENSE "$out/root/usr/share/doc/gpu-sessions/copyright"
install -m 0644 README.md README.ko.md CHANGELOG.md "$out/root/usr/share/doc/gpu-sessions/"

tarball=gpu-sessions-$version-$machine.tar.gz
tar --directory "$out/root" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -c usr |
  gzip -9n >"$out/$tarball"
sed "s/@VERSION@/$version/g; s/@MACHINE@/$machine/g" packaging/rpm/gpu-sessions.spec >"$out/gpu-sessions.spec"

install -d "$out/root/DEBIAN"
sed "s/@VERSION@/$version/; s/@ARCHITECTURE@/$architecture/; s/@SIZE@/$(du -sk "$out/root/usr" | cut -f1)/" \
  packaging/deb/control.in >"$out/root/DEBIAN/control"
install -m 0755 packaging/deb/postinst packaging/deb/prerm packaging/deb/postrm "$out/root/DEBIAN/"
dpkg-deb -Zxz -z1 --root-owner-group --build "$out/root" "$out/gpu-sessions_${version}_$architecture.deb" >/dev/null
rm -rf "$out/root"
(cd "$out" && sha256sum -- * >SHA256SUMS && cat SHA256SUMS)
