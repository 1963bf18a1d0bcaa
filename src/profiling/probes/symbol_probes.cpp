// SPDX-License-Identifier: MIT
#include "profiling/probes/symbol_probes.hpp"

#include <dlfcn.h>
#include <unwind.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "metrics/units.hpp"

namespace taskworker::profiling {
namespace {

// A frame is a return address; the first instruction of a function counts as interrupted.
source_place find_function(std::uintptr_t address, symbols &names) {
  return names.resolve(address + 1)->places.back();
}

std::string_view take_line(std::string_view &text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

// The path of an executable mapping whose file is gone, from a line of /proc/PID/maps
// (proc(5)); empty for all others.
std::string_view replaced_code(std::string_view line) {
  constexpr std::string_view mark = " (deleted)";
  const auto path = line.find('/');
  if (path == line.npos || !line.ends_with(mark)) return {};
  const auto access = line.substr(0, path).find(' ');
  if (access == line.npos || line.substr(access + 1, 4).find('x') == line.npos) return {};
  return line.substr(path, line.size() - path - mark.size());
}

std::string file_name(const std::string &path) {
  return std::filesystem::path(path).filename().string();
}

// Each brings an _Unwind_Backtrace of its own, or a profiler that is built on it.
bool hijacks_unwinding(const loaded_module &module) {
  constexpr std::array names{"libunwind.so", "libunwind-", "libprofiler.so",
                             "libtcmalloc_and_profiler.so"};
  const std::string file = file_name(module.path);
  return std::any_of(names.begin(), names.end(),
                     [&](const char *each) { return file.starts_with(each); });
}

}  // namespace

probe_result probe_own_symbols(symbols &names) {
  const auto own = reinterpret_cast<std::uintptr_t>(&probe_own_symbols);
  return judge_place("symbols", "the program", find_function(own, names));
}

probe_result probe_strategy_symbols(std::uintptr_t process, symbols &names) {
  return judge_place("strategy symbols", "the strategy", find_function(process, names));
}

probe_result judge_place(std::string name, const std::string &module, const source_place &place) {
  if (place.function.empty()) {
    return unmet(std::move(name),
                 "no name for a function of " + module + " (" + describe(place) + "): stripped",
                 "build it with -g and do not strip it, or install its debug symbols below "
                 "/usr/lib/debug");
  }
  if (place.line == 0) {
    return warned(std::move(name),
                  "functions of " + module + " have names but no lines (" + place.function + ")",
                  "build it with -g (-g1 is enough) and do not strip it");
  }
  return passed(std::move(name),
                "functions of " + module + " have names and lines: " + describe(place));
}

probe_result judge_replaced_files(std::string_view maps) {
  constexpr auto name = "files of code";
  std::vector<std::string> replaced;
  while (!maps.empty()) {
    const std::string path(replaced_code(take_line(maps)));
    if (path.empty() || std::find(replaced.begin(), replaced.end(), path) != replaced.end())
      continue;
    replaced.push_back(path);
  }
  if (replaced.empty()) return passed(name, "none was replaced since it was loaded");
  return warned(name,
                metrics::counted(replaced.size(), "file") +
                    " replaced or deleted on disk: " + replaced.front(),
                "start again; names may be missing, and jeprof would take them from the new file");
}

probe_result judge_unwinder(const std::vector<loaded_module> &modules,
                            const std::string &unwinder) {
  constexpr auto name = "unwinder";
  const auto found = std::find_if(modules.begin(), modules.end(), hijacks_unwinding);
  if (found != modules.end()) {
    return unmet(name,
                 found->path +
                     " is loaded: it takes over C++ exceptions, and deadlocks when "
                     "stacks are read while a library is opened",
                 "do not link the strategy with it, nor with gperftools, nor preload it "
                 "(LD_PRELOAD)");
  }
  return passed(name, file_name(unwinder) + ", no libunwind or libprofiler is loaded");
}

std::string find_unwinder() {
  Dl_info found{};
  const auto *const function = reinterpret_cast<const void *>(&_Unwind_Backtrace);
  if (dladdr(function, &found) == 0 || found.dli_fname == nullptr) return "unknown";
  return found.dli_fname;
}

}  // namespace taskworker::profiling
