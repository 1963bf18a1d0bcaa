// SPDX-License-Identifier: MIT
#include "endpoints/switches.hpp"

namespace taskworker::endpoints {

std::optional<bool> read_switch(std::string_view body) {
  if (body == "sampling=on") return true;
  if (body == "sampling=off") return false;
  return std::nullopt;
}

}  // namespace taskworker::endpoints
