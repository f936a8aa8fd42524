#!/usr/bin/env bash
# Installs what the tests need beside Swift and Python 3, and says nothing when all of it is there.
# Usage: setup.sh [end-to-end] [bench] [machine]   also what only `make e2e`, `make bench` and `make bench-smoke`, or
#                                                  `make bare-metal` need
#        setup.sh bench peers                      also the programs that `make bench` compares with; it can do without them
#        setup.sh release                          nothing but the pinned tools
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

groups=" $* "
chart_tools=Tests/Tools/requirements.txt
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
  if [[ $groups == *" machine "* && "$(id -u)" -eq 0 ]]; then
    command -v debootstrap >/dev/null || optional+=(debootstrap)
    command -v systemd-nspawn >/dev/null || optional+=(systemd-container)
  fi
  if [[ $groups == *" bench "* ]]; then
    command -v valgrind >/dev/null || optional+=(valgrind)
    command -v cc >/dev/null || optional+=(gcc libc6-dev)
  fi
fi

can_install() { command -v apt-get >/dev/null && "${elevate[@]}" true 2>/dev/null; }

# Debian's packages start their services and enable them, and the tests need the programs only. While packages are
# installed policy-rc.d refuses every start, unless the machine has a policy of its own.
policy=/usr/sbin/policy-rc.d
forbid_services() {
  [ ! -e "$policy" ] || return 0
  trap allow_services EXIT
  printf '#!/bin/sh\n# Made by setup.sh of gpu-sessions while it installs packages.\nexit 101\n' |
    "${elevate[@]}" tee "$policy" >/dev/null
  "${elevate[@]}" chmod 0755 "$policy"
}

allow_services() {
  if grep -qs 'setup.sh of gpu-sessions' "$policy"; then "${elevate[@]}" rm -f "$policy"; fi
}

# What has been enabled would start with the machine.
disable_services() { # PACKAGE...
  local unit
  [ -d /run/systemd/system ] || return 0
  for unit in $(dpkg --listfiles "$@" 2>/dev/null | sed -nE 's#.*/systemd/system/([^/@]+\.(service|timer|socket))$#\1#p'); do
    "${elevate[@]}" systemctl --quiet disable "$unit" || true
  done
}

install() { # PACKAGE...
  local status=0
  echo "setup.sh: installing $*"
  forbid_services
  # Nothing that is there gives way: Docker's own packages stand in the place of Debian's containerd.
  "${elevate[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends --no-remove "$@" >/dev/null || status=$?
  allow_services
  disable_services "$@"
  return "$status"
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

# Pinned tools, in a virtual environment of their own, unless those of this file are there. The chart's file comes first:
# it makes the environment anew.
install_pinned() { # REQUIREMENTS
  local there=.build/tools/${1//\//-}
  if cmp -s "$1" "$there"; then return; fi
  echo "setup.sh: installing the tools of $1"
  if [ "$1" = "$chart_tools" ]; then python3 -m venv --clear .build/tools; fi
  .build/tools/bin/pip install --quiet --disable-pip-version-check --requirement "$1"
  cp "$1" "$there"
}

# What users run instead, in an environment of its own: it is measured, and nothing else needs it.
install_peers() {
  local environment=.build/bench-peers pinned=Tests/Bench/requirements.txt
  if cmp -s "$pinned" "$environment/requirements.txt"; then return; fi
  echo "setup.sh: installing the programs of $pinned"
  if python3 -m venv --clear "$environment" &&
    "$environment/bin/pip" install --quiet --disable-pip-version-check --requirement "$pinned"; then
    cp "$pinned" "$environment/requirements.txt"
  else
    rm -rf "$environment"
    echo "setup.sh: not installed: $pinned; make bench will leave those programs out" >&2
  fi
}

if [[ $groups != *" release "* ]] && [ $((${#required[@]} + ${#optional[@]})) -gt 0 ]; then install_packages; fi
install_pinned "$chart_tools"
if [[ $groups == *" end-to-end "* ]]; then install_pinned Tests/EndToEnd/requirements.txt; fi
if [[ $groups == *" peers "* ]]; then install_peers; fi
