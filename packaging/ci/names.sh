#!/usr/bin/env bash
# Prints as NAME=VALUE lines under which names a release is published in REGISTRY by OWNER. Registries know small letters only.
set -euo pipefail
version=$(make --no-print-directory --silent version)
place=${REGISTRY:?}/$(tr '[:upper:]' '[:lower:]' <<<"${OWNER:?}")
echo "version=$version"
echo "image=$place/gpu-sessions"
echo "charts=$place/charts"
echo "chart=$place/charts/gpu-session-monitoring"
