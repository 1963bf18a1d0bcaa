// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <utility>

#include "check/verdict.hpp"
#include "strategy/host.hpp"
#include "strategy/text.hpp"

namespace taskworker::check {

/// A function of the strategy that the host calls.
enum class call : std::uint32_t {
  none,
  load,  ///< its static constructors
  entry_init,
  entry_get_extension,
  create,
  init,
  get_extension,
  start,
  process,
  stop,
  destroy,
  deinit,
  make_task,
  check,
  equal,
};

/// "process()", "the entry's init()"; "no call" for none.
[[nodiscard]] const char *name_of(call what) noexcept;

/// Where the header tells of it: "strategy.h, process()"; empty for none.
[[nodiscard]] const char *place_of(call what) noexcept;

/// The call that this thread is in.
[[nodiscard]] call current_call() noexcept;

/// Marks the calling thread as inside a call of the strategy, for crash reports and for
/// thread_check/1, during the life of this object. The call also becomes the last call of
/// the result page (result_page.hpp).
class call_scope {
 public:
  explicit call_scope(call what, std::uint32_t worker = 0) noexcept;
  ~call_scope();
  call_scope(const call_scope &) = delete;
  call_scope &operator=(const call_scope &) = delete;

 private:
  const call before_;
  const strategy::scoped_thread_role role_;
};

/// Makes a call of the strategy and returns what it returned. An exception that comes out
/// ends the case. `worker`: the index for process().
template <typename Call>
auto make_call(call what, Call &&function, std::uint32_t worker = 0) {
  std::string reason;
  try {
    const call_scope scope(what, worker);
    return std::forward<Call>(function)();
  } catch (const std::exception &error) {
    reason = strategy::one_line(error.what());
  } catch (...) {
    reason = "not a std::exception";
  }
  fail("strategy.h (4)", std::string(name_of(what)) + " let an exception out (" + reason +
                             "); none may cross the interface");
}

}  // namespace taskworker::check
