/* SPDX-License-Identifier: MIT */
#include "layout.h"

int main(void) { return 0; }
