// SPDX-License-Identifier: MIT
#include "http/slow_answer.hpp"

#include <boost/asio/post.hpp>
#include <optional>
#include <utility>
#include <variant>

namespace taskworker::http {

namespace asio = boost::asio;

slow_answer::slow_answer(asio::any_io_executor home, slow_lane &lane, receiver receive)
    : home_(std::move(home)), lane_(lane), receive_(std::move(receive)), timer_(home_) {}

slow_answer::~slow_answer() { lane_.drop(ticket_); }

bool slow_answer::begin(slow_lane::step first) {
  const auto *later = std::get_if<deferred>(&first);
  const auto time = later == nullptr ? std::nullopt : std::optional(later->wait);
  const auto ticket = lane_.begin(
      std::move(first), [home = home_, weak = weak_from_this()](slow_lane::progress made) {
        asio::post(home, [weak, made = std::move(made)]() mutable {
          if (const auto self = weak.lock()) self->on_progress(std::move(made));
        });
      });
  if (!ticket) return false;
  ticket_ = *ticket;
  if (time) wait(*time);
  return true;
}

void slow_answer::on_progress(slow_lane::progress made) {
  if (const auto *time = std::get_if<std::chrono::nanoseconds>(&made)) return wait(*time);
  receive_(std::get<response>(std::move(made)));
}

void slow_answer::wait(std::chrono::nanoseconds time) {
  timer_.expires_after(time);
  timer_.async_wait([weak = weak_from_this()](const boost::system::error_code &error) {
    const auto self = weak.lock();
    if (!error && self) self->lane_.resume(self->ticket_);
  });
}

}  // namespace taskworker::http
