#!/usr/bin/env bash
# Builds the .rpm of the tarball and the .spec in DIRECTORY, puts it beside them, and writes SHA256SUMS anew.
# Usage: rpm.sh DIRECTORY
set -euo pipefail
export LC_ALL=C
cd "${1:?usage: rpm.sh DIRECTORY}"
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
rpmbuild -bb --quiet --define "_topdir $top" --define "_sourcedir $PWD" ./*.spec
mv "$top"/RPMS/*/*.rpm .
rm -f SHA256SUMS
sha256sum -- * >"$top/sums"
mv "$top/sums" SHA256SUMS
