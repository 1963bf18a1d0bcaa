// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "http/message.hpp"
#include "profiling/symbols/symbols.hpp"

namespace taskworker::endpoints {

/// Answers as /pprof/symbol of gperftools does: "num_symbols: 1" (there are symbols), then
/// "0xADDRESS NAME" for each address of `asked`, which has them joined by '+' or blanks, as
/// hexadecimal numbers with or without 0x. Functions that the compiler put in line stand
/// before the one around them, joined by "--"; of a function without a name the module and
/// offset. Words that are no address, and addresses of no module, are left out.
[[nodiscard]] std::string look_up_symbols(std::string_view asked, profiling::symbols &names);

/// The program's arguments, each but the last followed by a 0 byte, as Go and jeprof want
/// them.
[[nodiscard]] http::response serve_command_line();

}  // namespace taskworker::endpoints
