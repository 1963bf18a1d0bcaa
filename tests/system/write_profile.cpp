// SPDX-License-Identifier: MIT
// write_profile FILE: a profile of every kind of frame, for the readers that a user has.
#include <gnu/libc-version.h>

#include <cstdint>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "profiling/format/pprof_encoder.hpp"
#include "profiling/stack.hpp"
#include "profiling/synthetic_frame.hpp"

namespace {

using namespace taskworker::profiling;

[[gnu::always_inline]] inline stack called_in_line() { return capture_stack(); }

[[gnu::noinline]] std::vector<std::uintptr_t> called_function() {
  const stack trace = called_in_line();
  return {trace.addresses().begin(), trace.addresses().end()};
}

profile every_kind_of_frame(symbols &names) {
  profile cpu;
  cpu.sample_types = {{"samples", "count"}, {"cpu", "nanoseconds"}};
  cpu.period_type = {"cpu", "nanoseconds"};
  cpu.period = 10'000'000;
  cpu.time_ns = 1'700'000'030'000'000'000;
  cpu.duration_ns = 30'000'000'000;
  cpu.comments = {"written by a test"};
  const auto in_libc = reinterpret_cast<std::uintptr_t>(&gnu_get_libc_version) + 1;  // NOLINT
  const std::uintptr_t nowhere = 0x1001;
  const std::uintptr_t unnamed = names.program_mapping()->limit;
  cpu.samples = {
      {called_function(), {4, 40'000'000}, {{"operation", "sum"}, {"worker", "0"}}},
      {{in_libc}, {3, 30'000'000}, {{"operation", "none"}, {"worker", "none"}}},
      {{address_of(synthetic_frame::lost_samples)}, {2, 20'000'000}, {}},
      {{unnamed, nowhere}, {1, 10'000'000}, {}},
  };
  return cpu;
}

}  // namespace

int main(int count, char **arguments) {
  if (count != 2) {
    std::cerr << "write_profile expects one argument, the file to write\n";
    return 2;
  }
  symbols names;
  std::ofstream file(arguments[1], std::ios::binary);
  file << encode_pprof(every_kind_of_frame(names), names) << std::flush;
  return file ? 0 : 1;
}
