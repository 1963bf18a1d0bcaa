// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "compare/explanation.hpp"
#include "compare/result.hpp"

namespace taskworker::compare {

/// The report as one page that asks the network for nothing: what decides and how sure that is,
/// all samples drawn, threads, jobs and memory over time, where the strategies differ (a
/// differential flame graph and the functions that changed most), and the commands that make it
/// again. The tables stand in it as text; the drawings are made by its script from the data that
/// it carries (report_page/model.js tells their shape). Takes the profiles out of `why`.
[[nodiscard]] std::string as_html(const comparison_result &result, explanation why);

}  // namespace taskworker::compare
