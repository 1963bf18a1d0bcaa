// SPDX-License-Identifier: MIT
#include <gnu/libc-version.h>

#include <cinttypes>
#include <cstdio>
#include <string>

#include "catch.hpp"
#include "endpoints/symbol_lookup.hpp"

using namespace taskworker;

namespace {

std::string address_of_function() {
  char text[32];
  std::snprintf(text, sizeof text, "0x%" PRIxPTR,
                reinterpret_cast<std::uintptr_t>(&gnu_get_libc_version));
  return text;
}

}  // namespace

TEST_CASE("asked for nothing, it tells that there are symbols", "[endpoints_symbol_lookup]") {
  profiling::symbols names;
  CHECK(endpoints::look_up_symbols("", names) == "num_symbols: 1\n");
}

TEST_CASE("each address gets a line with its name", "[endpoints_symbol_lookup]") {
  profiling::symbols names;
  const std::string address = address_of_function();
  const std::string line = address + " gnu_get_libc_version\n";
  CHECK(endpoints::look_up_symbols(address, names) == "num_symbols: 1\n" + line);
  CHECK(endpoints::look_up_symbols(address + "+" + address, names) ==
        "num_symbols: 1\n" + line + line);
  CHECK(endpoints::look_up_symbols(address.substr(2), names) ==
        "num_symbols: 1\n" + address.substr(2) + " gnu_get_libc_version\n");
}

TEST_CASE("what is no address, or has no name, is left out", "[endpoints_symbol_lookup]") {
  profiling::symbols names;
  const std::string address = address_of_function();
  CHECK(endpoints::look_up_symbols("0x10+nonsense+0x+0xzz++" + address + "+0x", names) ==
        "num_symbols: 1\n" + address + " gnu_get_libc_version\n");
  CHECK(endpoints::look_up_symbols("0xffffffffffffffffff", names) == "num_symbols: 1\n");
  CHECK(endpoints::look_up_symbols("ffffffffffffffff", names) == "num_symbols: 1\n");
}

TEST_CASE("the command line is that of the process, without a last 0 byte",
          "[endpoints_symbol_lookup]") {
  const auto answer = endpoints::serve_command_line();
  CHECK(answer.status == 200);
  CHECK(answer.body.find("unit_tests") != std::string::npos);
  CHECK_FALSE(answer.body.ends_with('\0'));
}
