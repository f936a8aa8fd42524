#!/usr/bin/env bash
# The house rules that neither the compiler nor swift-format checks. Every finding is one line: file:line: what.
# Usage: lint.sh [ROOT]
set -euo pipefail
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}"
tools="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

file_limit=250
failed=0

report() { # FINDINGS REASON
  [ -n "$1" ] || return 0
  sed "s|\$|    <- $2|" <<<"$1"
  failed=1
}

# Lines that match and are not comments. Fails when the search itself does.
matches() { # PATTERN PATH...
  local pattern="$1" status=0 found
  shift
  found="$(grep -rnHE --include='*.swift' -- "$pattern" "$@")" || status=$?
  [ "$status" -le 1 ] || { echo "lint.sh: cannot search $*" >&2; exit 1; }
  grep -vE '^[^:]*:[0-9]+:[[:space:]]*//' <<<"$found" || true
}

forbid() { # REASON PATTERN PATH...
  local reason="$1" found
  shift
  found="$(matches "$@")"
  report "$found" "$reason"
}

check_imports() {
  local any='^[[:space:]]*((@[A-Za-z_]+(\([^)]*\))?|public|package|internal|private|fileprivate)[[:space:]]+)*import[[:space:]]'
  local found
  forbid "GPUSessions imports nothing" "$any" Sources/GPUSessions
  forbid "no Foundation, nor a part of it: it makes the executable twice as large and larger" "${any}+Foundation" Sources
  found="$(matches "${any}+Glibc\b" Sources | grep -vE '^Sources/(NodeHost|gpu-sessions)/' || true)"
  report "$found" "only NodeHost and the executable import Glibc"
}

check_purity() {
  local pure=Sources/GPUSessions
  forbid "output goes through Host.write" '(^|[^A-Za-z0-9_.]|Swift\.)(print|debugPrint|dump|readLine)\(' $pure
  forbid "time comes from Host" '\b(ContinuousClock|SuspendingClock)\b' $pure
  forbid "no randomness: output is reproducible" '\b(SystemRandomNumberGenerator|randomElement|shuffled)\b|\.random\(' $pure
  forbid "arguments are passed in" '\bCommandLine\b' $pure
  forbid "unsafe code lives in NodeHost" '\b(unsafe|withUnsafe[A-Za-z]*|Unsafe[A-Za-z]*Pointer)\b' $pure
  forbid "errors are thrown or counted" '\b(fatalError|precondition|preconditionFailure|assertionFailure)\(' Sources
  forbid "no forced try or cast" '\b(try|as)!' Sources
}

check_sizes() {
  local file lines
  while IFS= read -r file; do
    lines="$(wc -l <"$file")"
    if [ "$lines" -gt "$file_limit" ]; then report "$file:$lines:" "more than $file_limit lines: it is two things"; fi
  done < <(find Sources Tests packaging -type f \( -name '*.swift' -o -name '*.sh' -o -name '*.py' \) | sort)
  python3 "$tools/function_length.py" Sources Tests packaging || failed=1
}

check_scripts() {
  local file shell
  while IFS= read -r file; do
    case "$(head -n 1 "$file")" in
      '#!'*bash*) shell=bash ;;
      '#!'*sh*) shell=sh ;;
      *) continue ;;
    esac
    [ -x "$file" ] || report "$file:1:" "a script without its executable bit"
    "$shell" -n "$file" || failed=1
  done < <(find Tests/Tools Fixtures/bin .ci packaging -type f | sort)
}

check_fixtures() {
  local node
  for node in Fixtures/nodes/*/; do
    [ -s "${node}ORIGIN" ] || report "${node}ORIGIN:1:" "a fixture says where its shape comes from"
  done
}

# Paths of somebody's own machine. A fixture may hold them, for it is a recording; GKE has its driver in
# /home/kubernetes.
check_paths() {
  local found places=(Sources Tests/Tools packaging Package.swift Makefile .ci)
  found="$(grep -rnHE --include='*' --exclude='*.pyc' \
    '(^|[][:space:]"'"'"'`=(:,])/(root|work|Users/[A-Za-z0-9_.-]+|home/[A-Za-z0-9_.-]+)/' "${places[@]}" ./*.md |
    grep -v '/home/kubernetes/' || true)"
  report "$found" "a path of one machine"
}

# Version.swift says which version this is. These files repeat it: the first line that matches must have the same.
check_version() {
  local version file pattern found line
  version="$(make --no-print-directory --silent version)"
  while read -r file pattern; do
    found="$(grep -noP -m 1 -- "$pattern" "$file" || echo "1:nothing")"
    while IFS= read -r line; do
      if [ "${line#*:}" != "$version" ]; then report "$file:$line" "Version.swift says ${version:-no version}"; fi
    done <<<"$found"
  done <<'PLACES'
chart/Chart.yaml ^version: \K.*
chart/Chart.yaml ^appVersion: \K.*
chart/Chart.yaml image: gpu-sessions:\K.*
CHANGELOG.md ^## \[\K[0-9][^]]*
README.md REGISTRY/gpu-sessions:\K\S+
README.ko.md REGISTRY/gpu-sessions:\K\S+
packaging/compose/.env.example gpu-sessions:\K[0-9]\S*
Sources/gpu-sessions/Documentation.docc/BareMetal.md docker pull \S+/gpu-sessions:\K\S+
PLACES
}

swift format lint --strict --recursive --parallel Sources Tests Package.swift || failed=1
check_imports
check_purity
check_sizes
check_scripts
check_fixtures
check_paths
check_version
python3 "$tools/readme_excerpt.py" || failed=1

if [ "$failed" -ne 0 ]; then
  echo "lint: failed"
  exit 1
fi
echo "lint: passed"
