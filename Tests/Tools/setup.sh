#!/usr/bin/env bash
# Installs what the tests need beside Swift and Python 3, and says nothing when all of it is there.
# Usage: setup.sh [end-to-end|bench|release]; also what only `make e2e`, or `make bench` and `make bench-smoke`, need;
# `release`: nothing but the pinned tools.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

elevate=()
if [ "$(id -u)" -ne 0 ]; then elevate=(sudo -n); fi

# Packages the tests cannot do without.
required=()
{ command -v promtool && command -v prometheus; } >/dev/null || required+=(prometheus)
command -v prometheus-node-exporter >/dev/null || command -v node_exporter >/dev/null ||
  required+=(prometheus-node-exporter)
python3 -c 'import ensurepip' 2>/dev/null || required+=(python3-venv)

# The test beside a real containerd and the one with a disk quota are for root; they and those that trace system calls
# are skipped without these.
optional=()
if command -v apt-get >/dev/null; then
  command -v strace >/dev/null || optional+=(strace)
  if [ "$(id -u)" -eq 0 ]; then
    command -v containerd >/dev/null || optional+=(containerd)
    command -v runc >/dev/null || optional+=(runc)
    [ -x /usr/sbin/mkfs.btrfs ] || command -v mkfs.btrfs >/dev/null || optional+=(btrfs-progs)
  fi
  if [ "${1:-}" = bench ]; then
    command -v valgrind >/dev/null || optional+=(valgrind)
    command -v cc >/dev/null || optional+=(gcc libc6-dev)
  fi
fi

can_install() { command -v apt-get >/dev/null && "${elevate[@]}" true 2>/dev/null; }

install() { # PACKAGE...
  echo "setup.sh: installing $*"
  # Nothing that is there gives way: Docker's own packages stand in the place of Debian's containerd.
  "${elevate[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends --no-remove "$@" >/dev/null
}

install_packages() {
  if [ ${#required[@]} -gt 0 ] && ! can_install; then
    echo "setup.sh: the tests need promtool, node_exporter and Python's venv. Install these Debian or Ubuntu" \
      "packages, or put the tools of the same names into PATH: ${required[*]}" >&2
    exit 1
  fi
  can_install || return 0
  "${elevate[@]}" apt-get update -qq || [ ${#required[@]} -eq 0 ]
  if [ ${#required[@]} -gt 0 ]; then install "${required[@]}"; fi
  if [ ${#optional[@]} -gt 0 ]; then
    install "${optional[@]}" || echo "setup.sh: not installed: ${optional[*]}; tests with them will be skipped" >&2
  fi
}

# The chart's tools, pinned, in a virtual environment of their own.
install_chart_tools() {
  local wanted=Tests/Tools/requirements.txt there=.build/tools/requirements.txt
  cmp -s "$wanted" "$there" && return
  echo "setup.sh: installing the tools of $wanted"
  python3 -m venv --clear .build/tools
  .build/tools/bin/pip install --quiet --disable-pip-version-check --requirement "$wanted"
  cp "$wanted" "$there"
}

# What speaks to a container runtime, pinned, beside them.
install_end_to_end_tools() {
  local wanted=Tests/EndToEnd/requirements.txt there=.build/tools/end-to-end.txt
  cmp -s "$wanted" "$there" && return
  echo "setup.sh: installing the tools of $wanted"
  .build/tools/bin/pip install --quiet --disable-pip-version-check --requirement "$wanted"
  cp "$wanted" "$there"
}

if [ "${1:-}" != release ] && [ $((${#required[@]} + ${#optional[@]})) -gt 0 ]; then install_packages; fi
install_chart_tools
if [ "${1:-}" = end-to-end ]; then install_end_to_end_tools; fi
