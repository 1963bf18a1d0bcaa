// SPDX-License-Identifier: MIT
#include "profiling/threads/stack_request.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <ctime>

#include "profiling/stack.hpp"
#include "profiling/synthetic_frame.hpp"

namespace taskworker::profiling {
namespace {

// A place goes idle -> asked -> answering -> answered -> idle. The asker may take the
// question back while it is asked (-> idle) or being answered (-> unwanted, which the
// answering thread makes idle: until then it writes there).
enum class phase : std::uint8_t { idle, asked, answering, answered, unwanted };
constexpr std::uint64_t phases = 8;

// The number of the request and its phase in one word: a late signal of a former request
// finds another number, and leaves the place alone.
constexpr std::uint64_t state_of(std::uint64_t number, phase at) {
  return number * phases + static_cast<std::uint64_t>(at);
}

struct place {
  std::atomic<std::uint64_t> state;
  task_mark mark;
  std::uint32_t depth;
  std::array<std::uintptr_t, stack_request::max_depth + 1> frames;  // and why there are no more

  bool change(std::uint64_t number, phase from, phase to) noexcept {
    std::uint64_t expected = state_of(number, from);
    return state.compare_exchange_strong(expected, state_of(number, to), std::memory_order_acq_rel);
  }
};

constinit std::array<place, stack_request::most_at_once> places{};
constinit std::atomic<std::uint32_t> answers{0};
static_assert(sizeof(answers) == sizeof(std::uint32_t) && decltype(answers)::is_always_lock_free);

// Which request a signal belongs to: what it carries is as wide as a pointer.
static_assert(sizeof(sigval::sival_ptr) == sizeof(std::uint64_t));
std::uint64_t ticket_of(std::size_t index, std::uint64_t number) {
  return number * places.size() + index;
}

void announce_answer() noexcept {
  answers.fetch_add(1, std::memory_order_release);
  syscall(SYS_futex, &answers, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

// The last frame then says why the stack does not go on.
void read_stack(const void *interrupted, place &into) noexcept {
  const auto room = std::span(into.frames).first(stack_request::max_depth);
  const stack_reading how = read_interrupted_stack(interrupted, room, into.depth);
  if (how == stack_reading::ended) return;
  const auto reason =
      how == stack_reading::cut ? synthetic_frame::stack_cut : synthetic_frame::unwind_failed;
  into.frames[into.depth++] = address_of(reason);
}

void answer_ticket(std::uint64_t ticket, const void *interrupted) noexcept {
  place &asked = places[ticket % places.size()];
  const std::uint64_t number = ticket / places.size();
  if (!asked.change(number, phase::asked, phase::answering)) return;
  asked.mark = current_task_mark();
  read_stack(interrupted, asked);
  if (asked.change(number, phase::answering, phase::answered)) {
    announce_answer();
  } else {
    asked.state.store(state_of(number, phase::idle), std::memory_order_release);
  }
}

void on_signal(int, siginfo_t *info, void *interrupted) {
  if (info->si_code != SI_QUEUE || info->si_pid != getpid()) return;
  const int error = errno;
  answer_ticket(reinterpret_cast<std::uintptr_t>(info->si_value.sival_ptr), interrupted);
  errno = error;
}

// Nothing else may come while a stack is read, but the faults of reading it.
sigset_t all_but_faults() noexcept {
  sigset_t signals;
  sigfillset(&signals);
  for (const int fault : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT}) {
    sigdelset(&signals, fault);
  }
  return signals;
}

bool is_unused(int signal) noexcept {
  struct sigaction present = {};
  return sigaction(signal, nullptr, &present) == 0 && present.sa_handler == SIG_DFL;
}

int install_handler() noexcept {
  (void)capture_stack();  // what unwinding sets up at its first use must not be done in a handler
  struct sigaction action = {};
  action.sa_sigaction = &on_signal;
  action.sa_mask = all_but_faults();
  action.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
  for (int signal = SIGRTMAX; signal >= SIGRTMIN; --signal) {
    if (is_unused(signal) && sigaction(signal, &action, nullptr) == 0) return signal;
  }
  return 0;
}

}  // namespace

stack_request::stack_request(pid_t tid) noexcept : sent_(send(tid)) {}

stack_request::~stack_request() {
  if (place_ == most_at_once) return;
  place &own = places[place_];
  if (own.change(number_, phase::asked, phase::idle)) return;
  if (own.change(number_, phase::answering, phase::unwanted)) return;
  own.state.store(state_of(number_, phase::idle), std::memory_order_release);
}

stack_request::result stack_request::send(pid_t tid) noexcept {
  const int signal = signal_number();
  if (signal == 0) return result::busy;
  for (std::size_t i = 0; i < places.size() && place_ == most_at_once; ++i) {
    number_ = places[i].state.load(std::memory_order_relaxed) / phases;
    std::uint64_t idle = state_of(number_, phase::idle);
    if (places[i].state.compare_exchange_strong(idle, state_of(++number_, phase::asked),
                                                std::memory_order_acq_rel)) {
      place_ = i;
    }
  }
  if (place_ == most_at_once) return result::busy;
  siginfo_t info = {};
  info.si_code = SI_QUEUE;
  info.si_pid = getpid();
  info.si_uid = getuid();
  info.si_value.sival_ptr = reinterpret_cast<void *>(ticket_of(place_, number_));
  if (syscall(SYS_rt_tgsigqueueinfo, info.si_pid, tid, signal, &info) == 0) return result::asked;
  return errno == ESRCH ? result::thread_ended : result::busy;
}

std::optional<stack_answer> stack_request::answer() const noexcept {
  if (place_ == most_at_once) return std::nullopt;
  const place &own = places[place_];
  if (own.state.load(std::memory_order_acquire) != state_of(number_, phase::answered)) {
    return std::nullopt;
  }
  return stack_answer{std::span(own.frames).first(own.depth), own.mark};
}

int stack_request::signal_number() noexcept {
  static const int chosen = install_handler();
  return chosen;
}

std::uint32_t stack_request::count_answers() noexcept {
  return answers.load(std::memory_order_acquire);
}

bool stack_request::wait_for_answer(std::uint32_t seen, std::chrono::nanoseconds limit) noexcept {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(limit);
  const timespec timeout{static_cast<std::time_t>(seconds.count()), (limit - seconds).count()};
  return syscall(SYS_futex, &answers, FUTEX_WAIT_PRIVATE, seen, &timeout, nullptr, 0) == 0 ||
         errno != ETIMEDOUT;
}

}  // namespace taskworker::profiling
