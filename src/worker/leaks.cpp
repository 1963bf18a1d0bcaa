// SPDX-License-Identifier: MIT
#include "worker/leaks.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <map>
#include <utility>

namespace taskworker::worker {
namespace {

const void *module_of(const void *address) {
  Dl_info info{};
  return ::dladdr(address, &info) != 0 ? info.dli_fbase : nullptr;
}

bool is_system_header(const std::string &file) { return file.starts_with("/usr/"); }

/// Names the place that a stack was started from; the same stack is looked up once.
class place_finder {
 public:
  place_finder(const void *in_strategy, profiling::symbols &names)
      : strategy_(module_of(in_strategy)), names_(names) {}

  const std::string &place_of(const profiling::stack &stack) {
    const auto addresses = stack.addresses();
    const std::vector<std::uintptr_t> key(addresses.begin(), addresses.end());
    const auto known = places_.find(key);
    if (known != places_.end()) return known->second;
    return places_.emplace(key, find(stack)).first->second;
  }

 private:
  std::string find(const profiling::stack &stack) {
    std::string outside = "an unknown place";
    for (const std::uintptr_t address : stack.addresses()) {
      const auto resolved = names_.resolve(address);
      const auto &places = resolved->places;
      outside = profiling::describe(places.back());
      // A return address may lie one past the end of its module: look at the call.
      if (module_of(reinterpret_cast<const void *>(address - 1)) != strategy_) continue;  // NOLINT
      const auto own = std::find_if(places.begin(), places.end(), [](const auto &place) {
        return !is_system_header(place.file);
      });
      if (own != places.end()) return profiling::describe(*own);
    }
    return outside;
  }

  const void *const strategy_;
  profiling::symbols &names_;
  std::map<std::vector<std::uintptr_t>, std::string> places_;
};

}  // namespace

std::vector<leak> group_leaks(const std::vector<profiling::thread_info> &threads,
                              const std::vector<job_info> &jobs, const void *in_strategy,
                              profiling::symbols &names) {
  if (threads.empty() && jobs.empty()) return {};
  place_finder places(in_strategy, names);
  std::map<std::pair<leak::kind, std::string>, std::uint64_t> counts;
  for (const auto &thread : threads) {
    ++counts[{leak::kind::thread, places.place_of(thread.started_by)}];
  }
  for (const auto &job : jobs) ++counts[{leak::kind::job, places.place_of(job.started_by)}];

  std::vector<leak> leaks;
  for (const auto &[what, count] : counts) leaks.push_back({what.first, count, what.second});
  std::stable_sort(leaks.begin(), leaks.end(),
                   [](const leak &a, const leak &b) { return a.count > b.count; });
  return leaks;
}

}  // namespace taskworker::worker
