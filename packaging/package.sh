#!/usr/bin/env bash
# Makes OUT/gpu-sessions_VERSION_ARCHITECTURE.deb and gpu-sessions-VERSION-MACHINE.tar.gz with its spec for rpmbuild, from
# what `make install` installs, with its TEXTFILE_DIRECTORY. Times, owners and modes are fixed, so that the same files give the same bytes.
# Usage: [EXECUTABLE=FILE] [OUT=DIRECTORY] [MAINTAINER="NAME <ADDRESS>"] package.sh VERSION
set -euo pipefail
export LC_ALL=C
umask 022
version=$1
machine=$(uname -m)
case "$machine" in
  x86_64) architecture=amd64 ;;
  aarch64) architecture=arm64 ;;
  *) echo "package.sh: no package for $machine" >&2; exit 1 ;;
esac
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
out=${OUT:-.build/packages}
rm -rf "$out" && mkdir -p "$out/root"

make --no-print-directory --silent install install-systemd-units install-package-files DESTDIR="$PWD/$out/root" \
  SPEC="$PWD/$out/gpu-sessions.spec" PREFIX=/usr UNITS=/usr/lib/systemd/system ${EXECUTABLE:+"EXECUTABLE=$EXECUTABLE"}
gzip -9n "$out/root/usr/share/man/man1/gpu-sessions.1"
install -d "$out/root/usr/share/doc/gpu-sessions"
install -m 0644 LICENSE README.md README.ko.md CHANGELOG.md "$out/root/usr/share/doc/gpu-sessions/"
install -D -m 0644 packaging/prometheus/gpu-sessions.rules.yml "$out/root/usr/share/gpu-sessions/prometheus/gpu-sessions.rules.yml"
install -D -m 0644 --target-directory="$out/root/usr/share/gpu-sessions/grafana" chart/dashboards/*.json

tarball=gpu-sessions-$version-$machine.tar.gz
tar --directory "$out/root" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -c usr |
  gzip -9n >"$out/$tarball"
sed -i "s/@VERSION@/$version/g; s/@MACHINE@/$machine/g" "$out/gpu-sessions.spec"

# What Debian has in places of its own.
maintainer=${MAINTAINER:-gpu-sessions <gpu-sessions@localhost>}
documents=$out/root/usr/share/doc/gpu-sessions
mv "$out/root/usr/share/zsh/site-functions" "$out/root/usr/share/zsh/vendor-completions"
install -m 0644 packaging/deb/copyright "$documents/copyright"
sed "s/@VERSION@/$version/; s|@MAINTAINER@|$maintainer|; s/@DATE@/$(date --utc --rfc-email --date="@$SOURCE_DATE_EPOCH")/" \
  packaging/deb/changelog.in | gzip -9n >"$documents/changelog.gz"
install -D -m 0644 packaging/deb/lintian-overrides "$out/root/usr/share/lintian/overrides/gpu-sessions"

# As dpkg-gencontrol counts: what a file system makes of it differs.
size=$(find "$out/root/usr" -type f -printf '%s\n' -o -printf '1\n' | awk '{ all += int(($1 + 1023) / 1024) } END { print all }')
sed "s/@VERSION@/$version/; s/@ARCHITECTURE@/$architecture/; s/@SIZE@/$size/; s|@MAINTAINER@|$maintainer|" \
  packaging/deb/control.in >"$out/root/DEBIAN/control"
find "$out/root" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
dpkg-deb -Zxz -z1 --root-owner-group --build "$out/root" "$out/gpu-sessions_${version}_$architecture.deb" >/dev/null
rm -rf "$out/root"
(cd "$out" && sha256sum -- * >SHA256SUMS && cat SHA256SUMS)
