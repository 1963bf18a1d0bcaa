// SPDX-License-Identifier: MIT
#include "worker/heap_dump_signal.hpp"

#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <utility>

#include "profiling/format/profile_file.hpp"

namespace taskworker::worker {

heap_dump_signal::heap_dump_signal(boost::asio::io_context &context, profiling::symbols &names,
                                   std::function<void(const std::string &, bool)> tell)
    : signals_(context, SIGUSR2), names_(names), tell_(std::move(tell)) {
  wait();
}

void heap_dump_signal::wait() {
  signals_.async_wait([this](const boost::system::error_code &error, int) {
    if (error) return;
    dump();
    wait();
  });
}

void heap_dump_signal::dump() {
  const std::string path =
      "taskworker-" + std::to_string(::getpid()) + "-" + std::to_string(++dumps_) + ".heap";
  try {
    profiling::write_heap_file(path, names_);
    tell_("heap written to " + path, true);
  } catch (const std::runtime_error &error) {
    tell_(error.what(), false);
  }
}

}  // namespace taskworker::worker
