// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>

#include "http/service.hpp"

namespace taskworker::http {

/// The thread of the slow handlers ("tw-http-slow") and the places on it: each slow request
/// is an errand from begin() until its response is made, or until it is dropped. It runs their
/// steps one after the other, in the order in which they became ready. It keeps what a deferred
/// holds, and destroys it on its thread. It knows no time: the caller sees to the waiting.
///
/// begin(), resume() and drop() are thread-safe; one thread owns the object and calls the rest.
class slow_lane {
 public:
  /// What an errand does next: run its handler, or finish what was deferred.
  using step = std::variant<admitted, deferred>;

  /// What a step led to: the response, and the errand is over; or a time to wait, then
  /// resume() is to be called.
  using progress = std::variant<response, std::chrono::nanoseconds>;

  /// Told after each step of an errand, on the lane's thread. When it is told the response,
  /// the place is free again and what the errand held is destroyed. May still be told of a
  /// dropped errand.
  using listener = std::function<void(progress)>;

  using ticket = std::uint64_t;  ///< names one errand; never used again

  /// There are limits::slow_requests places.
  explicit slow_lane(std::shared_ptr<const service> rules);

  /// Calls stop().
  ~slow_lane();
  slow_lane(const slow_lane &) = delete;
  slow_lane &operator=(const slow_lane &) = delete;

  /// Runs the thread. Throws std::system_error where no thread can be had. To be called once.
  void start();

  /// Waits for the step that runs, destroys all errands and joins the thread. May come again.
  void stop();

  /// An admitted request is ready at once, a deferred waits for resume(). Nothing = no place
  /// is free, or it stops; then `first` is destroyed here.
  [[nodiscard]] std::optional<ticket> begin(step first, listener tell);

  /// The wait is over: finish. Without effect when the errand is.
  void resume(ticket waiting);

  /// Nobody waits for the response any more: what the errand holds is destroyed next, before
  /// other steps, and then its place is free. A step that runs is not interrupted. Without
  /// effect when the errand is over.
  void drop(ticket left);

 private:
  struct errand {
    ticket name;
    step next;  // of the lane's thread alone, from begin() on; so is the listener
    listener tell;
    bool is_ready;  // for its next step, or to be destroyed
    bool is_dropped = false;
  };
  using errands = std::list<errand>;

  void run() noexcept;
  errands::iterator next_ready();
  errands::iterator find(ticket name);
  void advance(errands::iterator now);
  void end(errands::iterator now);

  std::shared_ptr<const service> rules_;
  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  errands errands_;  // the ready ones in their order; only the lane's thread removes any
  ticket last_ = 0;
  bool is_stopping_ = false;
  std::thread thread_;  // of the owner
};

}  // namespace taskworker::http
