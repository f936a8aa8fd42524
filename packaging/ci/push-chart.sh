#!/usr/bin/env bash
# Pushes the packaged chart in DIRECTORY to the OCI REPOSITORY, and prints digest=sha256:….
# Usage: push-chart.sh DIRECTORY REPOSITORY
set -euo pipefail
said=$(helm push "${1:?}"/gpu-session-monitoring-*.tgz "oci://${2:?}" 2>&1)
echo "$said" >&2
digest=$(sed -n 's/^Digest: \(sha256:[0-9a-f]\{64\}\)$/\1/p' <<<"$said")
[ -n "$digest" ] || { echo "push-chart.sh: helm has printed no digest" >&2; exit 1; }
echo "digest=$digest"
