// SPDX-License-Identifier: MIT
// An exception comes out of each process(), against the rules of the interface.
#include <cstdint>
#include <stdexcept>

#include "sound.h"

static taskworker_status process(taskworker_instance *, std::uint32_t, const taskworker_task *,
                                 taskworker_result *) {
  throw std::runtime_error("thrown on purpose");
}

SOUND_BUT("process_throws", instance->process = process);
