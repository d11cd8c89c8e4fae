#!/usr/bin/env bash
# Installs Rust and builds everything that grading needs, so that grading itself needs no network. Gradescope runs this once,
# as root; the Dockerfile does, too. AUTOGRADER_ROOT is for tests.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
source="$root/source"
cd "$source/workbook"

if ! command -v cc >/dev/null || ! { command -v cargo || command -v curl; } >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ca-certificates curl gcc libc6-dev
fi
if ! command -v cargo >/dev/null; then
  # Below the source, because another user with another home may run the grader.
  export RUSTUP_HOME="$source/rust/rustup" CARGO_HOME="$source/rust/cargo"
  export PATH="$CARGO_HOME/bin:$PATH"
  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs |
    sh -s -- -y --no-modify-path --profile minimal --default-toolchain "$(cat "$source/rust-version")"
fi

cargo build --locked --package classroom
export CARGO_NET_OFFLINE=true
for name in PATH CARGO_HOME RUSTUP_HOME CARGO_NET_OFFLINE; do
  [ -z "${!name:-}" ] || printf 'export %s=%q\n' "$name" "${!name}"
done > "$source/environment.sh"

# The first submission would wait for the libraries. The stubs show whether tests that students do not have compile.
trial="$(mktemp -d)"
trap 'rm -rf "$trial"' EXIT
mkdir -p "$trial/submission/exercises/src"
for chapter in "$source"/hidden/*/; do
  [ -d "$chapter" ] || continue
  module="$(basename "$chapter" | tr - _)"
  cp "exercises/stubs/$module.rs" "$trial/submission/exercises/src/"
done
"$source/grade" "$trial/submission" --output "$trial/results" --results "$trial/results.json" --format gradescope
if grep -q '"does-not-compile"' "$trial/results/results.json"; then
  echo "The tests in hidden/ do not compile with the stubs:" >&2
  cat "$trial/results.json" >&2
  exit 1
fi
