#!/bin/sh
# Unpacks the workbook, if that has not been done yet, and starts it. No network is needed.
#
#   sh start.sh                                   read and work, in your browser
#   sh start.sh check event-loop/run_in_order     or any other command of `cargo workbook`
#
# It is unpacked to the folder @FOLDER@ in your home folder, or to the folder that WORKBOOK_FOLDER names.
set -eu

fail() {
  printf '%s\n' "$*" >&2
  exit 2
}

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)

command -v cargo >/dev/null 2>&1 ||
  fail "Rust is not on this machine: there is no cargo. The workbook needs Rust @RUST@ or later, from https://rustup.rs."
# `cargo 1.95.0 (f2d3ce0bd 2026-03-21)`
version=$(cargo --version | cut -d ' ' -f 2)
minor=${version#*.}
minor=${minor%%.*}
[ "${version%%.*}" -gt 1 ] || [ "$minor" -ge @MINOR@ ] ||
  fail "The workbook needs Rust @RUST@ or later, and this is $version. With a network, \`rustup update\` updates it."

unpack() {
  archive="$here/@FILE@"
  [ -f "$archive" ] || fail "@FILE@ has to be in the folder of this script."
  mkdir -p "$(dirname -- "$1")"
  new=$(mktemp -d "$(dirname -- "$1")/.new-workbook-XXXXXX")
  # Whatever happens, a folder with the final name is complete.
  trap 'rm -rf "$new"' EXIT
  trap 'exit 130' INT TERM HUP
  echo "Unpacking the workbook to $1"
  tar -xzf "$archive" -C "$new" || fail "It could not be unpacked. It takes about 400 MB there."
  mv "$new/@FOLDER@" "$1"
  rm -rf "$new"
  trap - EXIT INT TERM HUP
}

if [ -f "$here/exercises/exercises.toml" ]; then
  folder=$here
else
  folder=${WORKBOOK_FOLDER:-$HOME/@FOLDER@}
  if [ -f "$folder/exercises/exercises.toml" ]; then
    echo "The workbook is in $folder already. Your answers there are kept."
  elif [ -e "$folder" ]; then
    fail "$folder exists, and is not a workbook. Rename it, or name another folder: WORKBOOK_FOLDER=\"\$HOME/workbook\" sh start.sh"
  else
    unpack "$folder"
  fi
fi

cd "$folder"
[ -d target/debug ] || echo "The first start compiles the workbook, which takes a few minutes."
echo "From now on: cd $folder && cargo workbook"
exec cargo workbook "$@"
