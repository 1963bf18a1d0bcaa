// SPDX-License-Identifier: MIT
// What every test file includes and what takes longest to compile.
#include "catch.hpp"
