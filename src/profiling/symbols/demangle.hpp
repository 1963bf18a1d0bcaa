// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace taskworker::profiling {

/// The name of a function as a person reads it, from the name of its ELF symbol:
/// demangled, without parameters, return type, symbol version ("@GLIBC_2.34") and the
/// compiler's own suffixes (".cold", ".constprop.0"). What is not mangled stays as it is.
/// [thread-safe]
[[nodiscard]] std::string demangle_function(const char *symbol);

/// A symbol without its version. [thread-safe]
[[nodiscard]] std::string_view strip_version(std::string_view symbol);

/// What demangle_function makes of a name that is demangled already:
/// "int ns::f<int>(int) const [clone .cold]" is "ns::f<int>". [thread-safe]
[[nodiscard]] std::string_view strip_signature(std::string_view demangled);

}  // namespace taskworker::profiling
