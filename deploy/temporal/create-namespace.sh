#!/bin/sh
# Makes the namespace where it is missing. TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE.
set -eu

until temporal operator cluster health; do
  echo "waiting for Temporal at $TEMPORAL_ADDRESS"
  sleep 2
done
if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then exit 0; fi
# Retention is of workflows that ended, and an agent's ends only when it is archived.
temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 30d
