// SPDX-License-Identifier: MIT
#include "profiling/stack_counts.hpp"

#include <algorithm>

namespace taskworker::profiling {
namespace {

// Entries that a search looks at: a table that is nearly full must not make it long.
constexpr std::size_t longest_search = 32;

}  // namespace

// FNV-1a over whole addresses, then the last steps of MurmurHash3, since FNV leaves the
// low bits poor.
std::uint64_t stack_counts::hash_of(const stack &where) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const std::uintptr_t address : where.addresses()) hash = (hash ^ address) * 0x100000001b3;
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
  hash ^= hash >> 33;
  return hash != 0 ? hash : 1;
}

stack_counts::entry *stack_counts::find_or_claim(const stack &where) noexcept {
  if (where.depth == 0) return nullptr;
  const std::uint64_t hash = hash_of(where);
  for (std::size_t step = 0; step < longest_search; ++step) {
    entry &looked_at = entries_[(hash + step) % capacity];
    std::uint64_t found = looked_at.hash.load(std::memory_order_relaxed);
    if (found == hash) return &looked_at;
    if (found != 0) continue;
    if (looked_at.hash.compare_exchange_strong(found, hash, std::memory_order_relaxed)) {
      const auto frames = where.addresses();
      std::copy(frames.begin(), frames.end(), looked_at.frames.begin());
      looked_at.depth.store(where.depth, std::memory_order_release);
      return &looked_at;
    }
    if (found == hash) return &looked_at;
  }
  return nullptr;
}

void stack_counts::add(const stack &where, std::uint64_t events, std::uint64_t amount) noexcept {
  entry *const counted = find_or_claim(where);
  auto &all_events = counted != nullptr ? counted->events : other_events_;
  auto &all_amount = counted != nullptr ? counted->amount : other_amount_;
  all_events.fetch_add(events, std::memory_order_relaxed);
  all_amount.fetch_add(amount, std::memory_order_relaxed);
}

void stack_counts::read(
    const std::function<void(std::span<const std::uintptr_t> frames, std::uint64_t events,
                             std::uint64_t amount)> &visit) const {
  for (const entry &each : entries_) {
    const std::uint32_t depth = each.depth.load(std::memory_order_acquire);
    const std::uint64_t events = each.events.load(std::memory_order_relaxed);
    if (depth == 0 || events == 0) continue;
    visit(std::span(each.frames).first(depth), events, each.amount.load(std::memory_order_relaxed));
  }
  const std::uint64_t others = other_events_.load(std::memory_order_relaxed);
  if (others != 0) visit({}, others, other_amount_.load(std::memory_order_relaxed));
}

}  // namespace taskworker::profiling
