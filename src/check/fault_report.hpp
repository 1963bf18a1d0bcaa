// SPDX-License-Identifier: MIT
#pragma once

namespace taskworker::check {

/// From now on a deadly signal (SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT) first concludes the
/// current page: as failed where the address lies in guarded memory, else as crashed, with
/// the call that it came from; with `is_told` a line on standard error tells the same. Then
/// the process dies by it. So does exit() conclude it, called before leave_page_alone(). In a
/// child that the strategy forks neither concludes anything. To be called once.
void report_faults(bool is_told);

/// exit() is the program's own from now on.
void leave_page_alone() noexcept;

}  // namespace taskworker::check
