// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <functional>
#include <string>

#include "profiling/symbols/symbols.hpp"

namespace taskworker::worker {

/// SIGUSR2, while it lives and `context` runs, writes the heap to "taskworker-PID-N.heap" in the
/// current folder, for `jeprof`. On the context's thread.
class heap_dump_signal {
 public:
  /// `tell` has what came of it: one line, and whether the file is there.
  heap_dump_signal(boost::asio::io_context &context, profiling::symbols &names,
                   std::function<void(const std::string &text, bool is_written)> tell);

 private:
  void wait();
  void dump();

  boost::asio::signal_set signals_;
  profiling::symbols &names_;
  const std::function<void(const std::string &, bool)> tell_;
  unsigned dumps_ = 0;
};

}  // namespace taskworker::worker
