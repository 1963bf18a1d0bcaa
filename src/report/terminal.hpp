// SPDX-License-Identifier: MIT
#pragma once

namespace taskworker::report {

/// Whether lines written to the descriptor can be written over: a terminal that is no "dumb" one.
[[nodiscard]] bool is_capable_terminal(int descriptor);

/// Whether colours may go to the descriptor: to such a terminal, unless NO_COLOR forbids it
/// (no-color.org).
[[nodiscard]] bool takes_color(int descriptor);

}  // namespace taskworker::report
