// SPDX-License-Identifier: MIT
// For builds with sanitizers: their own pthread functions must be the ones that are called.
#include "profiling/contention/contention.hpp"
#include "profiling/contention/contention_profile.hpp"

namespace taskworker::profiling {
namespace {

profile make_empty_profile() {
  return make_contention_profile(
      {"contention is not recorded in this build: its sanitizer has the pthread functions for "
       "itself"});
}

}  // namespace

bool contention_is_recorded() noexcept { return false; }

void set_contention_recording(bool) noexcept {}

bool is_recording_contention() noexcept { return false; }

profile read_mutex_profile() { return make_empty_profile(); }

profile read_block_profile() { return make_empty_profile(); }

}  // namespace taskworker::profiling
