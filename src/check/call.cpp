// SPDX-License-Identifier: MIT
#include "check/call.hpp"

#include <utility>

#include "check/result_page.hpp"

namespace taskworker::check {
namespace {

thread_local call call_of_thread = call::none;

strategy::thread_role role_of(call what) {
  switch (what) {
    case call::process:
      return strategy::thread_role::worker;
    case call::make_task:
    case call::check:
    case call::equal:
      return strategy::thread_role::none;  // [thread-safe]: from anywhere
    default:
      return strategy::thread_role::control;
  }
}

struct call_texts {
  const char *name;
  const char *place;
};

constexpr call_texts texts_of(call what) {
  switch (what) {
    case call::none:
      break;
    case call::load:
      return {"a static constructor", "strategy.h (9)"};
    case call::entry_init:
      return {"the entry's init()", "strategy.h, taskworker_entry init()"};
    case call::entry_get_extension:
      return {"the entry's get_extension()", "strategy.h, taskworker_entry get_extension()"};
    case call::create:
      return {"create()", "strategy.h, create()"};
    case call::init:
      return {"init()", "strategy.h, init()"};
    case call::get_extension:
      return {"get_extension()", "strategy.h, get_extension()"};
    case call::start:
      return {"start()", "strategy.h, start()"};
    case call::process:
      return {"process()", "strategy.h, process()"};
    case call::stop:
      return {"stop()", "strategy.h, stop()"};
    case call::destroy:
      return {"destroy()", "strategy.h, destroy()"};
    case call::deinit:
      return {"the entry's deinit()", "strategy.h, taskworker_entry deinit()"};
    case call::make_task:
      return {"make_task()", "ext/workload.h, make_task"};
    case call::check:
      return {"check()", "ext/workload.h, check"};
    case call::equal:
      return {"equal()", "ext/workload.h, equal"};
  }
  return {"no call", ""};
}

}  // namespace

const char *name_of(call what) noexcept { return texts_of(what).name; }
const char *place_of(call what) noexcept { return texts_of(what).place; }

call current_call() noexcept { return call_of_thread; }

call_scope::call_scope(call what, std::uint32_t worker) noexcept
    : before_(std::exchange(call_of_thread, what)), role_(role_of(what), worker) {
  current_page().enter(what);
}

call_scope::~call_scope() { call_of_thread = before_; }

}  // namespace taskworker::check
