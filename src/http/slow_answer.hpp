// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>

#include "http/slow_lane.hpp"

namespace taskworker::http {

/// One response that the slow lane makes, seen from the HTTP thread: takes the errand there,
/// waits by a timer where the response is deferred, and brings the response back. Lives on the
/// thread of `home`; destroyed before the response came, it drops the errand. Held by a
/// shared_ptr.
class slow_answer : public std::enable_shared_from_this<slow_answer> {
 public:
  /// Given the response on the thread of `home`; may destroy the slow_answer.
  using receiver = std::function<void(response)>;

  slow_answer(boost::asio::any_io_executor home, slow_lane &lane, receiver receive);
  ~slow_answer();
  slow_answer(const slow_answer &) = delete;
  slow_answer &operator=(const slow_answer &) = delete;

  /// False = the lane has no place. To be called once.
  [[nodiscard]] bool begin(slow_lane::step first);

 private:
  void on_progress(slow_lane::progress made);
  void wait(std::chrono::nanoseconds time);

  boost::asio::any_io_executor home_;
  slow_lane &lane_;
  receiver receive_;
  boost::asio::steady_timer timer_;
  slow_lane::ticket ticket_ = 0;
};

}  // namespace taskworker::http
