#!/usr/bin/env bash
# Fails unless the tag GITHUB_REF_NAME is that of the version which is checked out.
set -euo pipefail
version=$(make --no-print-directory --silent version)
if [ "$GITHUB_REF_NAME" != "v$version" ]; then
  echo "tag.sh: the tag is $GITHUB_REF_NAME and the version is $version: set it in Sources/GPUSessions/Version.swift first" >&2
  exit 1
fi
