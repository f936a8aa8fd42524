#!/usr/bin/env bash
# Installs what the tests need beside Swift and Python 3, and says nothing when all of it is there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

packages=()
{ command -v promtool && command -v prometheus; } >/dev/null || packages+=(prometheus)
command -v prometheus-node-exporter >/dev/null || command -v node_exporter >/dev/null ||
  packages+=(prometheus-node-exporter)
python3 -c 'import ensurepip' 2>/dev/null || packages+=(python3-venv)

# The chart's tools, pinned, in a virtual environment of their own.
install_chart_tools() {
  local wanted=Tests/Tools/requirements.txt there=.build/tools/requirements.txt
  cmp -s "$wanted" "$there" && return
  echo "setup.sh: installing the tools of $wanted"
  python3 -m venv --clear .build/tools
  .build/tools/bin/pip install --quiet --disable-pip-version-check --requirement "$wanted"
  cp "$wanted" "$there"
}

if [ ${#packages[@]} -eq 0 ]; then
  install_chart_tools
  exit 0
fi

elevate=()
if [ "$(id -u)" -ne 0 ]; then elevate=(sudo -n); fi
if ! command -v apt-get >/dev/null || ! "${elevate[@]}" true 2>/dev/null; then
  echo "setup.sh: the tests need promtool and node_exporter. Install these Debian or Ubuntu packages," \
    "or put the tools of the same names into PATH: ${packages[*]}" >&2
  exit 1
fi

echo "setup.sh: installing ${packages[*]}"
"${elevate[@]}" apt-get update -qq
"${elevate[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
install_chart_tools
