// SPDX-License-Identifier: MIT
#include "profiling/symbols/demangle.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>

namespace taskworker::profiling {
namespace {

bool drop_suffix(std::string_view &text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

void drop_qualifiers(std::string_view &text) {
  while (drop_suffix(text, " const") || drop_suffix(text, " volatile") ||
         drop_suffix(text, " &&") || drop_suffix(text, " &")) {
  }
}

void drop_parameters(std::string_view &text) {
  if (!text.ends_with(')')) return;
  std::size_t depth = 0;
  for (std::size_t i = text.size(); i-- > 0;) {
    if (text[i] == ')') ++depth;
    if (text[i] == '(' && --depth == 0) {
      text = text.substr(0, i);
      return;
    }
  }
}

// Only instances of templates have their return type in the symbol. Operators are left
// alone: the spaces and angle brackets of their names say nothing of a type.
void drop_return_type(std::string_view &text) {
  if (!text.ends_with('>') || text.find("operator") != text.npos) return;
  std::size_t depth = 0;
  for (std::size_t i = text.size(); i-- > 0;) {
    const char c = text[i];
    if (c == '>' || c == ')' || c == '}') ++depth;
    if (c == '<' || c == '(' || c == '{') --depth;
    if (c == ' ' && depth == 0) {
      text.remove_prefix(i + 1);
      return;
    }
  }
}

}  // namespace

std::string_view strip_signature(std::string_view demangled) {
  std::string_view text = demangled.substr(0, demangled.find(" [clone "));
  drop_qualifiers(text);
  drop_parameters(text);
  drop_return_type(text);
  return text;
}

// ".symtab" of a library may carry it: "dlopen@@GLIBC_2.34".
std::string_view strip_version(std::string_view symbol) {
  return symbol.substr(0, symbol.find('@'));
}

std::string demangle_function(const char *symbol) {
  const std::string name(strip_version(symbol));
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> demangled{
      abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), &std::free};
  // A name of C may end in ".cold", too; one that starts with a dot is no function's.
  if (!name.starts_with("_Z") || demangled == nullptr) return name.substr(0, name.find('.', 1));
  return std::string(strip_signature(demangled.get()));
}

}  // namespace taskworker::profiling
