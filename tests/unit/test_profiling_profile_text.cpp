// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include "catch.hpp"
#include "loaded_library.hpp"
#include "profiling/format/profile_text.hpp"
#include "profiling/stack.hpp"
#include "profiling/synthetic_frame.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using namespace taskworker::profiling;

namespace {

constexpr std::uintptr_t lost = address_of(synthetic_frame::lost_samples);
constexpr std::uintptr_t overrun = address_of(synthetic_frame::timer_overrun);
constexpr std::uintptr_t job = address_of(synthetic_frame::job);

profile cpu_profile() {
  profile made;
  made.sample_types = {{"samples", "count"}, {"cpu", "nanoseconds"}};
  made.period_type = {"cpu", "nanoseconds"};
  made.period = 10'000'000;
  made.duration_ns = 30'000'000'000;
  made.time_ns = 1'795'444'382'000'000'000;
  made.comments = {"2 samples were lost"};
  made.samples = {{{job, lost}, {900, 9'000'000'000}, {}},
                  {{overrun, lost}, {300, 3'000'000'000}, {{"thread", "a \"b\""}}}};
  return made;
}

profile heap_profile() {
  profile made;
  made.sample_types = {{"alloc_objects", "count"},
                       {"alloc_space", "bytes"},
                       {"inuse_objects", "count"},
                       {"inuse_space", "bytes"}};
  made.period = 524'288;
  made.samples = {{{job}, {10, 2'048, 3, 1'024}, {{"bytes", "192"}}}};
  return made;
}

std::vector<std::string> lines_of(const std::string &text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

[[gnu::noinline]] std::uintptr_t own_frame() { return capture_stack().frames[0]; }

}  // namespace

TEST_CASE("the table reads as a person needs it", "[profiling_profile_text]") {
  symbols names;
  CHECK(format_top(cpu_profile(), 1, 10, names) ==
        "cpu: 12.0 s in 30.0 s (0.40 of a CPU), 1,200 samples, 2026-11-23 14:33:02 UTC\n"
        "# 2 samples were lost\n"
        "\n"
        "All functions. self: in the function itself; total: in it and in what it called.\n"
        "\n"
        "    self  self%     total total%  where  function\n"
        "  9.00 s  75.0%    9.00 s  75.0%         [job]\n"
        "  3.00 s  25.0%    3.00 s  25.0%         [timer overrun]\n"
        "    0 ns   0.0%    12.0 s 100.0%         [lost samples]\n");
}

TEST_CASE("the lines of the strategy stand apart, with what they called",
          "[profiling_profile_text]") {
  const loaded_library strategy(symbol_module("first"));
  const auto own = strategy.call_in("first_function");
  const auto other = own_frame();
  profile taken = cpu_profile();
  taken.samples = {{{other, own}, {3, 30}, {}}, {{other}, {9, 90}, {}}};
  symbols names;
  const auto lines = lines_of(format_top(taken, 1, 10, names));
  const auto title = std::find(lines.begin(), lines.end(),
                               "Lines of the strategy, each with what it called outside of it:");
  REQUIRE(lines.end() - title > 4);
  CHECK_THAT(title[2], ContainsSubstring("   30 ns  25.0%  first.c:"));
  CHECK_THAT(title[2], EndsWith("  first_function"));
  CHECK(title[3].empty());
  CHECK_THAT(title[4], StartsWith("All functions."));
}

TEST_CASE("the table ends after as many lines as asked for", "[profiling_profile_text]") {
  symbols names;
  const std::string one = format_top(cpu_profile(), 0, 1, names);
  CHECK_THAT(one, ContainsSubstring("[job]"));
  CHECK_THAT(one, !ContainsSubstring("[timer overrun]"));
  CHECK(lines_of(one).back() == "and 2 functions more");
  CHECK(lines_of(format_top(cpu_profile(), 0, 2, names)).back() == "and 1 function more");
}

TEST_CASE("a state has no duration, and its counts have no share", "[profiling_profile_text]") {
  symbols names;
  CHECK_THAT(format_top(heap_profile(), 3, 10, names),
             StartsWith("inuse_space: 1.00 KiB, 3 inuse_objects\n"));
  CHECK_THAT(format_top(heap_profile(), 0, 10, names), StartsWith("alloc_objects: 10\n"));
}

TEST_CASE("one sample is told as one", "[profiling_profile_text]") {
  symbols names;
  profile source = cpu_profile();
  source.samples = {{{job}, {1, 10'000'000}, {}}};
  CHECK_THAT(format_top(source, 1, 10, names), ContainsSubstring(", 1 sample, "));
}

TEST_CASE("places stand in a column in front of the functions", "[profiling_profile_text]") {
  symbols names;
  profile source = cpu_profile();
  source.samples.push_back({{own_frame()}, {1, 1'000}, {}});
  for (const auto &line : lines_of(format_top(source, 1, 10, names))) {
    if (line.find("own_frame") == line.npos) continue;
    CHECK_THAT(line, StartsWith(" 1.00 us   0.0%   1.00 us   0.0%  "
                                "test_profiling_profile_text.cpp:"));
    return;
  }
  FAIL("the function is not there");
}

TEST_CASE("an empty profile says why it may be so", "[profiling_profile_text]") {
  symbols names;
  profile source = cpu_profile();
  source.samples.clear();
  CHECK_THAT(format_top(source, 1, 10, names), ContainsSubstring("nothing used the CPU"));
  CHECK_THAT(format_stacks("head", source, names), ContainsSubstring("nothing used the CPU"));
  CHECK_THAT(explain_empty(heap_profile()), ContainsSubstring("512 KiB"));
  source.sample_types = {{"contentions", "count"}, {"delay", "nanoseconds"}};
  CHECK_THAT(explain_empty(source), ContainsSubstring("waited"));
}

TEST_CASE("stacks stand as Go's texts have them", "[profiling_profile_text]") {
  symbols names;
  CHECK(format_stacks("cpu profile", cpu_profile(), names) ==
        "cpu profile\n"
        "# 2 samples were lost\n"
        "900 9000000000 @ 0xffff800000001007 0xffff800000001001\n"
        "#\t0xffff800000001007\t[job]\n"
        "#\t0xffff800000001001\t[lost samples]\n"
        "\n"
        "300 3000000000 @ 0xffff800000001002 0xffff800000001001\n"
        "# labels: {\"thread\":\"a \\\"b\\\"\"}\n"
        "#\t0xffff800000001002\t[timer overrun]\n"
        "#\t0xffff800000001001\t[lost samples]\n"
        "\n");
}

TEST_CASE("the four values of a heap profile stand in Go's order", "[profiling_profile_text]") {
  symbols names;
  CHECK_THAT(format_stacks("head", heap_profile(), names),
             ContainsSubstring("\n3: 1024 [10: 2048] @ 0x"));
}

TEST_CASE("delay stands before contentions, as cycles do in Go", "[profiling_profile_text]") {
  symbols names;
  profile source;
  source.sample_types = {{"contentions", "count"}, {"delay", "nanoseconds"}};
  source.samples = {{{job}, {7, 5'000}, {}}};
  CHECK_THAT(format_stacks("head", source, names), ContainsSubstring("\n5000 7 @ 0x"));
}

TEST_CASE("frames have their file and line, in columns", "[profiling_profile_text]") {
  symbols names;
  profile source = cpu_profile();
  source.comments.clear();
  source.samples = {{{own_frame(), job}, {1, 1}, {}}};
  const auto lines = lines_of(format_stacks("head", source, names));
  REQUIRE(lines.size() >= 4);
  CHECK_THAT(lines[2], ContainsSubstring("own_frame\t"));
  CHECK_THAT(lines[2], ContainsSubstring("test_profiling_profile_text.cpp:"));
  // Columns begin at the same tab stop, whatever the lengths before them.
  const auto column = [](const std::string &line, std::string_view word) {
    std::size_t at = 0;
    for (const char character : line.substr(0, line.find(word))) {
      at = character == '\t' ? (at / 8 + 1) * 8 : at + 1;
    }
    return at;
  };
  const std::size_t name_begins = lines[2].find_last_of('\t', lines[2].find("own_frame")) + 1;
  CHECK(column(lines[2], lines[2].substr(name_begins)) == column(lines[3], "[job]"));
}
