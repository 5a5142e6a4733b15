#!/usr/bin/env bash
# Builds the C library and installs it: `make install PREFIX=...`. The tree can be moved afterwards.
set -euo pipefail
cargo=${CARGO:-cargo}
[[ $# == 1 && $1 == /* ]] || { echo "usage: install.sh PREFIX, an absolute path" >&2; exit 2; }
prefix=$1
cd "$(dirname "$0")/../../.."
here=bindings/c
built=${CARGO_TARGET_DIR:-target}/release
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
major=${version%%.*}

"$cargo" build --release --locked -p admit-c
# What a program that links the static library needs beside it, as the compiler says.
native=$("$cargo" rustc --color never --release --locked -p admit-c --lib --crate-type staticlib -- \
    --print native-static-libs 2>&1 | tee /dev/stderr | sed -n 's/^note: native-static-libs: //p')
[[ -n $native ]] || { echo "the compiler names no native libraries" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# One object with the functions of the header alone, so that nothing in it clashes with a program that has a Rust
# or an SQLite of its own. The compiler's intermediate code, which is of no use to a linker, would be half of it.
mapfile -t functions < <(nm -D --defined-only "$built/libadmit_c.so" | sed -n 's/.* T \(admit_[a-z0-9_]*\)$/\1/p')
"${LD:-ld}" --relocatable --gc-sections --force-group-allocation "${functions[@]/#/--undefined=}" \
    -o "$work/admit.o" "$built/libadmit_c.a"
objcopy --wildcard --keep-global-symbol='admit_*' --strip-debug --remove-section=.llvmbc --remove-section=.llvmcmd \
    "$work/admit.o"
ar rcsD "$work/libadmit.a" "$work/admit.o"
strip --strip-unneeded -o "$work/libadmit.so" "$built/libadmit_c.so"

filled() { # template, values in the form that its reader takes
    sed -e "s/@VERSION@/$version/g" -e "s/@MAJOR@/$major/g" -e "s/@NATIVE@/$2/g" \
        -e "s/@POINTER@/$(($(getconf LONG_BIT) / 8))/g" "$here/install/$1.in" >"$work/$1"
}
filled admit.pc "$native"
filled admit-config.cmake "$(tr ' ' ';' <<<"${native//-l/}")"
filled admit-config-version.cmake ""

install -d "$prefix"/{include,lib/pkgconfig,lib/cmake/admit}
install -m 644 $here/include/admit.h $here/include/admit.hpp "$prefix/include"
install -m 755 "$work/libadmit.so" "$prefix/lib/libadmit.so.$version"
ln -sf "libadmit.so.$version" "$prefix/lib/libadmit.so.$major"
ln -sf "libadmit.so.$major" "$prefix/lib/libadmit.so"
install -m 644 "$work/libadmit.a" "$prefix/lib"
install -m 644 "$work/admit.pc" "$prefix/lib/pkgconfig"
install -m 644 "$work/admit-config.cmake" "$work/admit-config-version.cmake" "$prefix/lib/cmake/admit"
