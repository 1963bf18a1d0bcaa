// SPDX-License-Identifier: MIT
// token_check TOKEN AUTHORIZATION: checks once; constant_time.py counts the instructions.
#include "http/credentials.hpp"

int main(int, char **argv) { return taskworker::http::presents_token(argv[2], argv[1]) ? 0 : 1; }
