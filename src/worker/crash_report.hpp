// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace taskworker::worker {

/// From now on a crash (SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT) prints one line that
/// names strategy, worker, task and operation, and the stack as module+offset, on
/// standard error; then the process dies by the same signal. Writes with async-signal-safe
/// calls only. To be called once, before threads that it should tell of.
void install_crash_report(std::string strategy, std::vector<std::string> operations);

}  // namespace taskworker::worker
