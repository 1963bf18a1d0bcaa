// SPDX-License-Identifier: MIT
#include "strategy/soundness.hpp"

#include <functional>
#include <string>
#include <vector>

#include "catch.hpp"
#include "strategy/library.hpp"

using namespace taskworker::strategy;

namespace {

const std::string path = "/lib/mine.so";

std::string fault_of(const std::function<void()> &check) {
  try {
    check();
    return "";
  } catch (const load_error &error) {
    return error.what();
  }
}

taskworker_entry sound_entry() {
  return {TASKWORKER_ABI_VERSION,
          {"mine", "1.0.0", "Does nothing.", "MIT", "A. N. Author"},
          nullptr,
          nullptr,
          [](const taskworker_host *, const taskworker_config *) -> taskworker_instance * {
            return nullptr;
          },
          nullptr};
}

constexpr const char *choices[] = {"a", "b", nullptr};
constexpr const char *no_choices[] = {nullptr};
constexpr const char *none_choices[] = {"none", nullptr};
constexpr const char *comma_choices[] = {"a,b", nullptr};
constexpr const char *empty_choices[] = {"a", "", nullptr};

taskworker_option sound_option() {
  return {"keep", "Results that are kept.", "10", nullptr, 1, 100, TASKWORKER_OPTION_INTEGER, 0};
}

taskworker_status make_no_task(std::uint64_t, std::uint64_t, void *, std::uint64_t, std::uint64_t *,
                               taskworker_operation *) {
  return TASKWORKER_OK;
}

std::string fault_of_workload(std::vector<const char *> names,
                              const std::function<void(taskworker_workload &)> &break_it = {}) {
  taskworker_workload workload{"sort", names.data(), names.size(), make_no_task, nullptr, nullptr};
  if (break_it) break_it(workload);
  return fault_of([&] { check_workload(workload, path); });
}

}  // namespace

TEST_CASE("the interface's own version fits, others do not", "[strategy_soundness]") {
  constexpr auto major = TASKWORKER_ABI_MAJOR;
  constexpr auto minor = TASKWORKER_ABI_MINOR;
  const auto fault = [](std::uint32_t found_major, std::uint32_t found_minor) {
    return fault_of([&] { check_version({found_major, found_minor}, path); });
  };
  CHECK(fault(major, minor).empty());
  CHECK(fault(major, minor + 1).empty());
  CHECK(fault(7, 0) ==
        "/lib/mine.so was built for strategy interface 7.0, this taskworker speaks 1.0; rebuild it "
        "against include/taskworker/strategy.h");
  CHECK(fault(major - 1, minor + 1) ==
        "/lib/mine.so was built for strategy interface 0.1, this taskworker speaks 1.0; rebuild it "
        "against include/taskworker/strategy.h");
  CHECK(!fault(major + 1, minor).empty());
}

TEST_CASE("an entry needs its texts and create()", "[strategy_soundness]") {
  using change = std::function<void(taskworker_entry &)>;
  const auto [break_it, fault] = GENERATE(table<change, std::string>({
      {[](auto &) {}, ""},
      {[](auto &entry) { entry.descriptor.license = nullptr; }, ""},
      {[](auto &entry) { entry.descriptor.author = nullptr; }, ""},
      {[](auto &entry) { entry.descriptor.name = nullptr; }, "its descriptor's name is missing"},
      {[](auto &entry) { entry.descriptor.name = ""; }, "its descriptor's name is missing"},
      {[](auto &entry) { entry.descriptor.name = "my own"; },
       "its descriptor's name 'my own' may have letters, digits, '_' and '-' only"},
      {[](auto &entry) { entry.descriptor.version = nullptr; },
       "its descriptor's version is missing"},
      {[](auto &entry) { entry.descriptor.summary = ""; }, "its descriptor's summary is missing"},
      {[](auto &entry) { entry.descriptor.summary = "two\nlines"; },
       "its descriptor's summary has a control character in it"},
      {[](auto &entry) { entry.descriptor.summary = "caf\xe9"; },
       "its descriptor's summary is not UTF-8: 'caf\xef\xbf\xbd'; save its source as UTF-8"},
      {[](auto &entry) { entry.descriptor.license = ""; }, "its descriptor's license is missing"},
      {[](auto &entry) { entry.descriptor.author = "\x1b[31m"; },
       "its descriptor's author has a control character in it"},
      {[](auto &entry) { entry.create = nullptr; }, "its entry has no create()"},
  }));
  taskworker_entry entry = sound_entry();
  break_it(entry);
  CHECK(fault_of([&] { check_entry(entry, path); }) ==
        (fault.empty() ? "" : "/lib/mine.so is refused: " + fault));
}

