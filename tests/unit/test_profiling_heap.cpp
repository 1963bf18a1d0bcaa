// SPDX-License-Identifier: MIT
#include "profiling/heap/heap.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "profiling/symbols/symbolizer.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using namespace taskworker::profiling;

#ifdef TASKWORKER_HAVE_JEMALLOC

namespace {

constexpr std::uint64_t usual_sample = 512 * 1024;

/// Samples at another rate, from nothing, and at the usual one after.
class sampling_at {
 public:
  explicit sampling_at(std::uint64_t bytes) {
    set_heap_sample(bytes);
    pass_next_sample();
  }
  ~sampling_at() {
    set_heap_sampling(true);
    set_heap_sample(usual_sample);
  }
  sampling_at(const sampling_at &) = delete;
  sampling_at &operator=(const sampling_at &) = delete;

 private:
  // The distance to this thread's next sample was drawn at the rate before, and may be some MiB.
  static void pass_next_sample() {
    void *volatile passed = ::operator new(128 * usual_sample);
    ::operator delete(passed);
  }
};

std::string first_line(const std::string &text) { return text.substr(0, text.find('\n')); }

std::string error_of_dump() {
  try {
    return "no error, but " + std::to_string(dump_heap().size()) + " bytes";
  } catch (const heap_error &error) {
    return error.what();
  }
}

using block = std::array<char, 64 * 1024>;
using blocks = std::vector<std::unique_ptr<block>>;
constexpr std::size_t block_count = 1024;
constexpr double all_bytes = sizeof(block) * block_count;

// Allocates itself, also where nothing is put in line.
[[gnu::noinline]] void hold_blocks(blocks &held) {
  for (std::size_t i = 0; i < block_count; ++i) held.push_back(blocks::value_type(new block));
}

/// The sums over the lines whose innermost frame is a function, or in line in it.
std::array<std::int64_t, 4> sums_of(const profile &heap, const std::string &function) {
  symbolizer symbols;
  std::array<std::int64_t, 4> sums{};
  for (const auto &sample : heap.samples) {
    const auto places = symbols.find_calls(sample.frames.front());
    const bool is_in = std::any_of(places.begin(), places.end(), [&](const auto &place) {
      return place.function.find(function) != std::string::npos;
    });
    for (std::size_t i = 0; is_in && i < sums.size(); ++i) sums[i] += sample.values.at(i);
  }
  return sums;
}

}  // namespace

TEST_CASE("memory that is held shows where it was allocated", "[profiling_heap]") {
  const sampling_at rate(4096);
  blocks held;
  held.reserve(block_count);
  hold_blocks(held);
  const auto sums = sums_of(read_heap_profile(), "hold_blocks");
  CHECK(static_cast<double>(sums[0]) == Approx(block_count).epsilon(0.03));
  CHECK(static_cast<double>(sums[1]) == Approx(all_bytes).epsilon(0.03));
  CHECK(static_cast<double>(sums[2]) == Approx(block_count).epsilon(0.03));
  CHECK(static_cast<double>(sums[3]) == Approx(all_bytes).epsilon(0.03));
}

// 8192 blocks of 1 KiB, 1 in 8 sampled: the mean of the estimate is right, its deviation
// 1/sqrt(1024); six of them is a miss in a thousand million runs.
TEST_CASE("what was not sampled is made up for", "[profiling_heap]") {
  const sampling_at rate(8192);
  std::vector<std::unique_ptr<std::array<char, 1024>>> held(8192);
  for (auto &each : held) each = std::make_unique<std::array<char, 1024>>();
  std::int64_t inuse_space = 0;
  for (const auto &sample : read_heap_profile().samples) inuse_space += sample.values.at(3);
  CHECK(static_cast<double>(inuse_space) == Approx(8192 * 1024).epsilon(6.0 / 32));
}

