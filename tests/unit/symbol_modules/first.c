// SPDX-License-Identifier: MIT
// As `second` in size and shape: mapped in its place, it has code at the same addresses.
int first_function(int value);

int first_function(int value) { return value + 1; }
