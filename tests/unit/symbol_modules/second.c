// SPDX-License-Identifier: MIT
// As `first` in size and shape: mapped in its place, it has code at the same addresses.
int second_function(int value);

int second_function(int value) { return value + 2; }
