#!/bin/sh
# Makes Temporal's two databases where they are missing, and brings their schema to the version of these tools.
# POSTGRES_HOST, POSTGRES_USER, SQL_PASSWORD.
set -eu

tool() {
  database=$1
  shift
  temporal-sql-tool --plugin postgres12 --ep "$POSTGRES_HOST" --port 5432 --user "$POSTGRES_USER" --db "$database" "$@"
}

prepare() {
  database=$1
  schema=/etc/temporal/schema/postgresql/v12/$2/versioned
  tool "$database" create-database
  # An update needs no setup where there was one: a repeated setup must not take the schema's version back.
  if tool "$database" update-schema --schema-dir "$schema"; then return; fi
  tool "$database" setup-schema --version 0.0
  tool "$database" update-schema --schema-dir "$schema"
}

prepare temporal temporal
prepare temporal_visibility visibility
