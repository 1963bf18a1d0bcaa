// SPDX-License-Identifier: MIT
// An exception comes out of start(), against the rules of the interface.
#include <cstdint>
#include <stdexcept>

#include "sound.h"

static taskworker_status start(taskworker_instance *, std::uint32_t) {
  throw std::runtime_error("thrown on purpose");
}

SOUND_BUT("start_throws", instance->start = start);