TEST_CASE("memory that was freed shows in what was ever allocated alone", "[profiling_heap]") {
  const sampling_at rate(4096);
  blocks freed;
  freed.reserve(block_count);
  hold_blocks(freed);
  freed.clear();
  const auto sums = sums_of(read_heap_profile(), "hold_blocks");
  CHECK(static_cast<double>(sums[0]) == Approx(block_count).epsilon(0.03));
  CHECK(static_cast<double>(sums[1]) == Approx(all_bytes).epsilon(0.03));
  CHECK(sums[2] == 0);
  CHECK(sums[3] == 0);
}

TEST_CASE("what is allocated while sampling is off is not seen", "[profiling_heap]") {
  const sampling_at rate(4096);
  REQUIRE(is_heap_sampling());
  set_heap_sampling(false);
  CHECK_FALSE(is_heap_sampling());
  blocks held;
  held.reserve(block_count);
  hold_blocks(held);
  const profile off = read_heap_profile();
  CHECK(sums_of(off, "hold_blocks")[1] == 0);
  CHECK_THAT(off.comments.back(), StartsWith("heap sampling is off now"));

  set_heap_sampling(true);
  const profile on = read_heap_profile();
  CHECK(sums_of(on, "hold_blocks")[1] == 0);
  CHECK_THAT(on.comments.back(), StartsWith("in use, as the allocator itself counts: "));
}

TEST_CASE("no line of a heap profile begins in the allocator", "[profiling_heap]") {
  const sampling_at rate(4096);
  blocks held;
  hold_blocks(held);
  symbolizer symbols;
  for (const auto &sample : read_heap_profile().samples) {
    const auto place = symbols.find_call(sample.frames.front());
    CHECK_THAT(place.module, !ContainsSubstring("libjemalloc"));
    CHECK_THAT(place.function, !StartsWith("operator new"));
  }
}

TEST_CASE("many may dump and read at once", "[profiling_heap]") {
  std::vector<std::thread> readers;
  std::vector<std::size_t> types(4);
  for (auto &count : types) {
    readers.emplace_back([&] {
      for (int i = 0; i < 20; ++i) count = read_heap_profile().sample_types.size();
    });
  }
  for (auto &reader : readers) reader.join();
  CHECK(types == std::vector<std::size_t>(4, 4));
}

TEST_CASE("a dump is as jeprof reads it", "[profiling_heap]") {
  set_heap_sample(usual_sample);
  const std::string dump = dump_heap();
  CHECK(first_line(dump) == "heap_v2/524288");
  CHECK_THAT(dump, ContainsSubstring("\nMAPPED_LIBRARIES:\n"));
  CHECK(dump.back() == '\n');
}

TEST_CASE("the mean distance of samples is rounded up to a power of two", "[profiling_heap]") {
  const sampling_at usual(usual_sample);
  const auto header_with = [&](std::uint64_t bytes) {
    set_heap_sample(bytes);
    return first_line(dump_heap());
  };
  CHECK(header_with(4096) == "heap_v2/4096");
  CHECK(header_with(4097) == "heap_v2/8192");
  CHECK(header_with(5000) == "heap_v2/8192");
  CHECK(header_with(524288) == "heap_v2/524288");
}

TEST_CASE("a dump that would be cut short is refused", "[profiling_heap]") {
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto previous = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit = before;
  limit.rlim_cur = dump_heap().size() / 2;
  REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
  const std::string error = error_of_dump();
  REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, previous);
  CHECK_THAT(error, StartsWith("the heap profile is larger than files may be here, "));
  CHECK_THAT(error, EndsWith(" bytes: raise the limit by 'ulimit -f'"));
}

#else

TEST_CASE("a build without jemalloc refuses heap profiles", "[profiling_heap]") {
  const std::string expected =
      "this build has no heap profiles: it was made with -Djemalloc=disabled; build it with "
      "jemalloc (Debian's package is libjemalloc-dev)";
  CHECK_THROWS_WITH(dump_heap(), expected);
  CHECK_THROWS_WITH(read_heap_profile(), expected);
  CHECK_THROWS_WITH(set_heap_sample(4096), expected);
  CHECK_THROWS_WITH(set_heap_sampling(true), expected);
  CHECK_THROWS_WITH(is_heap_sampling(), expected);
}

#endif
