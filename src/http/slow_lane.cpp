// SPDX-License-Identifier: MIT
#include "http/slow_lane.hpp"

#include <pthread.h>

#include <algorithm>
#include <utility>

namespace taskworker::http {
namespace {

reply take(const slow_lane::step &next, const service &rules) {
  if (const auto *granted = std::get_if<admitted>(&next)) return rules.answer(*granted);
  return rules.finish(std::get<deferred>(next));
}

}  // namespace

slow_lane::slow_lane(std::shared_ptr<const service> rules) : rules_(std::move(rules)) {}

slow_lane::~slow_lane() { stop(); }

void slow_lane::start() {
  thread_ = std::thread([this] { run(); });
}

void slow_lane::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

std::optional<slow_lane::ticket> slow_lane::begin(step first, listener tell) {
  const bool is_ready = std::holds_alternative<admitted>(first);
  const std::lock_guard lock(mutex_);
  if (is_stopping_ || errands_.size() >= rules_->bounds().slow_requests) return std::nullopt;
  errands_.push_back(
      {.name = ++last_, .next = std::move(first), .tell = std::move(tell), .is_ready = is_ready});
  changed_.notify_one();
  return last_;
}

void slow_lane::resume(ticket waiting) {
  const std::lock_guard lock(mutex_);
  const auto found = find(waiting);
  if (found == errands_.end()) return;
  found->is_ready = true;
  errands_.splice(errands_.end(), errands_, found);
  changed_.notify_one();
}

void slow_lane::drop(ticket left) {
  const std::lock_guard lock(mutex_);
  const auto found = find(left);
  if (found == errands_.end()) return;
  found->is_ready = true;
  found->is_dropped = true;
  errands_.splice(errands_.begin(), errands_, found);
  changed_.notify_one();
}

slow_lane::errands::iterator slow_lane::find(ticket name) {
  return std::find_if(errands_.begin(), errands_.end(),
                      [&](const errand &known) { return known.name == name; });
}

slow_lane::errands::iterator slow_lane::next_ready() {
  return std::find_if(errands_.begin(), errands_.end(),
                      [](const errand &known) { return known.is_ready; });
}

void slow_lane::run() noexcept {
  ::pthread_setname_np(::pthread_self(), "tw-http-slow");
  std::unique_lock lock(mutex_);
  for (;;) {
    auto now = errands_.end();
    changed_.wait(lock, [&] { return is_stopping_ || (now = next_ready()) != errands_.end(); });
    if (is_stopping_) break;
    now->is_ready = false;
    const bool is_dropped = now->is_dropped;
    lock.unlock();
    is_dropped ? end(now) : advance(now);
    lock.lock();
  }
  errands left;
  left.swap(errands_);
  lock.unlock();  // before they are destroyed
}

void slow_lane::advance(errands::iterator now) {
  try {
    auto made = take(now->next, *rules_);
    if (auto *later = std::get_if<deferred>(&made)) {
      const auto wait = later->wait;
      now->next = std::move(*later);
      return now->tell(wait);
    }
    const auto tell = std::move(now->tell);
    end(now);
    tell(std::get<response>(std::move(made)));
  } catch (...) {
    // Memory ran out. The client is told nothing; when it goes, the errand is dropped.
  }
}

void slow_lane::end(errands::iterator now) {
  errands over;  // destroyed after the lock is released
  const std::lock_guard lock(mutex_);
  over.splice(over.end(), errands_, now);
}

}  // namespace taskworker::http
