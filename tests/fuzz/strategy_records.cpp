// SPDX-License-Identifier: MIT
// What a hostile strategy declares: any bytes behind pointers that are valid or null. What the
// checks let pass is used as the program uses it.
#include <fuzzer/FuzzedDataProvider.h>

#include <deque>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "expect.hpp"
#include "strategy/library.hpp"
#include "strategy/options.hpp"
#include "strategy/soundness.hpp"
#include "strategy/text.hpp"

namespace {

using namespace taskworker::strategy;

const std::string path = "/lib/mine.so";

// Owns what the records point to. Each text and array is an allocation of its own size, so
// that the address sanitizer sees a read beyond it.
class declaration {
 public:
  explicit declaration(FuzzedDataProvider &bytes) : bytes_(bytes) {}

  const char *text() {
    if (bytes_.ConsumeIntegralInRange(0, 7) == 0) return nullptr;
    const auto given = bytes_.ConsumeRandomLengthString(12);
    auto &kept = texts_.emplace_back(new char[given.size() + 1]);
    given.copy(kept.get(), given.size());
    kept[given.size()] = '\0';
    return kept.get();
  }

  // Ended by a null pointer.
  const char *const *list() {
    if (bytes_.ConsumeIntegralInRange(0, 7) == 0) return nullptr;
    auto &kept = lists_.emplace_back();
    for (const char *one = text(); one != nullptr && kept.size() < 8; one = text()) {
      kept.push_back(one);
    }
    kept.push_back(nullptr);
    kept.shrink_to_fit();
    return kept.data();
  }

  // How many the strategy says there are: those that are there, or far too many.
  std::uint64_t count(std::size_t there) {
    constexpr std::uint64_t too_many = 1000;
    return bytes_.ConsumeIntegralInRange(0, 9) == 0
               ? bytes_.ConsumeIntegralInRange<std::uint64_t>(too_many, ~std::uint64_t{0})
               : there;
  }

  taskworker_entry entry() {
    taskworker_entry made{};
    made.abi = {bytes_.ConsumeIntegral<std::uint32_t>(), bytes_.ConsumeIntegral<std::uint32_t>()};
    made.descriptor = {text(), text(), text(), text(), text()};
    if (bytes_.ConsumeBool()) {
      made.create = [](const taskworker_host *,
                       const taskworker_config *) -> taskworker_instance * { return nullptr; };
    }
    return made;
  }

  taskworker_options options() {
    const auto there = bytes_.ConsumeIntegralInRange<std::size_t>(0, 4);
    for (std::size_t i = 0; i < there; ++i) {
      options_.push_back({text(), text(), text(), list(), bytes_.ConsumeIntegral<std::int64_t>(),
                          bytes_.ConsumeIntegral<std::int64_t>(),
                          bytes_.ConsumeIntegralInRange<taskworker_option_type>(0, 5), 0});
    }
    options_.shrink_to_fit();
    return {there > 0 ? options_.data() : nullptr, count(there)};
  }

  taskworker_workload workload() {
    const auto there = bytes_.ConsumeIntegralInRange<std::size_t>(0, 20);
    auto &names = lists_.emplace_back();
    for (std::size_t i = 0; i < there; ++i) names.push_back(text());
    names.shrink_to_fit();
    taskworker_workload made{text(), there > 0 ? names.data() : nullptr, count(there)};
    if (bytes_.ConsumeBool()) {
      made.make_task = [](std::uint64_t, std::uint64_t, void *, std::uint64_t, std::uint64_t *,
                          taskworker_operation *) -> taskworker_status { return TASKWORKER_OK; };
    }
    return made;
  }

 private:
  FuzzedDataProvider &bytes_;
  std::deque<std::unique_ptr<char[]>> texts_;
  std::deque<std::vector<const char *>> lists_;
  std::vector<taskworker_option> options_;
};

template <typename record>
bool is_accepted(void (*check)(const record &, const std::string &), const record &declared) {
  try {
    check(declared, path);
    return true;
  } catch (const load_error &error) {
    const std::string_view fault = error.what();
    expect(fault.starts_with(path) && one_line(std::string(fault)) == fault,
           "a refusal is one line that names the file");
    return false;
  }
}

void use(const taskworker_options &declared) {
  expect(describe_options(declared).size() >= declared.count, "each is described");
  for (const auto &[name, value] : resolve_options(declared, {}, "mine")) {
    expect(is_name(name), "options have names");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size) {
  FuzzedDataProvider bytes(data, size);
  declaration declared(bytes);
  const auto options = declared.options();
  if (is_accepted(check_options, options)) use(options);
  const auto workload = declared.workload();
  if (is_accepted(check_workload, workload)) {
    const std::set<std::string_view> names(workload.operation_names,
                                           workload.operation_names + workload.operation_count);
    expect(names.size() == workload.operation_count, "operations are told apart");
  }
  const auto entry = declared.entry();
  if (is_accepted(check_version, entry.abi)) {
    expect(entry.abi.major == TASKWORKER_ABI_MAJOR, "the version is ours");
  }
  if (is_accepted(check_entry, entry)) expect(is_name(entry.descriptor.name), "it has a name");
  return 0;
}
