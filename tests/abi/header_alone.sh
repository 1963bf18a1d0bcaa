#!/bin/sh
# SPDX-License-Identifier: MIT
# header_alone.sh LANGUAGE STANDARD INCLUDE_DIR HEADER COMPILER...: the header compiles
# with nothing before it, without a warning.
set -u
language=$1 standard=$2 include_dir=$3 header=$4
shift 4
echo "#include <$header>" |
  exec "$@" -x "$language" "-std=$standard" -pedantic-errors -Wall -Wextra -Werror \
    "-I$include_dir" -fsyntax-only -
