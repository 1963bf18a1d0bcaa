// SPDX-License-Identifier: MIT
// An exception comes out of stop(), against the rules of the interface.
#include <stdexcept>

#include "sound.h"

static void stop(taskworker_instance *) { throw std::runtime_error("thrown on purpose"); }

SOUND_BUT("stop_throws", instance->stop = stop);
