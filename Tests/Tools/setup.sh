#!/usr/bin/env bash
# Installs what the tests need beside Swift and Python 3, and says nothing when all of it is there.
set -euo pipefail

packages=()
command -v promtool >/dev/null || packages+=(prometheus)
command -v prometheus-node-exporter >/dev/null || command -v node_exporter >/dev/null ||
  packages+=(prometheus-node-exporter)

# The test beside a real containerd is for root, and skipped without these.
optional=()
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  command -v containerd >/dev/null || optional+=(containerd)
  command -v runc >/dev/null || optional+=(runc)
fi
[ $((${#packages[@]} + ${#optional[@]})) -gt 0 ] || exit 0

elevate=()
if [ "$(id -u)" -ne 0 ]; then elevate=(sudo -n); fi
if ! command -v apt-get >/dev/null || ! "${elevate[@]}" true 2>/dev/null; then
  echo "setup.sh: the tests need promtool and node_exporter. Install these Debian or Ubuntu packages," \
    "or put the tools of the same names into PATH: ${packages[*]}" >&2
  exit 1
fi

install() { # PACKAGE...
  echo "setup.sh: installing $*"
  # Nothing that is there gives way: Docker's own packages stand in the place of Debian's containerd.
  "${elevate[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends --no-remove "$@" >/dev/null
}

"${elevate[@]}" apt-get update -qq || [ ${#packages[@]} -eq 0 ]
if [ ${#packages[@]} -gt 0 ]; then install "${packages[@]}"; fi
if [ ${#optional[@]} -gt 0 ]; then
  install "${optional[@]}" || echo "setup.sh: not installed: ${optional[*]}; real_containerd.py will be skipped" >&2
fi
