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

}  // namespace

const char *name_of(call what) noexcept {
  switch (what) {
    case call::none:
      break;
    case call::load:
      return "a static constructor";
    case call::entry_init:
      return "the entry's init()";
    case call::entry_get_extension:
      return "the entry's get_extension()";
    case call::create:
      return "create()";
    case call::init:
      return "init()";
    case call::get_extension:
      return "get_extension()";
    case call::wanted_capacity:
      return "wanted_capacity()";
    case call::start:
      return "start()";
    case call::process:
      return "process()";
    case call::stop:
      return "stop()";
    case call::destroy:
      return "destroy()";
    case call::deinit:
      return "the entry's deinit()";
    case call::make_task:
      return "make_task()";
    case call::check:
      return "check()";
    case call::equal:
      return "equal()";
  }
  return "no call";
}

call current_call() noexcept { return call_of_thread; }

call_scope::call_scope(call what, std::uint32_t worker) noexcept
    : before_(std::exchange(call_of_thread, what)), role_(role_of(what), worker) {
  current_page().enter(what);
}

call_scope::~call_scope() { call_of_thread = before_; }

}  // namespace taskworker::check
