// SPDX-License-Identifier: MIT
#include "profiling/threads/wall_account.hpp"

#include <algorithm>
#include <iterator>
#include <string>

namespace taskworker::profiling {
namespace {

profile empty_profile() {
  return {.sample_types = {{"samples", "count"}, {"time", "nanoseconds"}},
          .period_type = {"wallclock", "nanoseconds"}};
}

}  // namespace

wall_account::wall_account(std::uint64_t begin_ns)
    : begin_ns_(begin_ns), listed_ns_(begin_ns), lines_(empty_profile()) {}

void wall_account::list(std::span<const pid_t> tids, std::uint64_t now_ns) {
  std::map<pid_t, thread> listed;
  for (const pid_t tid : tids) {
    auto known = threads_.extract(tid);
    if (known.empty()) {
      listed.emplace(tid, thread{is_listed_ ? now_ns : begin_ns_, std::nullopt});
    } else {
      listed.insert(std::move(known));
    }
  }
  for (auto &[tid, ended] : threads_) add_time(ended, listed_ns_, 0);
  threads_ = std::move(listed);
  listed_ns_ = now_ns;
  is_listed_ = true;
}

std::vector<pid_t> wall_account::next(std::size_t most) const {
  std::vector<std::pair<std::uint64_t, pid_t>> turns;
  turns.reserve(threads_.size());
  for (const auto &[tid, each] : threads_) turns.emplace_back(each.counted_until_ns, tid);
  const std::size_t count = std::min(most, turns.size());
  std::partial_sort(turns.begin(), std::next(turns.begin(), static_cast<std::ptrdiff_t>(count)),
                    turns.end());
  turns.resize(count);
  std::vector<pid_t> tids;
  for (const auto &[since, tid] : turns) tids.push_back(tid);
  return tids;
}

std::vector<pid_t> wall_account::unseen() const {
  std::vector<pid_t> tids;
  for (const auto &[tid, each] : threads_) {
    if (!each.last) tids.push_back(tid);
  }
  return tids;
}

void wall_account::see(pid_t tid, wall_sight sight, std::uint64_t now_ns) {
  const auto found = threads_.find(tid);
  if (found == threads_.end()) return;
  found->second.last = std::move(sight);
  add_time(found->second, now_ns, 1);
}

void wall_account::miss(pid_t tid) {
  const auto found = threads_.find(tid);
  if (found == threads_.end()) return;
  add_time(found->second, listed_ns_, 0);
  threads_.erase(found);
}

void wall_account::add_time(thread &of, std::uint64_t until_ns, std::int64_t looks) {
  if (!of.last) return;
  const std::uint64_t time = until_ns - std::min(of.counted_until_ns, until_ns);
  lines_.add({of.last->first, {looks, static_cast<std::int64_t>(time)}, of.last->second});
  of.counted_until_ns += time;
  looks_ += static_cast<std::uint64_t>(looks);
  time_ns_ += time;
}

profile wall_account::take(std::uint64_t now_ns) {
  for (auto &[tid, each] : threads_) add_time(each, now_ns, 0);
  profile built = lines_.take();
  built.duration_ns = static_cast<std::int64_t>(now_ns - begin_ns_);
  if (looks_ != 0) {
    built.comments.push_back("a thread was looked at every " +
                             std::to_string(time_ns_ / looks_ / 1'000'000) + " ms on average");
  }
  return built;
}

}  // namespace taskworker::profiling
