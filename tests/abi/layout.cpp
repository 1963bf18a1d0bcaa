// SPDX-License-Identifier: MIT
#include "layout.h"

int main() { return 0; }
