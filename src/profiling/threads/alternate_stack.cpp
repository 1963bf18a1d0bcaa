// SPDX-License-Identifier: MIT
#include "profiling/threads/alternate_stack.hpp"

#include <sys/mman.h>
#include <unistd.h>

namespace taskworker::profiling {
namespace {

/// For unwinding, and for a handler that interrupts another one.
constexpr std::size_t room_for_handlers = std::size_t{64} << 10;

/// Beside what the kernel stores of the registers, which depends on the processor.
std::size_t size_of_stack() noexcept {
  const long kernel = ::sysconf(_SC_MINSIGSTKSZ);
  return room_for_handlers + static_cast<std::size_t>(kernel > 0 ? kernel : MINSIGSTKSZ);
}

// Mapped, since it is untouched until a signal comes, and no allocator is in between.
void *map(std::size_t size) noexcept {
  void *const memory =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  return memory != MAP_FAILED ? memory : nullptr;
}

}  // namespace

alternate_stack::alternate_stack() noexcept : size_(size_of_stack()), memory_(map(size_)) {
  if (memory_ == nullptr) return;
  stack_t own{};
  own.ss_sp = memory_;
  own.ss_size = size_;
  ::sigaltstack(&own, &before_);
}

// A sanitizer frees the one that it finds in place when the thread ends: its own must be.
alternate_stack::~alternate_stack() {
  if (memory_ == nullptr) return;
  ::sigaltstack(&before_, nullptr);
  ::munmap(memory_, size_);
}

}  // namespace taskworker::profiling
