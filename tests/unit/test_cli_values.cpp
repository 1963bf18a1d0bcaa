// SPDX-License-Identifier: MIT
#include "cli/values.hpp"

#include <cstdint>
#include <functional>
#include <limits>

#include "catch.hpp"
#include "cli/error.hpp"

using namespace taskworker::cli;
using namespace std::chrono_literals;

namespace {

constexpr auto largest = std::numeric_limits<std::uint64_t>::max();

given_value given(const std::string &text) { return {"--some", text}; }

std::string refusal_of(const std::function<void()> &read) {
  try {
    read();
    return "nothing was thrown";
  } catch (const usage_error &error) {
    return error.what();
  }
}

std::string refusal(const std::string &text, const std::string &expected) {
  return "--some got '" + text + "': expected " + expected;
}

}  // namespace

TEST_CASE("whole numbers are read to their limits", "[cli_values]") {
  CHECK(read_number(given("0"), 0, largest) == 0);
  CHECK(read_number(given("18446744073709551615"), 0, largest) == largest);
  CHECK(read_number(given("1"), 1, 1024) == 1);
  CHECK(read_number(given("1024"), 1, 1024) == 1024);
}

TEST_CASE("what is no whole number within its limits is refused", "[cli_values]") {
  for (const char *text :
       {"", " ", "abc", "-1", "+1", " 1", "1 ", "1.5", "1e3", "0x10", "10k", "0", "1025",
        "18446744073709551616", "99999999999999999999999", "--workers"}) {
    CHECK(refusal_of([&] { (void)read_number(given(text), 1, 1024); }) ==
          refusal(text, "a whole number, 1 to 1024"));
  }
  CHECK(refusal_of([&] { (void)read_number(given("18446744073709551616"), 0, largest); }) ==
        refusal("18446744073709551616", "a whole number, 0 to 18446744073709551615"));
}

TEST_CASE("times have a unit, or are 0", "[cli_values]") {
  CHECK(read_duration(given("500ms")) == 500ms);
  CHECK(read_duration(given("30s")) == 30s);
  CHECK(read_duration(given("5m")) == 5min);
  CHECK(read_duration(given("2h")) == 2h);
  CHECK(read_duration(given("0")) == 0s);
  CHECK(read_duration(given("0s")) == 0s);
  CHECK(read_duration(given("87600h")) == 87600h);
}

TEST_CASE("a time may have a minimum", "[cli_values]") {
  CHECK(read_duration(given("1ms"), 1ms) == 1ms);
  CHECK(refusal_of([&] { (void)read_duration(given("0"), 1ms); }) ==
        refusal("0", "a time such as 500ms, 30s, 5m or 2h, 1ms to 10 years"));
}

TEST_CASE("what is no time is refused", "[cli_values]") {
  for (const char *text :
       {"", "s", "30", "00", "-1s", "+1s", "1.5s", "1 s", "1s ", "1S", "1us", "1d", "1m30s",
        "87601h", "18446744073709551615h", "18446744073709551616s", "forever"}) {
    CHECK(refusal_of([&] { (void)read_duration(given(text)); }) ==
          refusal(text, "a time such as 500ms, 30s, 5m or 2h, at most 10 years, or 0"));
  }
}

TEST_CASE("numbers of bytes may have a unit", "[cli_values]") {
  constexpr std::uint64_t gib = 1u << 30;
  CHECK(read_bytes(given("1"), 1, gib) == 1);
  CHECK(read_bytes(given("4096"), 1, gib) == 4096);
  CHECK(read_bytes(given("512K"), 1, gib) == 512 * 1024);
  CHECK(read_bytes(given("3M"), 1, gib) == 3 * 1024 * 1024);
  CHECK(read_bytes(given("1G"), 1, gib) == gib);
}

TEST_CASE("what is no number of bytes within its limits is refused", "[cli_values]") {
  for (const char *text : {"", "K", "0", "0K", "-1", "1k", "1KB", "1 K", "1.5M", "2G", "1073741825",
                           "18014398509481985K"}) {
    CHECK(refusal_of([&] { (void)read_bytes(given(text), 1, 1u << 30); }) ==
          refusal(text, "a number of bytes such as 4096, 512K or 1M, 1 to 1G"));
  }
}

TEST_CASE("addresses to listen at are IP literals with a port", "[cli_values]") {
  const auto [text, host, port] = GENERATE(table<std::string, std::string, int>({
      {"127.0.0.1:9090", "127.0.0.1", 9090},
      {"0.0.0.0:0", "0.0.0.0", 0},
      {"[::1]:9090", "::1", 9090},
      {"[::]:65535", "::", 65535},
  }));
  CAPTURE(text);
  const auto address = read_listen_address(given(text));
  REQUIRE(address);
  CHECK(address->host == host);
  CHECK(address->port == port);
}

TEST_CASE("none listens nowhere", "[cli_values]") { CHECK(!read_listen_address(given("none"))); }

TEST_CASE("an address to listen at is whole", "[cli_values]") {
  for (const char *text :
       {"", ":9090", "9090", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
        "127.0.0.1:+1", "127.0.0.1:http", "localhost:9090", "::1:9090", "[127.0.0.1]:9090", "[::1]",
        "[::1:9090", "[]:1", "127.1:9090", "None", "[fe80::1%lo]:1", " 127.0.0.1:9090"}) {
    CHECK(refusal_of([&] { (void)read_listen_address(given(text)); }) ==
          refusal(text,
                  "an IP address and a port, such as 127.0.0.1:9090, 0.0.0.0:9090 or [::1]:9090, "
                  "or none"));
  }
}

TEST_CASE("a source is a file or standard input", "[cli_values]") {
  CHECK(read_source(given("file:tasks.json")) == "tasks.json");
  CHECK(read_source(given("file:/a:b")) == "/a:b");
  CHECK(read_source(given("-")) == "-");
  CHECK(read_source(given("file:-")) == "./-");
  for (const char *text : {"", "file:", "tasks.json", "stdin", "redis:x"}) {
    CHECK(refusal_of([&] { (void)read_source(given(text)); }) ==
          refusal(text, "file:PATH, or - for standard input"));
  }
}

TEST_CASE("a host name has no port and no path", "[cli_values]") {
  CHECK(read_host_name(given("Worker-1.example.org")) == "Worker-1.example.org");
  for (const char *text : {"", "a:80", "http://a", "a/b", "a b", "*"}) {
    CHECK(refusal_of([&] { (void)read_host_name(given(text)); }) ==
          refusal(text, "a host name without a port, such as worker.example.org"));
  }
}

TEST_CASE("a choice is one of its words", "[cli_values]") {
  CHECK(read_choice<int>(given("two"), {{"one", 1}, {"two", 2}}) == 2);
  for (const char *text : {"", "tw", "Two", "one,two"}) {
    CHECK(refusal_of([&] { (void)read_choice<int>(given(text), {{"one", 1}, {"two", 2}}); }) ==
          refusal(text, "one of one, two"));
  }
  CHECK(read_switch(given("true")));
  CHECK(!read_switch(given("false")));
  CHECK(refusal_of([&] { (void)read_switch(given("yes")); }) ==
        refusal("yes", "one of true, false"));
}
