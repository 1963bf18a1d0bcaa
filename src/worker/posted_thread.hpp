// SPDX-License-Identifier: MIT
#pragma once

#include <pthread.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <thread>
#include <utility>

namespace taskworker::worker {

/// A thread that runs what is posted to it, one after the other. The destructor lets it
/// finish what was posted, then joins it.
class posted_thread {
 public:
  /// `name`: of the thread, at most 15 characters; it must outlive the object.
  explicit posted_thread(const char *name) : thread_([this, name] { run(name); }) {}
  ~posted_thread() {
    work_.reset();
    thread_.join();
  }

  /// [thread-safe]
  template <typename Call>
  void post(Call call) {
    boost::asio::post(context_, std::move(call));
  }

 private:
  void run(const char *name) {
    ::pthread_setname_np(::pthread_self(), name);
    context_.run();
  }

  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      context_.get_executor()};
  std::thread thread_;
};

}  // namespace taskworker::worker
