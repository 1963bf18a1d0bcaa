// SPDX-License-Identifier: MIT
#include "endpoints/index_page.hpp"

#include <numeric>
#include <string_view>

#include "profiling/contention/contention.hpp"
#include "profiling/format/html_text.hpp"
#include "profiling/format/measured_value.hpp"
#include "profiling/heap/heap.hpp"

namespace taskworker::endpoints {
namespace {

using profiling::escape_html;

constexpr std::string_view style = R"css(
:root { color-scheme: light dark; --line: #8886; --quiet: #666; }
@media (prefers-color-scheme: dark) { :root { --quiet: #aaa; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
section { border-top: 1px solid var(--line); padding: .8rem 0; }
h3 { font-size: 1rem; margin: 0; display: inline; }
.now { float: right; color: var(--quiet); margin-left: 1rem; }
p { margin: .3rem 0; } nav a { margin-right: 1rem; }
code { font: 14px/1.5 ui-monospace, monospace; user-select: all; overflow-wrap: anywhere; }
form { display: inline; margin-right: 1rem; }
button { font: inherit; }
)css";

std::string link(const std::string &target, std::string_view text) {
  return "<a href=\"" + target + "\">" + std::string(text) + "</a>\n";
}

// "41.4 MiB in 214 places".
std::string amount_of(const profile_kind &kind) {
  const auto now = kind.read({});
  const std::int64_t sum = std::accumulate(
      now.samples.begin(), now.samples.end(), std::int64_t{0},
      [&](auto all, const auto &sample) { return all + sample.values[kind.table_column]; });
  const auto places = static_cast<std::int64_t>(now.samples.size());
  return profiling::format_value(sum, now.sample_types[kind.table_column].unit) + " in " +
         profiling::format_value(places, "count") + (places == 1 ? " place" : " places");
}

std::string amount_now(const profile_kind &kind) {
  if (!kind.read) return "taken when asked";
  try {
    return amount_of(kind);
  } catch (const profiling::heap_error &) {
    return "not in this process";
  }
}

std::string links_of(const profile_kind &kind) {
  const std::string name(kind.name);
  const std::string time = kind.look_back ? "last=60&amp;" : kind.begin ? "seconds=5&amp;" : "";
  const std::string with = "?" + time;
  std::string text = link("flamegraph" + with + "profile=" + name, "flame graph");
  text += link(name + with + "debug=1", kind.head ? "stacks, counted" : "table");
  text += link(name + with + "debug=2", kind.detail ? "each one" : "table and stacks");
  if (name == "heap") text += link("heap?peak=1&amp;debug=1", "table at the peak");
  if (name == "goroutine") text += link("goroutine?leaked=1&amp;debug=1", "left behind");
  if (kind.look_back) text += "(the last minute)\n";
  if (kind.begin && !kind.look_back) text += "(takes 5 s)\n";
  return text;
}

std::string section_of(const profile_kind &kind, const std::string &root) {
  const std::string time = kind.begin ? "?seconds=30" : "";
  return "<section><span class=now>" + escape_html(amount_now(kind)) + "</span><h3>" +
         std::string(kind.name) + "</h3>\n<p>" + escape_html(kind.summary) + "</p>\n<nav>" +
         links_of(kind) + "</nav>\n<p><code>go tool pprof '" + root + std::string(kind.name) +
         time + "'</code></p></section>\n";
}

std::string switch_of(const std::string &target, const std::string &what, bool is_on) {
  const std::string wanted = is_on ? "off" : "on";
  return "<form method=post action=" + target + "><button name=sampling value=" + wanted +
         ">Switch " + what + ' ' + wanted + "</button></form>\n";
}

std::string heap_switch() {
  try {
    const bool is_on = profiling::is_heap_sampling();
    return "<p>Allocations are " + std::string(is_on ? "" : "not ") +
           "sampled. What is allocated while they are not is never seen, also later: heap and "
           "allocs show less than there is.</p>\n" +
           switch_of("heap", "heap sampling", is_on);
  } catch (const profiling::heap_error &error) {
    return "<p>" + escape_html(error.what()) + "</p>\n";
  }
}

std::string contention_switch() {
  if (!profiling::contention_is_recorded()) {
    return "<p>Contention is not recorded in this build: its sanitizer brings pthread functions "
           "of its own.</p>\n";
  }
  const bool is_on = profiling::is_recording_contention();
  return "<p>Contention is " + std::string(is_on ? "" : "not ") + "recorded (mutex, block).</p>\n" +
         switch_of("contention", "contention recording", is_on);
}

std::string for_jeprof(const std::string &host) {
  return "<p><code>jeprof --text http://" + host +
         "/pprof/heap</code></p>\n"
         "<p><code>jeprof --text --seconds=5 http://" +
         host +
         "/pprof/profile</code></p>\n"
         "<p>jeprof reads heap and CPU alone, without labels: everything else here is in a form "
         "that it does not know.</p>\n";
}

constexpr std::string_view blind_spots =
    "<ul><li>profile: threads that wait. They are in wall and goroutine.</li>"
    "<li>heap, allocs: memory that is not from malloc, such as stacks of threads and mmap.</li>"
    "<li>mutex, block: futexes that are used directly (std::atomic::wait, std::latch), "
    "spinning, I/O.</li></ul>\n";

}  // namespace

http::response index_page(const std::vector<profile_kind> &kinds, const http::request &incoming,
                          const std::string &strategy) {
  const std::string host = escape_html(incoming.host);
  std::string page =
      "<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8>\n"
      "<meta name=viewport content=\"width=device-width\">\n<title>Profiles of " +
      escape_html(strategy) + "</title>\n<style>" + std::string(style) +
      "</style></head>\n<body><h1>Profiles of " + escape_html(strategy) + "</h1>\n";
  for (const auto &kind : kinds) page += section_of(kind, "http://" + host + "/debug/pprof/");
  page += "<h2>With jeprof</h2>\n" + for_jeprof(host) + "<h2>Switches</h2>\n" + heap_switch() +
          contention_switch() + "<h2>What is not seen</h2>\n" + std::string(blind_spots) +
          "</body></html>\n";
  return {.content_type = "text/html; charset=utf-8", .body = std::move(page)};
}

}  // namespace taskworker::endpoints
