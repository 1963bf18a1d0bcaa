// SPDX-License-Identifier: MIT
// A query: taken apart, and read as that of a profile and as addresses.
#include "http/query.hpp"

#include <string>
#include <string_view>
#include <variant>

#include "endpoints/profile_query.hpp"
#include "endpoints/symbol_lookup.hpp"
#include "expect.hpp"

namespace {

using namespace taskworker;

std::string encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    encoded += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  return encoded;
}

void check_round_trip(const std::vector<http::parameter> &query) {
  std::string text;
  for (const auto &[key, value] : query) text += encode(key) + '=' + encode(value) + '&';
  const auto again = http::parse_query(text);
  expect(again && again->size() == query.size(), "what was parsed can be written");
  for (std::size_t i = 0; i < query.size(); ++i) {
    expect((*again)[i].key == query[i].key && (*again)[i].value == query[i].value,
           "and is the same when read");
  }
}

void check_profile_query(std::vector<http::parameter> query) {
  constexpr unsigned max_hz = 250;
  http::request incoming;
  incoming.query = std::move(query);
  const auto read = endpoints::read_profile_query(
      incoming, {{"seconds", "last", "hz", "debug", "leaked", "peak"}, max_hz});
  if (const auto *refusal = std::get_if<http::response>(&read)) {
    return expect(refusal->status == 400, "a wrong query is a 400");
  }
  const auto &asked = std::get<endpoints::profile_query>(read);
  const auto is_within = [](const auto &time, std::chrono::seconds longest) {
    return !time || (time->count() >= 1 && *time <= longest);
  };
  expect(is_within(asked.seconds, asked.longest) && is_within(asked.last, asked.longest_last),
         "times within their bounds");
  expect(!asked.hz || (*asked.hz >= 1 && *asked.hz <= max_hz), "a rate within its bounds");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size) {
  static profiling::symbols names;
  const std::string_view text(reinterpret_cast<const char *>(data), size);
  expect(endpoints::look_up_symbols(text, names).starts_with("num_symbols: 1\n"),
         "an answer of symbols has its head");
  const auto query = http::parse_query(text);
  if (!query) return 0;
  check_round_trip(*query);
  check_profile_query(*query);
  return 0;
}
