// SPDX-License-Identifier: MIT
// A profile of another process, in any bytes. What can be read is sound.
#include "profiling/format/pprof_decoder.hpp"

#include "expect.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size) {
  using namespace taskworker::profiling;
  try {
    const auto decoded = decode_pprof({reinterpret_cast<const char *>(data), size});
    for (const auto &sample : decoded.content.samples) {
      expect(sample.values.size() == decoded.content.sample_types.size(), "a value for each type");
      for (const auto frame : sample.frames) {
        const auto known = decoded.places.find(frame);
        expect(known != decoded.places.end() && !known->second.empty(), "each frame has a place");
      }
    }
  } catch (const pprof_error &error) {
    expect(*error.what() != '\0', "a refusal says why");
  }
  return 0;
}
