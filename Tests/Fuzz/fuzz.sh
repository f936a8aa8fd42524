#!/usr/bin/env bash
# Fuzzes each target for some seconds, one after the other, and keeps what it learns in .build/fuzz for the next time.
# Usage: fuzz.sh SECONDS [TARGET...]      Inputs for which a property does not hold: .build/fuzz/crashes/TARGET/
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
seconds="$1"
shift
place=.build/fuzz

FUZZ=1 swift build -c release --scratch-path "$place/build" --product fuzz
rm -rf "$place/corpus"
python3 Tests/Fuzz/corpus.py "$place/corpus"
targets=("$@")
if [ "${#targets[@]}" -eq 0 ]; then mapfile -t targets < <(ls "$place/corpus"); fi

failed=0
for target in "${targets[@]}"; do
  mkdir -p "$place/learned/$target" "$place/crashes/$target"
  # Whole nodes are longer than what any one parser reads.
  case "$target" in pipeline) longest=16384 ;; table | interference) longest=8192 ;; *) longest=4096 ;; esac
  status=0
  FUZZ_TARGET="$target" "$place/build/release/fuzz" -max_total_time="$seconds" -max_len="$longest" -timeout=20 \
    -rss_limit_mb=1024 -print_final_stats=1 -artifact_prefix="$place/crashes/$target/" \
    "$place/learned/$target" "$place/corpus/$target" >"$place/$target.log" 2>&1 || status=$?
  if [ "$status" -ne 0 ]; then
    failed=1
    echo "$target: failed, see $place/$target.log and $place/crashes/$target/"
    grep -a "^$target: " "$place/$target.log" | sort -u || tail -n 3 "$place/$target.log"
  else
    runs="$(sed -n 's/^stat::number_of_executed_units: *//p' "$place/$target.log")"
    edges="$(sed -n 's/.*DONE *cov: \([0-9]*\).*/\1/p' "$place/$target.log")"
    echo "$target: $runs inputs in $seconds s, $edges edges, every property held"
  fi
done
exit "$failed"
