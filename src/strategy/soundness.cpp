// SPDX-License-Identifier: MIT
#include "strategy/soundness.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "strategy/library.hpp"
#include "strategy/options.hpp"
#include "strategy/text.hpp"
#include "strategy/word.hpp"

namespace taskworker::strategy {
namespace {

// Far more than a person wants to read in --help-strategy; a larger count is an
// uninitialised one, and following it would leave the array.
constexpr std::uint64_t max_options = 256;

constexpr char name_rule[] = " may have letters, digits, '_' and '-' only";

[[noreturn]] void refuse(const std::string &path, const std::string &fault) {
  throw load_error(path + " is refused: " + fault);
}

// A mandatory text that is shown in one line.
void check_text(const char *text, const std::string &what, const std::string &path) {
  if (text == nullptr || *text == '\0') refuse(path, what + " is missing");
  if (one_line(text) != text) refuse(path, what + " has a control character in it");
  if (valid_utf8(text) != text) {
    refuse(path, what + " is not UTF-8: '" + valid_utf8(text) + "'; save its source as UTF-8");
  }
}

void check_name(const char *name, const std::string &what, const std::string &path) {
  check_text(name, what, path);
  if (!is_name(name)) refuse(path, what + " '" + name + "'" + name_rule);
}

void check_optional_text(const char *text, const std::string &what, const std::string &path) {
  if (text != nullptr) check_text(text, what, path);
}

void check_choices(const taskworker_option &option, const std::string &what,
                   const std::string &path) {
  const auto choices = choices_of(option);
  if (choices.empty()) refuse(path, what + " has no choices, and a type that needs some");
  for (const auto &choice : choices) {
    check_text(choice.c_str(), "a choice of " + what, path);
    if (option.type != TASKWORKER_OPTION_SET) continue;
    if (choice == "none") refuse(path, what + " has the choice 'none', which means the empty set");
    if (choice.find(',') != std::string::npos) {
      refuse(path, what + " has the choice '" + choice + "', but ',' separates choices");
    }
  }
}

void check_type(const taskworker_option &option, const std::string &what, const std::string &path) {
  switch (option.type) {
    case TASKWORKER_OPTION_TEXT:
    case TASKWORKER_OPTION_FLAG:
      return;
    case TASKWORKER_OPTION_INTEGER:
      if (option.minimum > option.maximum) {
        refuse(path, what + " has the minimum " + std::to_string(option.minimum) +
                         ", above its maximum " + std::to_string(option.maximum));
      }
      return;
    case TASKWORKER_OPTION_CHOICE:
    case TASKWORKER_OPTION_SET:
      return check_choices(option, what, path);
    default:
      refuse(path, what + " has the unknown type " + std::to_string(option.type));
  }
}

void check_default(const taskworker_option &option, const std::string &what,
                   const std::string &path) {
  if (option.default_value == nullptr) refuse(path, what + " has no default");
  if (!allows(option, option.default_value)) {
    refuse(path, what + " has the default '" + one_line(option.default_value) + "', but allows " +
                     describe_type(option));
  }
}

}  // namespace

void check_version(const taskworker_version &found, const std::string &path) {
  if (found.major == TASKWORKER_ABI_MAJOR) return;
  const auto text = [](std::uint32_t major, std::uint32_t minor) {
    return std::to_string(major) + "." + std::to_string(minor);
  };
  throw load_error(path + " was built for strategy interface " + text(found.major, found.minor) +
                   ", this taskworker speaks " + text(TASKWORKER_ABI_MAJOR, TASKWORKER_ABI_MINOR) +
                   "; rebuild it against include/taskworker/strategy.h");
}

void check_entry(const taskworker_entry &entry, const std::string &path) {
  const auto &descriptor = entry.descriptor;
  check_name(descriptor.name, "its descriptor's name", path);
  check_text(descriptor.version, "its descriptor's version", path);
  check_text(descriptor.summary, "its descriptor's summary", path);
  check_optional_text(descriptor.license, "its descriptor's license", path);
  check_optional_text(descriptor.author, "its descriptor's author", path);
  if (entry.create == nullptr) refuse(path, "its entry has no create()");
}

void check_options(const taskworker_options &options, const std::string &path) {
  if (options.count > max_options) {
    refuse(path, "it declares " + std::to_string(options.count) + " options, at most " +
                     std::to_string(max_options) + " can be");
  }
  if (options.count > 0 && options.options == nullptr) refuse(path, "its options are missing");
  std::set<std::string_view> names;
  for (std::uint64_t i = 0; i < options.count; ++i) {
    const auto &option = options.options[i];
    check_name(option.name, "the name of option " + std::to_string(i), path);
    const std::string what = "option '" + std::string(option.name) + "'";
    if (!names.insert(option.name).second) refuse(path, what + " is declared twice");
    check_text(option.summary, "the summary of " + what, path);
    check_type(option, what, path);
    check_default(option, what, path);
  }
}

void check_workload(const taskworker_workload &workload, const std::string &path) {
  check_name(workload.name, "its workload's name", path);
  if (workload.operation_count < 1 || workload.operation_count > TASKWORKER_MAX_OPERATIONS) {
    refuse(path, "its workload has " + std::to_string(workload.operation_count) +
                     " operations, 1 to " + std::to_string(TASKWORKER_MAX_OPERATIONS) + " can be");
  }
  if (workload.operation_names == nullptr) {
    refuse(path, "its workload's operation names are missing");
  }
  std::set<std::string_view> names;
  for (std::uint64_t i = 0; i < workload.operation_count; ++i) {
    const char *name = workload.operation_names[i];
    check_name(name, "the name of its workload's operation " + std::to_string(i), path);
    if (!names.insert(name).second) {
      refuse(path, "its workload has two operations '" + std::string(name) + "'");
    }
  }
  if (workload.make_task == nullptr) refuse(path, "its workload has no make_task()");
}

}  // namespace taskworker::strategy
