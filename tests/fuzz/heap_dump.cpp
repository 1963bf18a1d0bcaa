// SPDX-License-Identifier: MIT
// A dump of jemalloc.
#include <algorithm>
#include <set>
#include <string_view>

#include "expect.hpp"
#include "profiling/heap/heap_profile.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size) {
  using namespace taskworker::profiling;
  try {
    const auto heap =
        parse_heap_dump({reinterpret_cast<const char *>(data), size}, {{0x7000, 0x8000}});
    std::set<std::pair<std::vector<std::uintptr_t>, std::vector<label>>> seen;
    for (const auto &sample : heap.samples) {
      expect(sample.values.size() == heap.sample_types.size(), "a value for each type");
      expect(std::all_of(sample.values.begin(), sample.values.end(),
                         [](std::int64_t value) { return value >= 0; }),
             "no value below 0");
      expect(seen.emplace(sample.frames, sample.labels).second, "no stack twice");
    }
  } catch (const heap_format_error &error) {
    expect(*error.what() != '\0', "a refusal says why");
  }
  return 0;
}
