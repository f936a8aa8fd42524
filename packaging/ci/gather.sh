#!/usr/bin/env bash
# Puts the files of all dist-* directories in PARTS into OUT, checked by the SHA256SUMS of each, with one SHA256SUMS. Files of
# one name have to be the same: the chart of each architecture. Prints what the changelog says of the version.
# Usage: gather.sh PARTS OUT
set -euo pipefail
export LC_ALL=C
parts=${1:?usage: gather.sh PARTS OUT} out=${2:?usage: gather.sh PARTS OUT}
version=$(make --no-print-directory --silent version)
mkdir -p "$out"
for part in "$parts"/dist-*; do
  (cd "$part" && sha256sum --check --quiet SHA256SUMS)
  for file in "$part"/*; do
    name=${file##*/}
    [ "$name" != SHA256SUMS ] || continue
    if [ -e "$out/$name" ] && ! cmp -s "$file" "$out/$name"; then
      echo "gather.sh: $name differs between architectures" >&2
      exit 1
    fi
    cp "$file" "$out/$name"
  done
done
(cd "$out" && sha256sum -- * >SHA256SUMS)
awk -v heading="## [$version]" 'index($0, "## [") == 1 { on = index($0, heading) == 1; next } on' CHANGELOG.md |
  grep . || { echo "gather.sh: CHANGELOG.md has nothing about $version" >&2; exit 1; }
