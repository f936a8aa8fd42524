#!/usr/bin/env bash
# Installs what the tests need beside Swift and Python 3, and says nothing when all of it is there.
set -euo pipefail

packages=()
command -v promtool >/dev/null || packages+=(prometheus)
command -v prometheus-node-exporter >/dev/null || command -v node_exporter >/dev/null ||
  packages+=(prometheus-node-exporter)
command -v strace >/dev/null || packages+=(strace)
[ ${#packages[@]} -gt 0 ] || exit 0

elevate=()
if [ "$(id -u)" -ne 0 ]; then elevate=(sudo -n); fi
if ! command -v apt-get >/dev/null || ! "${elevate[@]}" true 2>/dev/null; then
  echo "setup.sh: the tests need promtool, node_exporter and strace. Install these Debian or Ubuntu packages," \
    "or put the tools of the same names into PATH: ${packages[*]}" >&2
  exit 1
fi

echo "setup.sh: installing ${packages[*]}"
"${elevate[@]}" apt-get update -qq
"${elevate[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
