// SPDX-License-Identifier: MIT
#include "profiling/heap/heap_profile.hpp"

#include <cstddef>
#include <limits>
#include <string>

#include "catch.hpp"
#include "profiling/synthetic_frame.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using namespace taskworker::profiling;
using frames = std::vector<std::uintptr_t>;
using values = std::vector<std::int64_t>;

namespace {

// The allocator of these texts.
const std::vector<code_range> allocator{{0x7000, 0x8000}, {0x9000, 0x9100}};

// As jemalloc 5.3 prints it.
std::string dump_of(const std::string &stacks, const std::string &rate = "524288") {
  return "heap_v2/" + rate + "\n  t*: 9: 81 [16: 1024]\n  t0: 9: 81 [16: 1024]\n" + stacks +
         "\nMAPPED_LIBRARIES:\n55d000-55e000 r-xp 00000000 fe:00 1  /bin/x\n";
}

profile parse(const std::string &dump) { return parse_heap_dump(dump, allocator); }

std::string error_of(const std::string &dump) {
  try {
    parse(dump);
  } catch (const heap_format_error &error) {
    return error.what();
  }
  return "no error";
}

// The same dump with all that a parser meets.
const std::string whole = dump_of(
    "@ 0x7010 0x55d001 0x55d0ff\n  t*: 2: 2048 [4: 4194304]\n  t0: 2: 2048 [4: 4194304]\n"
    "@ 0x55d009\n  t*: 0: 0 [3: 30000]\n  t0: 0: 0 [1: 10000]\n  t7: 0: 0 [2: 20000] a name\n");

}  // namespace

TEST_CASE("a heap profile has the sample types of Go's", "[profiling_heap_profile]") {
  const profile heap = parse(dump_of(""));
  CHECK(heap.sample_types == std::vector<value_type>{{"alloc_objects", "count"},
                                                     {"alloc_space", "bytes"},
                                                     {"inuse_objects", "count"},
                                                     {"inuse_space", "bytes"}});
  CHECK(heap.default_sample_type.empty());
  CHECK(heap.period_type == value_type{"space", "bytes"});
  CHECK(heap.period == 524288);
  CHECK(heap.duration_ns == 0);
  CHECK(heap.samples.empty());
}

// Figures from 1 / (1 - exp(-(S / C) / R)), worked out apart.
TEST_CASE("lines are scaled up to what was probably allocated", "[profiling_heap_profile]") {
  const profile heap = parse(whole);
  REQUIRE(heap.samples.size() == 2);
  CHECK(heap.samples[0].frames == frames{0x55d001, 0x55d0ff});
  CHECK(heap.samples[0].values == values{5, 4'850'787, 1025, 1'049'600});
  CHECK(heap.samples[0].labels.empty());
  CHECK(heap.samples[1].frames == frames{0x55d009});
  CHECK(heap.samples[1].values == values{159, 1'587'912, 0, 0});
}

TEST_CASE("each line is scaled before lines are merged", "[profiling_heap_profile]") {
  const profile heap =
      parse(dump_of("@ 0x7010 0x55d001\n  t*: 1: 64 [1: 64]\n"
                    "@ 0x7020 0x7030 0x55d001\n  t*: 4: 4194304 [4: 4194304]\n"));
  REQUIRE(heap.samples.size() == 1);
  // 8193 + 5 and 524320 + 4850787; scaled as one line it would be 6 and 5255386.
  CHECK(heap.samples[0].values == values{8198, 5'375'107, 8198, 5'375'107});
}

TEST_CASE("where every block is sampled nothing is scaled", "[profiling_heap_profile]") {
  for (const char *const rate : {"1", "0"}) {
    const profile heap = parse(dump_of("@ 0x55d001\n  t*: 2: 2 [3: 3]\n", rate));
    CHECK(heap.samples.at(0).values == values{3, 3, 2, 2});
  }
}

TEST_CASE("a count without bytes, or bytes without a count, are nothing",
          "[profiling_heap_profile]") {
  const profile heap = parse(dump_of("@ 0x55d001\n  t*: 0: 48 [3: 0]\n"));
  CHECK(heap.samples.at(0).values == values{0, 0, 0, 0});
}

TEST_CASE("innermost frames of the allocator are left out, and no others",
          "[profiling_heap_profile]") {
  const auto frames_of = [](const std::string &stack) {
    return parse(dump_of("@ " + stack + "\n  t*: 1: 8 [1: 8]\n")).samples.at(0).frames;
  };
  CHECK(frames_of("0x7010 0x9010 0x55d001 0x7020 0x55d0ff") == frames{0x55d001, 0x7020, 0x55d0ff});
  CHECK(frames_of("0x55d001 0x55d0ff") == frames{0x55d001, 0x55d0ff});
  // The call lies a byte before: 0x8000 follows the allocator's last one, 0x7000 its first.
  CHECK(frames_of("0x8000 0x55d001") == frames{0x55d001});
  CHECK(frames_of("0x7000 0x55d001") == frames{0x7000, 0x55d001});
  CHECK(frames_of("0x8001 0x55d001") == frames{0x8001, 0x55d001});
  // A line must lie somewhere.
  CHECK(frames_of("0x7010 0x9010") == frames{0x9010});
  CHECK(frames_of("0x7010") == frames{0x7010});
}

