// SPDX-License-Identifier: MIT
// After Dmitry Vyukov's bounded queue.
#include "profiling/cpu/sample_ring.hpp"

#include <new>

namespace taskworker::profiling {
namespace {

constexpr std::uint64_t turn_of_free(std::uint64_t position) {
  return position / sample_ring::capacity * 2;
}
constexpr std::uint64_t turn_of_filled(std::uint64_t position) {
  return turn_of_free(position) + 1;
}

}  // namespace

stack_sample &sample_ring::entry::sample() noexcept {
  return *std::launder(reinterpret_cast<stack_sample *>(storage_.data()));
}

sample_ring::entry *sample_ring::claim() noexcept {
  const std::atomic_ref next(next_claim_);
  std::uint64_t position = next.load(std::memory_order_relaxed);
  for (;;) {
    entry &wanted = entries_[position % capacity];
    const std::uint64_t turn = std::atomic_ref(wanted.turn_).load(std::memory_order_acquire);
    if (turn < turn_of_free(position)) return nullptr;  // holds a sample of the lap before
    if (turn > turn_of_free(position)) {
      position = next.load(std::memory_order_relaxed);  // another was faster
    } else if (next.compare_exchange_weak(position, position + 1, std::memory_order_relaxed)) {
      new (wanted.storage_.data()) stack_sample;
      return &wanted;
    }
  }
}

void sample_ring::publish(entry &filled) noexcept {
  const std::atomic_ref turn(filled.turn_);
  turn.store(turn.load(std::memory_order_relaxed) + 1, std::memory_order_release);
}

void sample_ring::take(const std::function<void(const stack_sample &)> &use) {
  // Not for ever, however fast samples come.
  for (std::size_t taken = 0; taken < capacity; ++taken) {
    entry &next = entries_[next_take_ % capacity];
    const std::atomic_ref turn(next.turn_);
    if (turn.load(std::memory_order_acquire) != turn_of_filled(next_take_)) return;
    use(next.sample());
    turn.store(turn_of_filled(next_take_) + 1, std::memory_order_release);
    ++next_take_;
  }
}

}  // namespace taskworker::profiling
