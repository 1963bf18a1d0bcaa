// SPDX-License-Identifier: MIT
// An exception comes out of create(), against the rules of the interface.
#include <stdexcept>

#include "sound.h"

static taskworker_instance *create(const taskworker_host *, const taskworker_config *) {
  throw std::runtime_error("thrown on purpose");
}

ENTRY("create_throws", NULL, create, NULL);
