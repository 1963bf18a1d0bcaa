// SPDX-License-Identifier: MIT
#include "profiling/probes/heap_probes.hpp"

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>

#include "metrics/units.hpp"
#include "profiling/heap/heap.hpp"

namespace taskworker::profiling {
namespace {

using metrics::counted;
using metrics::in_bytes;

constexpr auto machine_file = "/etc/malloc.conf";

// An allocation of so many samples' distances is missed once in 60 million times.
constexpr std::uint64_t samples_wanted = 18;
constexpr std::uint64_t most_bytes = std::uint64_t{1} << 30;

// Finds out whether and how an option was given: "MALLOC_CONF='prof:false'".
std::string name_culprit(const allocator_options &given, std::string_view option) {
  if (given.environment.find(option) != std::string::npos) {
    return "by MALLOC_CONF='" + given.environment + "'";
  }
  if (given.machine.find(option) != std::string::npos) {
    return std::string("by ") + machine_file + " (" + given.machine + ")";
  }
  return std::string("though neither MALLOC_CONF nor ") + machine_file + " says so";
}

// Its name is looked for in the dump.
constexpr std::string_view own_name = "allocate_for_probe";

[[gnu::noinline]] void *allocate_for_probe(std::size_t bytes) {
  void *memory = std::malloc(bytes);
  asm volatile("" : "+r"(memory) : : "memory");  // else the compiler may leave out both ends
  return memory;
}

struct found_allocation {
  std::int64_t bytes = 0;
  source_place place;
};

std::optional<found_allocation> find_own(const profile &heap, symbols &names) {
  for (const auto &sample : heap.samples) {
    if (sample.frames.empty() || sample.values.back() == 0) continue;
    for (const auto &place : names.resolve(sample.frames.front())->places) {
      if (place.function.find(own_name) == std::string::npos) continue;
      return found_allocation{sample.values.back(), place};
    }
  }
  return std::nullopt;
}

}  // namespace

allocator_options read_allocator_options() {
  const char *const environment = std::getenv("MALLOC_CONF");
  std::error_code no_link;
  const auto machine = std::filesystem::read_symlink(machine_file, no_link);
  return {environment != nullptr ? environment : "", machine.string()};
}

probe_result judge_heap_settings(const std::optional<heap_settings> &settings,
                                 const allocator_options &given) {
  constexpr auto name = "heap profiling";
  if (!settings) {
    return warned(name, "not in this build, which was made without jemalloc",
                  "build with -Djemalloc=enabled; Debian's package is libjemalloc-dev");
  }
  if (!settings->can_profile) {
    return unmet(name, "the jemalloc that is loaded was built without --enable-prof",
                 "load one that was built with it, such as Debian's libjemalloc2; look at "
                 "LD_PRELOAD and LD_LIBRARY_PATH");
  }
  if (!settings->is_on) {
    return unmet(name, "off, " + name_culprit(given, "prof:false"),
                 "take prof:false out there and start again: it can be set only before a "
                 "program starts");
  }
  if (!settings->is_sampling) {
    return warned(name,
                  "on, but no allocation is sampled, " + name_culprit(given, "prof_active:false"),
                  "take prof_active:false out there, or POST sampling=on to /debug/pprof/heap; "
                  "what is allocated before is never seen");
  }
  return passed(name, "on, one sample each " + in_bytes(settings->sample_bytes) + " on average");
}

probe_result probe_heap_dump(std::uint64_t sample_bytes, symbols &names) {
  constexpr auto name = "heap dump";
  if (sample_bytes > most_bytes / samples_wanted) {
    return warned(name, "not tried: samples are " + in_bytes(sample_bytes) + " apart",
                  "small programs show nothing at such a distance: take lg_prof_sample out of "
                  "MALLOC_CONF");
  }
  const std::uint64_t bytes = sample_bytes * samples_wanted;
  const std::unique_ptr<void, void (*)(void *)> memory(allocate_for_probe(bytes), std::free);
  if (memory == nullptr) {
    return warned(name, "not tried: " + in_bytes(bytes) + " of address space are refused",
                  "raise the limit: ulimit -v unlimited");
  }
  try {
    const profile heap = read_heap_profile();
    const auto own = find_own(heap, names);
    if (own) {
      return passed(name, "of " + counted(heap.samples.size(), "stack") +
                              "; what was allocated to test it is there, " +
                              in_bytes(static_cast<std::uint64_t>(own->bytes)) + " at " +
                              describe(own->place));
    }
    return unmet(name,
                 counted(heap.samples.size(), "stack") +
                     ", but none with what was allocated to "
                     "test it in function " +
                     std::string(own_name),
                 "see symbols below; if these are well, another library answers malloc: look at "
                 "LD_PRELOAD");
  } catch (const heap_error &error) {
    return unmet(name, "none could be had", error.what());
  }
}

}  // namespace taskworker::profiling
