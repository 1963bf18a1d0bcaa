// SPDX-License-Identifier: MIT
#include "http/places.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace taskworker::http {

std::optional<places::place> places::take(clock::time_point now) {
  if (free_ == 0 && !put_out_longest_waiting(now)) return std::nullopt;
  at_work_.emplace_back();
  if (--free_ == 0) last_full_ = now;
  return place(shared_from_this(), std::prev(at_work_.end()));
}

places::holders &places::list_of(const holder &one) {
  if (one.is_put_out) return put_out_;
  return one.waits_for ? waiting_[static_cast<std::size_t>(*one.waits_for)] : at_work_;
}

// To the end of where it belongs now.
void places::move(holders::iterator one, std::optional<awaited> to) {
  if (one->is_put_out) return;
  auto &from = list_of(*one);
  one->waits_for = to;
  auto &into = list_of(*one);
  into.splice(into.end(), from, one);
}

std::optional<places::clock::time_point> places::next_chance() const {
  std::optional<clock::time_point> first;
  for (const auto &candidates : waiting_) {
    if (candidates.empty()) continue;
    const auto chance = candidates.front().since + grace_;
    first = first ? std::min(*first, chance) : chance;
  }
  return first;
}

bool places::put_out_longest_waiting(clock::time_point now) {
  for (auto &candidates : waiting_) {
    if (candidates.empty()) continue;
    const auto longest = candidates.begin();
    if (longest->waits_for != awaited::another_request && now - longest->since < grace_) continue;
    longest->is_put_out = true;
    put_out_.splice(put_out_.end(), candidates, longest);
    ++free_;
    longest->leave();
    return true;
  }
  return false;
}

places::place::~place() {
  if (!home_) return;
  if (!self_->is_put_out) ++home_->free_;
  home_->list_of(*self_).erase(self_);
}

void places::place::wait_for(awaited what, clock::time_point now, std::function<void()> leave) {
  self_->since = now;
  self_->leave = std::move(leave);
  home_->move(self_, what);
}

void places::place::work() { home_->move(self_, std::nullopt); }

}  // namespace taskworker::http
