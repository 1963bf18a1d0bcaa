// SPDX-License-Identifier: MIT
#pragma once

#include <dlfcn.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

/// Line tables alone, as -g1 asks for, hold where a function starts when GCC writes them.
#ifdef __clang__
inline constexpr bool has_start_lines = false;
#else
inline constexpr bool has_start_lines = true;
#endif

/// Path of a library of tests/unit/symbol_modules.
inline std::filesystem::path symbol_module(const std::string &name) {
  const char *const folder = std::getenv("TASKWORKER_TEST_SYMBOL_MODULES");
  if (folder == nullptr) throw std::runtime_error("TASKWORKER_TEST_SYMBOL_MODULES is not set");
  return std::filesystem::path(folder) / (name + ".so");
}

/// A library that is mapped as long as the object lives.
class loaded_library {
 public:
  explicit loaded_library(const std::string &path)
      : handle_(::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (handle_ == nullptr) throw std::runtime_error(::dlerror());
  }
  ~loaded_library() { ::dlclose(handle_); }
  loaded_library(const loaded_library &) = delete;
  loaded_library &operator=(const loaded_library &) = delete;

  /// An address as a call in that function leaves it on the stack.
  [[nodiscard]] std::uintptr_t call_in(const char *function) const {
    void *const start = ::dlsym(handle_, function);
    if (start == nullptr) throw std::runtime_error(::dlerror());
    return reinterpret_cast<std::uintptr_t>(start) + 1;
  }

 private:
  void *handle_;
};
