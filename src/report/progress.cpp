// SPDX-License-Identifier: MIT
#include "report/progress.hpp"

#include "metrics/units.hpp"

namespace taskworker::report {
using metrics::counted;
using metrics::in_bytes;
using metrics::rounded;
using metrics::with_commas;

double rate_meter::next(const worker::session_view &view) {
  const std::uint64_t done = view.totals.processed();
  const double seconds = std::chrono::duration<double>(view.elapsed - last_elapsed_).count();
  const double rate = seconds > 0 ? static_cast<double>(done - last_done_) / seconds : 0;
  last_done_ = done;
  last_elapsed_ = view.elapsed;
  return rate;
}

std::string progress_line(const worker::session_view &view, std::uint64_t tasks, double rate) {
  std::string text = with_commas(view.totals.processed());
  if (tasks != 0) text += "/" + with_commas(tasks);
  text += " tasks, " + rounded(rate) + "/s, " + counted(view.now.threads, "thread") + ", " +
          counted(view.now.jobs, "job");
  if (view.now.memory.allocated != 0) text += ", " + in_bytes(view.now.memory.allocated);
  return text.substr(0, 79);
}

}  // namespace taskworker::report
