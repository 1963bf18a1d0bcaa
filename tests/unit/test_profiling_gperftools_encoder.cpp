// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "catch.hpp"
#include "profiling/format/gperftools_encoder.hpp"
#include "profiling/synthetic_frame.hpp"

using Catch::Matchers::ContainsSubstring;
using namespace taskworker::profiling;

namespace {

constexpr std::size_t head_words = 5;
constexpr std::size_t end_words = 3;

profile cpu_profile(std::vector<profile_sample> samples) {
  return {.sample_types = {{"samples", "count"}, {"cpu", "nanoseconds"}},
          .period_type = {"cpu", "nanoseconds"},
          .period = 10'000'000,
          .samples = std::move(samples)};
}

std::vector<std::uintptr_t> words_of(const std::string &bytes, std::size_t count) {
  REQUIRE(bytes.size() >= count * sizeof(std::uintptr_t));
  std::vector<std::uintptr_t> words(count);
  std::memcpy(words.data(), bytes.data(), count * sizeof(std::uintptr_t));
  return words;
}

}  // namespace

TEST_CASE("samples stand as count, depth, addresses between head and end mark",
          "[profiling_gperftools_encoder]") {
  const auto bytes = encode_gperftools(
      cpu_profile({{{0x1001, 0x2002, 0x3003}, {7, 70'000'000}, {}}, {{0x1001}, {1, 0}, {}}}));
  const auto words = words_of(bytes, head_words + 5 + 3 + end_words);
  CHECK(words == std::vector<std::uintptr_t>{0, 3, 0, 10'000, 0,            // head: 10,000 us
                                             7, 3, 0x1001, 0x2002, 0x3003,  //
                                             1, 1, 0x1001,                  //
                                             0, 1, 0});
}

TEST_CASE("the mappings of the process follow the end mark", "[profiling_gperftools_encoder]") {
  const auto bytes = encode_gperftools(cpu_profile({}));
  const auto maps = bytes.substr((head_words + end_words) * sizeof(std::uintptr_t));
  CHECK_THAT(maps, ContainsSubstring("r-xp"));
  CHECK_THAT(maps, ContainsSubstring("libc.so.6"));
  CHECK(maps.ends_with('\n'));
}

TEST_CASE("frames that no code stands behind are left out", "[profiling_gperftools_encoder]") {
  const auto lost = address_of(synthetic_frame::lost_samples);
  const auto cut = address_of(synthetic_frame::stack_cut);
  const auto bytes = encode_gperftools(
      cpu_profile({{{lost}, {5, 50}, {}}, {{0x1001, cut}, {2, 20}, {}}, {{0x9009}, {0, 0}, {}}}));
  const auto words = words_of(bytes, head_words + 3 + end_words);
  CHECK(std::vector(words.begin() + head_words, words.end()) ==
        std::vector<std::uintptr_t>{2, 1, 0x1001, 0, 1, 0});
}