TEST_CASE("a stack that was not read, or not to its end, says so", "[profiling_heap_profile]") {
  const profile heap = parse(dump_of("@\n  t*: 1: 8 [1: 8]\n"));
  CHECK(heap.samples.at(0).frames == frames{address_of(synthetic_frame::unwind_failed)});

  const auto outermost_of = [](int depth) {
    std::string stack = "@";
    for (int i = 0; i < depth; ++i) stack += " 0x55d001";
    return parse(dump_of(stack + "\n  t*: 1: 8 [1: 8]\n")).samples.at(0).frames.back();
  };
  CHECK(outermost_of(127) == 0x55d001);
  CHECK(outermost_of(128) == address_of(synthetic_frame::stack_cut));
}

TEST_CASE("a line stays the same line when its mean size changes", "[profiling_heap_profile]") {
  const profile before = parse(dump_of("@ 0x55d001\n  t*: 0: 0 [1000: 64000]\n"));
  const profile after = parse(dump_of("@ 0x55d001\n  t*: 0: 0 [1001: 72000]\n"));
  const profile between = subtract(after, before);
  REQUIRE(between.samples.size() == 1);
  CHECK(between.samples[0].values[1] < 10 * 524288);
}

TEST_CASE("a heap profile says how good it is", "[profiling_heap_profile]") {
  const auto comments = parse(whole).comments;
  REQUIRE(comments.size() == 2);
  CHECK_THAT(comments[0], ContainsSubstring("each 524288 allocated bytes"));
  CHECK_THAT(comments[0], ContainsSubstring("9 samples are of blocks in use, 16 were ever taken"));
  CHECK_THAT(comments[1], ContainsSubstring("off by 33 %"));  // 1 / sqrt(9)
  CHECK(parse("heap_v2/1024\n  t*: 0: 0 [2: 32]\n\nMAPPED_LIBRARIES:\n").comments.at(1) ==
        "no block that was sampled is in use");
}

TEST_CASE("the last line needs no end", "[profiling_heap_profile]") {
  CHECK(parse("heap_v2/1024\n  t*: 0: 0 [0: 0]\n\nMAPPED_LIBRARIES:").samples.empty());
}

TEST_CASE("figures beyond all measure stay at the largest number", "[profiling_heap_profile]") {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  const std::string all = std::to_string(std::numeric_limits<std::uint64_t>::max());
  const std::string line = "  t*: " + all + ": " + all + " [" + all + ": " + all + "]\n";
  const profile heap = parse(dump_of("@ 0x7010 0x55d001\n" + line + "@ 0x55d001\n" + line, all));
  CHECK(heap.samples.at(0).values == values{most, most, most, most});
  CHECK(heap.period == most);
}

TEST_CASE("what is no heap dump is refused with the line and what was expected",
          "[profiling_heap_profile]") {
  const std::string header = "heap_v2/524288\n  t*: 0: 0 [0: 0]\n";
  CHECK(error_of("") == "line 0 of the heap dump is '', expected 'heap_v2/RATE'");
  CHECK(error_of("heap profile: 1: 2\n") ==
        "line 1 of the heap dump is 'heap profile: 1: 2', expected 'heap_v2/RATE'");
  CHECK(error_of("heap_v2/5x\n") ==
        "line 1 of the heap dump is 'heap_v2/5x', expected 'heap_v2/RATE'");
  CHECK(error_of("heap_v2/5\n") == "the heap dump ends in the middle of a stack");
  CHECK(error_of(header + "@ 0x1\n  t*: 1: -2 [0: 0]\n") ==
        "line 4 of the heap dump is '  t*: 1: -2 [0: 0]', expected "
        "'  t*: COUNT: BYTES [COUNT: BYTES]'");
  CHECK_THAT(error_of(header + "@ 0x1\n  t*: 1: 2 [0: 0] \n"),
             StartsWith("line 4 of the heap dump"));
  CHECK(error_of(header + "@ 0x1 main\n") ==
        "line 3 of the heap dump is '@ 0x1 main', expected '@' and addresses");
  CHECK(error_of(header + "? " + std::string(100, 'x') + "\n") ==
        "line 3 of the heap dump is '? " + std::string(58, 'x') +
            "', expected a stack ('@ ...') or counts ('  t...')");
  CHECK(error_of(header + "@ 0x1\n  t*: 1: 2 [0: 0]\n") ==
        "the heap dump ends before 'MAPPED_LIBRARIES:', as one cut short does");
}

TEST_CASE("a dump that is cut short is refused wherever it is cut", "[profiling_heap_profile]") {
  const std::size_t end = whole.find("MAPPED_LIBRARIES:") + std::string("MAPPED_LIBRARIES:").size();
  for (std::size_t size = 0; size < end; ++size) {
    INFO("cut at byte " << size);
    CHECK_THROWS_AS(parse(whole.substr(0, size)), heap_format_error);
  }
  CHECK_NOTHROW(parse(whole.substr(0, end)));
}

TEST_CASE("any byte may be wrong: a profile or a clear refusal", "[profiling_heap_profile]") {
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string spoilt = whole;
      spoilt[at] = static_cast<char>(byte);
      try {
        for (const auto &sample : parse(spoilt).samples) {
          if (sample.frames.empty() || sample.values.size() != 4) FAIL("a line without a place");
          for (const auto value : sample.values) {
            if (value < 0) FAIL("byte " << byte << " at " << at << " gave " << value);
          }
        }
      } catch (const heap_format_error &error) {
        if (std::string(error.what()).empty()) FAIL("refused without a word");
      }
    }
  }
}
