#!/usr/bin/env bash
# Makes in .build/dist what is published of a version: the executable, the packages, the chart, an SBOM and SHA256SUMS.
# The same commit, toolchain and distribution give the same bytes, wherever, when and by whom it is run.
# Usage: [MAINTAINER="NAME <ADDRESS>"] [HOMEPAGE=URL] release.sh VERSION; outside of a git checkout with SOURCE_DATE_EPOCH in the
# environment. HOMEPAGE is the address of the repository: the chart's alerts then lead to its pages.
set -euo pipefail
export LC_ALL=C TZ=UTC
umask 022
version=$1
machine=$(uname -m)
build=$PWD/.build/release-build
out=$PWD/.build/dist

if [ -e .git ]; then
  : "${SOURCE_DATE_EPOCH:=$(git log -1 --format=%ct)}"
  : "${REVISION:=$(git describe --always --exclude '*' --abbrev=40 --dirty)}"
fi
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:?is needed where there is no commit to take the time from}

# Always anew: what an earlier build has left is not of this commit. The linker's build ID and the section with hashes
# of the modules, which nothing reads at run time, depend on the path of this directory; nothing else does.
rm -rf "$build" "$out" && mkdir -p "$build" "$out"
swift build -c release --product gpu-sessions --scratch-path "$build" -Xlinker --build-id=none \
  -Xlinker "--Map=$build/link.map" -Xlinker "--print-archive-stats=$build/archives.tsv"
executable=$out/gpu-sessions-$version-linux-$machine
strip --remove-section=.swift_modhash -o "$executable" "$build/release/gpu-sessions"

EXECUTABLE=$executable OUT=.build/release-packages packaging/package.sh "$version" >/dev/null
rm .build/release-packages/SHA256SUMS
mv .build/release-packages/gpu-sessions.spec "$out/gpu-sessions-$version-$machine.spec"
mv .build/release-packages/* "$out" && rmdir .build/release-packages

# Helm packs what its .helmignore leaves, with the time of day; packed once more with that of the commit.
.build/tools/bin/helm package chart --destination "$build" >/dev/null
mkdir "$build/chart"
tar --directory "$build/chart" --touch -xzf "$build"/gpu-session-monitoring-*.tgz
if [ -n "${HOMEPAGE:-}" ]; then
  printf 'home: %s\nsources: [%s]\n' "$HOMEPAGE" "$HOMEPAGE" >>"$build/chart/gpu-session-monitoring/Chart.yaml"
fi
chart=$out/$(basename "$build"/gpu-session-monitoring-*.tgz)
tar --directory "$build/chart" --sort=name --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX \
  --mtime="@$SOURCE_DATE_EPOCH" -c gpu-session-monitoring | gzip -9n >"$chart"

python3 packaging/sbom --map "$build/link.map" --build "$build" --version "$version" \
  --revision "${REVISION:-NOASSERTION}" --output "$executable.spdx.json" "executable=$executable" \
  "deb=$(echo "$out"/*.deb)" "tarball=$(echo "$out"/*.tar.gz)" "spec=$(echo "$out"/*.spec)" "chart=$chart"
(cd "$out" && sha256sum -- * >SHA256SUMS && cat SHA256SUMS)
