// SPDX-License-Identifier: MIT
// The shared library, before there is an instance.
#include <taskworker/ext/options.h>
#include <taskworker/ext/queue.h>
#include <taskworker/ext/workload.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "check/check_case.hpp"
#include "check/exported_symbols.hpp"
#include "check/verdict.hpp"
#include "strategy/text.hpp"

namespace taskworker::check {
namespace {

using namespace std::chrono_literals;

// A program that opens some strategies should not be felt to wait for one.
constexpr auto patience_for_opening = 500ms;

// One that an answer must be "none" to: no extension has this name, or ever will.
constexpr char unknown_extension[] = "taskworker.there-is-no-such-extension/1";

void loads_with_all_symbols(case_context &context) {
  context.require(opening_step::load);
  const auto &refused = context.strategy().refused();
  if (refused && refused->step == opening_step::init) context.require(opening_step::init);
}

std::string some_of(const std::vector<std::string> &names) {
  constexpr std::size_t shown = 5;
  std::vector<std::string> first(
      names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), shown)));
  std::string text = strategy::join(first);
  if (names.size() > shown) text += " and " + std::to_string(names.size() - shown) + " more";
  return text;
}

void exports_one_symbol(case_context &context) {
  context.require(opening_step::load);
  auto found = read_exported_symbols(context.strategy().path());
  std::erase(found.strong, TASKWORKER_ENTRY_SYMBOL);
  if (!found.strong.empty()) {
    fail("strategy.h (1)", "exports " + some_of(found.strong) + " beside " +
                               TASKWORKER_ENTRY_SYMBOL
                               "; expected that one alone: build with "
                               "-fvisibility=hidden, or make them static");
  }
  if (!found.weak.empty()) {
    warn("strategy.h (1)", "exports " + some_of(found.weak) +
                               ", which the C++ library brings in; link with "
                               "-Wl,--version-script=strategies/strategy.map to hide them");
  }
}

void abi_version(case_context &context) { context.require(opening_step::version); }

void descriptor(case_context &context) {
  context.require(opening_step::descriptor);
  const auto &told = context.strategy().entry().descriptor;
  for (const char *text : {told.name, told.version, told.summary, told.license, told.author}) {
    if (text == nullptr || strategy::valid_utf8(text) == text) continue;
    fail("strategy.h (6)", "a text of the descriptor is no UTF-8: " + strategy::valid_utf8(text));
  }
}

void load_time(case_context &context) {
  context.require_opened();
  const auto took = context.strategy().opening_time();
  if (took <= patience_for_opening) return;
  warn("strategy.h (9)", "loading it and the entry's init() took " + std::to_string(took / 1ms) +
                             " ms; at most " + std::to_string(patience_for_opening / 1ms) +
                             " ms is expected, and work that takes long belongs to init() or "
                             "start() of the instance");
}

void expect_null(const void *answer, const std::string &asked, const std::string &id) {
  if (answer == nullptr) return;
  fail("strategy.h (3)", asked + " answered \"" + id +
                             "\" with an extension; expected null, as an id is compared whole");
}

/// Asks the entry and an instance for each of the ids, which nobody has.
void expect_unknown(case_context &context, const std::vector<std::string> &ids) {
  auto &made = context.make_instance(context.config());
  for (const auto &id : ids) {
    expect_null(context.strategy().extension(id.c_str()), "the entry's get_extension()", id);
    expect_null(made.extension(id.c_str()), "get_extension()", id);
  }
  context.destroy(made);
}

void unknown_extension_is_null(case_context &context) {
  expect_unknown(context, {unknown_extension, "", "/", "taskworker.", "options"});
}

void extension_id_with_suffix_is_null(case_context &context) {
  std::vector<std::string> ids;
  for (const char *id : {TASKWORKER_EXT_OPTIONS, TASKWORKER_EXT_WORKLOAD, TASKWORKER_EXT_QUEUE}) {
    for (const char *suffix : {"x", "0", " ", "/1"}) ids.push_back(std::string(id) + suffix);
    ids.push_back(std::string(id, std::string(id).size() - 1));
  }
  expect_unknown(context, ids);
}

void expect_constant(case_context &context, const char *id) {
  if (context.strategy().extension(id) == context.strategy().extension(id)) return;
  fail("strategy.h, taskworker_entry get_extension()",
       std::string("two questions for \"") + id + "\" got two answers; it is constant data");
}

void options_declared(case_context &context) {
  context.require(opening_step::options);
  expect_constant(context, TASKWORKER_EXT_OPTIONS);
}

void workload_declared(case_context &context) {
  context.require(opening_step::workload);
  if (!context.has_own_tasks()) skip("it has no workload of its own");
  expect_constant(context, TASKWORKER_EXT_WORKLOAD);
}

constexpr check_case cases[] = {
    {"loads-with-all-symbols",
     "opens with all of its symbols bound at once, has an entry, and the entry's init() succeeds",
     "strategy.h (1)", loads_with_all_symbols},
    {"exports-one-symbol", "exports the entry and nothing else", "strategy.h (1)",
     exports_one_symbol},
    {"abi-version", "was built for the version of the interface that the host speaks",
     "strategy.h (2)", abi_version},
    {"descriptor", "says what it is, in one line each", "strategy.h, taskworker_descriptor",
     descriptor},
    {"load-time", "opens at once (a warning else)", "strategy.h (9)", load_time},
    {"unknown-extension-is-null", "answers null to an extension that it cannot know",
     "strategy.h (3)", unknown_extension_is_null},
    {"extension-id-with-suffix-is-null", "compares the id of an extension whole", "strategy.h (3)",
     extension_id_with_suffix_is_null},
    {"options-declared", "declares its options soundly, and always the same",
     "ext/options.h, taskworker_option", options_declared},
    {"workload-declared", "declares its workload soundly, and always the same",
     "ext/workload.h, taskworker_workload", workload_declared},
};

}  // namespace

std::span<const check_case> library_cases() { return cases; }

}  // namespace taskworker::check
