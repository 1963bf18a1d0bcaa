// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "profiling/format/html_text.hpp"

using taskworker::profiling::escape_html;

TEST_CASE("what has a meaning in HTML is written as text", "[profiling_html_text]") {
  CHECK(escape_html("std::vector<int>") == "std::vector&lt;int&gt;");
  CHECK(escape_html("a & \"b\"") == "a &amp; &quot;b&quot;");
  CHECK(escape_html("</script>") == "&lt;/script&gt;");
  CHECK(escape_html("") == "");
}