TEST_CASE("an option needs a name, a summary, a type and a default that it allows",
          "[strategy_soundness]") {
  using change = std::function<void(taskworker_option &)>;
  const auto [break_it, fault] = GENERATE(table<change, std::string>({
      {[](auto &) {}, ""},
      {[](auto &option) { option.name = nullptr; }, "the name of option 0 is missing"},
      {[](auto &option) { option.name = "a=b"; },
       "the name of option 0 'a=b' may have letters, digits, '_' and '-' only"},
      {[](auto &option) { option.summary = nullptr; }, "the summary of option 'keep' is missing"},
      {[](auto &option) { option.default_value = nullptr; }, "option 'keep' has no default"},
      {[](auto &option) { option.default_value = "0"; },
       "option 'keep' has the default '0', but allows integer, 1 to 100"},
      {[](auto &option) { option.minimum = 101; },
       "option 'keep' has the minimum 101, above its maximum 100"},
      {[](auto &option) { option.type = 5; }, "option 'keep' has the unknown type 5"},
      {[](auto &option) {
         option.type = TASKWORKER_OPTION_TEXT;
         option.default_value = "";
       },
       ""},
      {[](auto &option) { option.type = TASKWORKER_OPTION_CHOICE; },
       "option 'keep' has no choices, and a type that needs some"},
      {[](auto &option) {
         option.type = TASKWORKER_OPTION_CHOICE;
         option.choices = no_choices;
       },
       "option 'keep' has no choices, and a type that needs some"},
      {[](auto &option) {
         option.type = TASKWORKER_OPTION_CHOICE;
         option.choices = empty_choices;
       },
       "a choice of option 'keep' is missing"},
      {[](auto &option) {
         option.type = TASKWORKER_OPTION_SET;
         option.choices = choices;
         option.default_value = "a,c";
       },
       "option 'keep' has the default 'a,c', but allows some of a,b, or none"},
      {[](auto &option) {
         option.type = TASKWORKER_OPTION_SET;
         option.choices = none_choices;
       },
       "option 'keep' has the choice 'none', which means the empty set"},
      {[](auto &option) {
         option.type = TASKWORKER_OPTION_SET;
         option.choices = comma_choices;
       },
       "option 'keep' has the choice 'a,b', but ',' separates choices"},
  }));
  taskworker_option option = sound_option();
  break_it(option);
  CHECK(fault_of([&] { check_options({&option, 1}, path); }) ==
        (fault.empty() ? "" : "/lib/mine.so is refused: " + fault));
}

TEST_CASE("the list of options is there and names each once", "[strategy_soundness]") {
  const std::vector<taskworker_option> twice{sound_option(), sound_option()};
  CHECK(fault_of([&] { check_options({twice.data(), 2}, path); }) ==
        "/lib/mine.so is refused: option 'keep' is declared twice");
  CHECK(fault_of([&] { check_options({nullptr, 1}, path); }) ==
        "/lib/mine.so is refused: its options are missing");
  CHECK(fault_of([&] { check_options({twice.data(), 1u << 20}, path); }) ==
        "/lib/mine.so is refused: it declares 1048576 options, at most 256 can be");
  CHECK(fault_of([&] { check_options({nullptr, 0}, path); }).empty());
}

TEST_CASE("a workload has 1 to 16 operations of different names", "[strategy_soundness]") {
  const std::vector<const char *> sixteen{"a", "b", "c", "d", "e", "f", "g", "h",
                                          "i", "j", "k", "l", "m", "n", "o", "p"};
  auto seventeen = sixteen;
  seventeen.push_back("q");
  CHECK(fault_of_workload({"merge"}).empty());
  CHECK(fault_of_workload(sixteen).empty());
  CHECK(fault_of_workload(seventeen) ==
        "/lib/mine.so is refused: its workload has 17 operations, 1 to 16 can be");
  CHECK(fault_of_workload({}) ==
        "/lib/mine.so is refused: its workload has 0 operations, 1 to 16 can be");
  CHECK(fault_of_workload({"merge", "quick", "merge"}) ==
        "/lib/mine.so is refused: its workload has two operations 'merge'");
  CHECK(fault_of_workload({"merge", nullptr}) ==
        "/lib/mine.so is refused: the name of its workload's operation 1 is missing");
  CHECK(
      fault_of_workload({"mer ge"}) ==
      "/lib/mine.so is refused: the name of its workload's operation 0 'mer ge' may have letters, "
      "digits, '_' and '-' only");
}

TEST_CASE("a workload needs a name, its operations and make_task()", "[strategy_soundness]") {
  CHECK(fault_of_workload({"merge"}, [](auto &workload) { workload.name = nullptr; }) ==
        "/lib/mine.so is refused: its workload's name is missing");
  CHECK(fault_of_workload({"merge"}, [](auto &workload) { workload.operation_names = nullptr; }) ==
        "/lib/mine.so is refused: its workload's operation names are missing");
  CHECK(fault_of_workload({"merge"}, [](auto &workload) { workload.make_task = nullptr; }) ==
        "/lib/mine.so is refused: its workload has no make_task()");
}
