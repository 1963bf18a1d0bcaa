// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/ext/options.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "strategy/word.hpp"

namespace taskworker::strategy {

/// Checks `given` against what a strategy declares and fills in the defaults:
/// one value for each declared option, in the order of declaration; of an option
/// given twice, the last one holds. `strategy_name` is for error texts. Throws
/// word_error for an unknown option (naming the known ones) and for a value that
/// the declaration does not allow (naming what it allows).
[[nodiscard]] std::vector<given_option> resolve_options(const taskworker_options &declared,
                                                        std::span<const given_option> given,
                                                        const std::string &strategy_name);

/// True when `value` is one that the declaration allows. Numbers are decimal,
/// without spaces, '+' or suffix; a set names each of its choices once at most.
[[nodiscard]] bool allows(const taskworker_option &declared, std::string_view value);

/// The choices of an option; empty for types without.
[[nodiscard]] std::vector<std::string> choices_of(const taskworker_option &declared);

/// What a declared option takes, for people: "integer, 1 to 1000", "some of
/// leak,capacity,alloc, or none".
[[nodiscard]] std::string describe_type(const taskworker_option &option);

/// The options with their types, defaults and summaries, as --help-strategy shows
/// them below what the strategy says of itself (describe() in library.hpp); at
/// most 80 columns.
[[nodiscard]] std::string describe_options(const taskworker_options &declared);

}  // namespace taskworker::strategy
