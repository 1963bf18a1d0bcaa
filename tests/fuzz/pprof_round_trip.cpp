// SPDX-License-Identifier: MIT
// Any profile, written and read: the same comes back.
#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "expect.hpp"
#include "profiling/format/pprof_decoder.hpp"
#include "profiling/format/pprof_encoder.hpp"
#include "profiling/synthetic_frame.hpp"

namespace {

using namespace taskworker::profiling;

constexpr std::int64_t largest = std::int64_t{1} << 50;  // sums stay in 64 bits

std::uintptr_t make_frame(FuzzedDataProvider &bytes) {
  switch (bytes.ConsumeIntegralInRange(0, 2)) {
    case 0:  // code of this program
      return reinterpret_cast<std::uintptr_t>(&encode_pprof) +
             bytes.ConsumeIntegral<std::uint8_t>();
    case 1:
      return address_of(synthetic_frame::lost_samples) + bytes.ConsumeIntegralInRange(0u, 12u);
    default:
      return bytes.ConsumeIntegral<std::uintptr_t>();
  }
}

profile_sample make_sample(FuzzedDataProvider &bytes, std::size_t types) {
  profile_sample sample;
  const auto depth = bytes.ConsumeIntegralInRange(1, 6);
  for (int i = 0; i < depth; ++i) sample.frames.push_back(make_frame(bytes));
  for (std::size_t i = 0; i < types; ++i) {
    sample.values.push_back(bytes.ConsumeIntegralInRange<std::int64_t>(0, largest));
  }
  for (const char *key : {"operation", "strategy", "worker"}) {
    if (bytes.ConsumeBool()) sample.labels.push_back({key, bytes.ConsumeRandomLengthString(8)});
  }
  return sample;
}

profile make_profile(FuzzedDataProvider &bytes) {
  profile empty;
  const auto types = bytes.ConsumeIntegralInRange<std::size_t>(1, 4);
  for (std::size_t i = 0; i < types; ++i) {
    empty.sample_types.push_back({"type" + std::to_string(i), bytes.ConsumeRandomLengthString(6)});
  }
  empty.default_sample_type = bytes.ConsumeBool() ? "type0" : "";
  empty.period_type = {bytes.ConsumeRandomLengthString(6), bytes.ConsumeRandomLengthString(6)};
  empty.period = bytes.ConsumeIntegralInRange<std::int64_t>(0, largest);
  empty.time_ns = bytes.ConsumeIntegralInRange<std::int64_t>(0, largest);
  empty.duration_ns = bytes.ConsumeIntegralInRange<std::int64_t>(0, largest);
  while (bytes.ConsumeBool()) empty.comments.push_back(bytes.ConsumeRandomLengthString(8));
  profile_builder builder(std::move(empty));
  const auto samples = bytes.ConsumeIntegralInRange(0, 8);
  for (int i = 0; i < samples; ++i) builder.add(make_sample(bytes, types));
  return builder.take();
}

// What a reader can tell samples apart by, when frames have got numbers: the rest.
using row = std::tuple<std::vector<std::int64_t>, std::vector<label>, std::size_t>;

std::vector<row> rows_of(const profile &content) {
  std::vector<row> rows;
  for (const auto &sample : content.samples) {
    rows.emplace_back(sample.values, sample.labels, sample.frames.size());
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size) {
  static symbols names;
  FuzzedDataProvider bytes(data, size);
  const auto source = make_profile(bytes);
  const auto read = decode_pprof(encode_pprof(source, names));
  const auto &content = read.content;
  expect(content.sample_types == source.sample_types, "the same types");
  expect(content.default_sample_type == source.default_sample_type, "the same default");
  expect(content.period_type == source.period_type && content.period == source.period,
         "the same period");
  expect(content.time_ns == source.time_ns && content.duration_ns == source.duration_ns,
         "the same time");
  expect(content.comments == source.comments, "the same comments");
  expect(rows_of(content) == rows_of(source), "the same samples");
  return 0;
}
