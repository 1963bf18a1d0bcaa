// SPDX-License-Identifier: MIT
#include "worker/kept_crash.hpp"

#include <dlfcn.h>
#include <link.h>
#include <sys/prctl.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "profiling/stack.hpp"
#include "strategy/signal_name.hpp"

namespace taskworker::worker {
namespace {

/// A line put together without allocating.
class safe_line {
 public:
  safe_line &operator<<(std::string_view text) noexcept {
    const std::size_t taken = std::min(text.size(), text_.size() - size_);
    std::memcpy(text_.data() + size_, text.data(), taken);
    size_ += taken;
    return *this;
  }
  safe_line &operator<<(std::uint64_t number) noexcept { return add(number, 10); }
  safe_line &hexadecimal(std::uint64_t number) noexcept {
    *this << "0x";
    return add(number, 16);
  }
  void write() const noexcept {
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text_.data(), size_);
  }

 private:
  safe_line &add(std::uint64_t number, std::uint64_t base) noexcept {
    std::array<char, 20> digits;
    std::size_t first = digits.size();
    do {
      digits[--first] = "0123456789abcdef"[number % base];
      number /= base;
    } while (number != 0);
    return *this << std::string_view(digits.data() + first, digits.size() - first);
  }

  std::array<char, 1024> text_;
  std::size_t size_ = 0;
};

// 0 where the architecture is not known here.
std::uintptr_t stack_pointer([[maybe_unused]] const void *context) noexcept {
#if defined(__x86_64__)
  const auto &registers = static_cast<const ucontext_t *>(context)->uc_mcontext.gregs;
  return static_cast<std::uintptr_t>(registers[REG_RSP]);
#elif defined(__aarch64__)
  return static_cast<const ucontext_t *>(context)->uc_mcontext.sp;
#else
  return 0;
#endif
}

}  // namespace

void kept_crash::keep_thread() noexcept {
  mark = profiling::current_task_mark();
  ::prctl(PR_GET_NAME, thread.data());
}

void kept_crash::keep(int number, const siginfo_t &info, const void *context) noexcept {
  // Code below its stack pointer that cannot be reached is the guard of its stack.
  constexpr std::uintptr_t largest_step = std::uintptr_t{64} << 10;
  signal = number;
  keep_thread();
  has_address = (number == SIGSEGV || number == SIGBUS) && info.si_code > 0;
  address = reinterpret_cast<std::uintptr_t>(info.si_addr);
  const std::uintptr_t top = stack_pointer(context);
  is_overflow = has_address && address < top + largest_step && top < address + largest_step;
  is_cut =
      profiling::read_interrupted_stack(context, frames, depth) == profiling::stack_reading::cut;
}

void kept_crash::keep_exit() noexcept {
  signal = 0;
  keep_thread();
  const profiling::stack caller = profiling::capture_stack(2);
  depth = caller.depth;
  std::copy_n(caller.frames.begin(), depth, frames.begin());
}

void kept_crash::tell_head(const std::string &strategy,
                           const std::vector<std::string> &operations) const noexcept {
  safe_line line;
  line << "taskworker: "
       << (signal == 0 ? std::string_view("exit()") : strategy::signal_name(signal).view());
  if (has_address) (line << " at ").hexadecimal(address);
  if (is_overflow) line << " (stack overflow)";
  line << " with the strategy " << strategy;
  if (mark.is_in_task() && mark.operation < operations.size()) {
    line << ", worker " << std::uint64_t{mark.worker} << ", task " << mark.task << " ("
         << operations[mark.operation] << ")";
  } else {
    line << ", in no task, on the thread " << thread.data();
  }
  line << "; the stack, innermost first:\n";
  line.write();
}

void kept_crash::tell_raw_stack() const noexcept {
  for (const std::uintptr_t frame : stack()) {
    // The call, which lies before the address that it returns to. Not dladdr(), which locks.
    const std::uintptr_t call = frame - 1;
    safe_line line;
    dl_find_object found{};
    if (::_dl_find_object(reinterpret_cast<void *>(call), &found) == 0) {  // NOLINT
      const char *name = found.dlfo_link_map->l_name;
      line << "  " << (*name != '\0' ? name : "taskworker") << "+";
      line.hexadecimal(call - found.dlfo_link_map->l_addr) << "\n";
    } else {
      (line << "  ").hexadecimal(call) << "\n";
    }
    line.write();
  }
}

void kept_crash::tell_counts(const metrics::task_counts &tasks) noexcept {
  safe_line line;
  line << "taskworker: tasks: " << tasks.generated << " generated = " << tasks.processed
       << " processed + " << tasks.failed << " failed + " << tasks.drained << " drained + "
       << tasks.open() << " abandoned\n";
  line.write();
}

}  // namespace taskworker::worker
