// SPDX-License-Identifier: MIT
#include "profiling/format/gperftools_encoder.hpp"

#include <cstdint>
#include <fstream>
#include <iterator>

#include "profiling/synthetic_frame.hpp"

namespace taskworker::profiling {
namespace {

void add_word(std::string &bytes, std::uintptr_t word) {
  bytes.append(reinterpret_cast<const char *>(&word), sizeof word);
}

// The words of the head after the first, which is 0: their count, then version, period in
// microseconds, padding.
void add_head(std::string &bytes, std::int64_t period_ns) {
  for (const std::int64_t word :
       {std::int64_t{0}, std::int64_t{3}, std::int64_t{0}, period_ns / 1000, std::int64_t{0}}) {
    add_word(bytes, static_cast<std::uintptr_t>(word));
  }
}

void add_sample(std::string &bytes, const profile_sample &sample) {
  std::vector<std::uintptr_t> frames = sample.frames;
  std::erase_if(frames, [](auto frame) { return name_of_synthetic_frame(frame).has_value(); });
  if (frames.empty() || sample.values.front() == 0) return;
  add_word(bytes, static_cast<std::uintptr_t>(sample.values.front()));
  add_word(bytes, frames.size());
  for (const std::uintptr_t frame : frames) add_word(bytes, frame);
}

void add_end_mark(std::string &bytes) {
  for (const std::uintptr_t word : {0u, 1u, 0u}) add_word(bytes, word);
}

}  // namespace

std::string encode_gperftools(const profile &source) {
  std::string bytes;
  add_head(bytes, source.period);
  for (const auto &sample : source.samples) add_sample(bytes, sample);
  add_end_mark(bytes);
  std::ifstream maps("/proc/self/maps");
  bytes.append(std::istreambuf_iterator<char>(maps), {});
  return bytes;
}

}  // namespace taskworker::profiling
