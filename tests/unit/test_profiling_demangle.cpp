// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "profiling/symbols/demangle.hpp"

using taskworker::profiling::demangle_function;
using taskworker::profiling::strip_signature;

TEST_CASE("symbols become names without a signature", "[profiling_demangle]") {
  CHECK(demangle_function("_ZN2ns3fooEi") == "ns::foo");
  CHECK(demangle_function("_ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_StateE"
                          "St14default_deleteIS1_EEPFvvE") == "std::thread::_M_start_thread");
  CHECK(demangle_function("_ZN12_GLOBAL__N_13fooEv") == "(anonymous namespace)::foo");
}

TEST_CASE("a compiler's suffix is dropped", "[profiling_demangle]") {
  CHECK(demangle_function("_ZN2ns3fooEi.cold") == "ns::foo");
  CHECK(demangle_function("start_helper.constprop.0") == "start_helper");
}

TEST_CASE("a symbol's version is dropped", "[profiling_demangle]") {
  CHECK(demangle_function("dlopen@@GLIBC_2.34") == "dlopen");
  CHECK(demangle_function("_ZN2ns3fooEi@NS_1.0") == "ns::foo");
}

TEST_CASE("names that are not mangled stay", "[profiling_demangle]") {
  CHECK(demangle_function("main") == "main");
  CHECK(demangle_function("i") == "i");  // also the mangled name of a type
  CHECK(demangle_function("_Zbroken") == "_Zbroken");
  CHECK(demangle_function("").empty());
}

TEST_CASE("qualifiers and parameters are stripped", "[profiling_demangle]") {
  CHECK(strip_signature("ns::type::get() const") == "ns::type::get");
  CHECK(strip_signature("ns::type::take(int) const volatile &&") == "ns::type::take");
  CHECK(strip_signature("run(void (*)(int), int)") == "run");
  CHECK(strip_signature("ns::type::operator()(int)") == "ns::type::operator()");
  CHECK(strip_signature("run(int)::{lambda(int)#1}::operator()(int) const") ==
        "run(int)::{lambda(int)#1}::operator()");
}

TEST_CASE("a template's return type is stripped", "[profiling_demangle]") {
  CHECK(strip_signature("void ns::run<int>(int)") == "ns::run<int>");
  CHECK(strip_signature("std::vector<int, std::allocator<int> > make<unsigned long>(int)") ==
        "make<unsigned long>");
  CHECK(strip_signature("void (anonymous namespace)::run<int>()") ==
        "(anonymous namespace)::run<int>");
  CHECK(strip_signature("ns::type::operator unsigned long() const") ==
        "ns::type::operator unsigned long");
}

TEST_CASE("what is no signature is left alone", "[profiling_demangle]") {
  CHECK(strip_signature("").empty());
  CHECK(strip_signature("main") == "main");
  CHECK(strip_signature("broken)") == "broken)");
}
