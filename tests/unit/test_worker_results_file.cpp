// SPDX-License-Identifier: MIT
#include "worker/results_file.hpp"

#include <sys/resource.h>

#include <csignal>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "temporary_file.hpp"

using namespace taskworker::worker;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

namespace {

taskworker_task make_task(std::uint64_t id, std::uint32_t operation) {
  taskworker_task task{};
  task.id = id;
  task.operation = operation;
  return task;
}

taskworker_result make_scalar(std::int64_t value) {
  taskworker_result result{};
  result.scalar = value;
  return result;
}

taskworker_result make_array(std::string &data) {
  taskworker_result result{};
  result.kind = TASKWORKER_ARRAY;
  result.data = data.data();
  result.data_size = data.size();
  return result;
}

std::string read_file(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The file of two results: a scalar of task 0, and of task 6 an array of 100 bytes.
std::string small_file() {
  const temporary_folder folder;
  std::string data(100, 'x');
  results_writer writer(folder / "file", "built-in");
  writer.add(make_task(6, 2), make_array(data));
  writer.add(make_task(0, 0), make_scalar(-5));
  writer.finish();
  return read_file(folder / "file");
}

/// Why a file of this text is refused, without its name.
std::string refusal_of(const std::string &text) {
  const auto tasks = make_builtin_workload(1);
  const temporary_file file(text);
  const std::string begin = "cannot use the results in '" + file.path() + "': ";
  try {
    const expected_results read(file.path(), *tasks);
    return "";
  } catch (const results_file_error &error) {
    CHECK_THAT(error.what(), StartsWith(begin));
    return error.what() + begin.size();
  }
}

/// The same text with another number at a place.
template <typename Number>
std::string altered(std::string text, std::size_t at, Number number) {
  std::memcpy(text.data() + at, &number, sizeof number);
  return text;
}

// Of small_file().
constexpr std::size_t first_record = 64;
constexpr std::size_t second_record = 64 + 64 + 128;
constexpr std::size_t end_record = second_record + 64;
constexpr std::size_t size_at = 16;
constexpr std::size_t operation_at = 24;

}  // namespace

TEST_CASE("a run that is cut off leaves what was added, and a file that says so",
          "[worker_results_file]") {
  const temporary_folder folder;
  results_writer writer(folder / "file", "built-in");
  writer.add(make_task(0, 0), make_scalar(7));
  CHECK(writer.cut_off() == 1);
  writer.add(make_task(1, 0), make_scalar(8));
  CHECK(writer.cut_off() == 1);
  writer.finish();
  CHECK(std::filesystem::file_size(folder / "file") == 2 * 64);
  const auto tasks = make_builtin_workload(10);
  CHECK_THROWS_WITH(expected_results(folder / "file", *tasks),
                    EndsWith("it is cut off after 1 results"));
}

TEST_CASE("what was written is expected, and nothing else", "[worker_results_file]") {
  const auto tasks = make_builtin_workload(1);
  const temporary_file file(small_file());
  const expected_results expected(file.path(), *tasks);
  std::string data(100, 'x');
  CHECK(expected.check(make_task(0, 0), make_scalar(-5)));
  CHECK(expected.check(make_task(6, 2), make_array(data)));

  const auto words = [&](const taskworker_task &task, const taskworker_result &result) {
    REQUIRE_FALSE(expected.check(task, result));
    return expected.describe_mismatch(task, result);
  };
  CHECK(words(make_task(0, 0), make_scalar(5)) == "got 5, " + file.path() + " has -5");
  CHECK(words(make_task(1, 1), make_scalar(-5)) == file.path() + " has none of this task");
  CHECK(words(make_task(7, 1), make_scalar(-5)) == file.path() + " has none of this task");
  CHECK(words(make_task(0, 1), make_scalar(-5)) ==
        file.path() + " has operation 0 of this task, not 1");
  CHECK(words(make_task(6, 2), make_scalar(0)) == "not equal to that of " + file.path());
  data[99] = 'y';
  CHECK(words(make_task(6, 2), make_array(data)) == "not equal to that of " + file.path());
}

TEST_CASE("a path is told in one line", "[worker_results_file]") {
  const auto tasks = make_builtin_workload(1);
  const temporary_folder folder;
  const expected_results expected(folder.write("a\nb", small_file()), *tasks);
  CHECK(expected.describe_mismatch(make_task(1, 1), make_scalar(0)) ==
        folder.path() + "/a b has none of this task");
}

TEST_CASE("a file may have no results, or many of any size from many threads",
          "[worker_results_file]") {
  constexpr std::uint64_t each = 5000;
  const auto tasks = make_builtin_workload(1);
  const auto data_of = [](std::uint64_t id) {
    return std::string(id * 37 % 500, static_cast<char>(id));
  };
  const temporary_folder folder;
  results_writer writer(folder / "file", "built-in");
  std::latch all_there(4);
  std::vector<std::thread> threads;
  for (std::uint64_t first = 0; first < 4; ++first) {
    threads.emplace_back([&, first] {
      all_there.arrive_and_wait();
      for (std::uint64_t id = first; id < 4 * each; id += 4) {
        std::string data = data_of(id);
        writer.add(make_task(id, 2), make_array(data));
      }
    });
  }
  for (auto &thread : threads) thread.join();
  std::string longer_than_the_buffer(3'000'001, 'z');
  writer.add(make_task(4 * each, 3), make_array(longer_than_the_buffer));
  writer.finish();

  const expected_results expected(folder / "file", *tasks);
  for (std::uint64_t id = 0; id < 4 * each; ++id) {
    std::string data = data_of(id);
    REQUIRE(expected.check(make_task(id, 2), make_array(data)));
  }
  CHECK(expected.check(make_task(4 * each, 3), make_array(longer_than_the_buffer)));

  results_writer(folder / "empty", "built-in").finish();
  CHECK_FALSE(expected_results(folder / "empty", *tasks).check(make_task(0, 0), make_scalar(0)));
}

namespace {

const char *const names[] = {"only"};

taskworker_status make_nothing(std::uint64_t, std::uint64_t, void *, std::uint64_t,
                               std::uint64_t *size, taskworker_operation *operation) {
  *size = *operation = 0;
  return TASKWORKER_OK;
}

bool has_sound_copy = false;

/// Equal lengths are enough; looks at what it is given.
std::int32_t has_equal_size(const taskworker_task *task, const taskworker_result *a,
                            const taskworker_result *b) {
  has_sound_copy = task->id == 3 && a->scalar == 7 && a->kind == TASKWORKER_ARRAY &&
                   reinterpret_cast<std::uintptr_t>(a->data) % 64 == 0 &&
                   std::string(static_cast<const char *>(a->data), a->data_size) == "abc" &&
                   a->info_size == 0;
  return a->data_size == b->data_size ? 1 : 0;
}

}  // namespace

TEST_CASE("a workload's own equality decides, on data aligned as ever", "[worker_results_file]") {
  const taskworker_workload extension{"own", names, 1, make_nothing, nullptr, has_equal_size};
  const auto tasks = make_strategy_workload(extension, 1);
  const temporary_folder folder;
  std::string data = "abc";
  auto kept = make_array(data);
  kept.scalar = 7;
  results_writer writer(folder / "file", tasks->name());
  writer.add(make_task(3, 0), kept);
  writer.finish();

  std::string as_long = "xyz";
  std::string longer = "abcd";
  // Memory may lie well by chance once.
  std::vector<std::unique_ptr<expected_results>> copies;
  for (int i = 0; i < 8; ++i) {
    copies.push_back(std::make_unique<expected_results>(folder / "file", *tasks));
    CHECK(copies.back()->check(make_task(3, 0), make_array(as_long)));
    CHECK(has_sound_copy);
    CHECK_FALSE(copies.back()->check(make_task(3, 0), make_array(longer)));
  }
}

TEST_CASE("a file of another kind, version or workload is refused", "[worker_results_file]") {
  const std::string other_kind = "it is not what --results of this version writes";
  CHECK(refusal_of("") == other_kind);
  CHECK(refusal_of("taskworker") == other_kind);
  CHECK(refusal_of(std::string(1000, 'x')) == other_kind);
  CHECK(refusal_of(altered(small_file(), std::strlen("taskworker.results/"), '2')) == other_kind);
  CHECK(refusal_of(altered(small_file(), std::strlen("taskworker.results/1\n"), 'B')) ==
        "it is of the workload 'Built-in', and the strategy's is 'built-in'");
}

TEST_CASE("a file that cannot be read is refused with the reason", "[worker_results_file]") {
  const auto tasks = make_builtin_workload(1);
  const temporary_folder folder;
  CHECK_THROWS_MATCHES(expected_results(folder / "no\nfile", *tasks), results_file_error,
                       Catch::Matchers::Message("cannot use the results in '" + folder.path() +
                                                "/no file': No such file or directory"));
  CHECK_THROWS_WITH(expected_results(folder.path(), *tasks),
                    EndsWith("': it is not a regular file"));
  CHECK_THROWS_WITH(expected_results("/dev/zero", *tasks), EndsWith("': it is not a regular file"));
}

TEST_CASE("a file that is cut off anywhere is refused", "[worker_results_file]") {
  const std::string whole = small_file();
  REQUIRE(whole.size() == end_record + 64);
  CHECK(refusal_of(whole).empty());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK(refusal_of(whole.substr(0, size)) != "");
  }
  CHECK(refusal_of(whole.substr(0, 70)) == "it is cut off");
  CHECK(refusal_of(whole.substr(0, end_record)) == "it is cut off after 2 results");
}

TEST_CASE("numbers that cannot be are refused", "[worker_results_file]") {
  const std::string whole = small_file();
  const auto with = [&](std::size_t at, auto number) {
    return refusal_of(altered(whole, at, number));
  };
  CHECK(with(first_record + size_at, std::uint64_t{257}) ==
        "it is cut off or damaged: of task 6 it should have 257 bytes");
  CHECK(with(first_record + size_at, UINT64_MAX) ==
        "it is cut off or damaged: of task 6 it should have 18446744073709551615 bytes");
  CHECK(with(first_record + operation_at, std::uint32_t{16}) ==
        "it is damaged: task 6 has operation 16");
  CHECK(with(second_record, std::uint64_t{6}) == "it is damaged: it has task 6 twice");
  CHECK(with(end_record, std::uint64_t{3}) == "it is damaged: it has 2 results and should have 3");
  CHECK(refusal_of(whole + std::string(64, '\0')) == "it is damaged: it goes on after its end");
  CHECK(refusal_of(whole + "x") != "");
  CHECK(with(std::strlen("taskworker.results/1\nbuilt-in"), 'x') == "it is cut off");
}

namespace {

/// While it lives, no file of this process grows beyond `bytes`.
class file_size_limit {
 public:
  explicit file_size_limit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~file_size_limit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, action_);
  }
  file_size_limit(const file_size_limit &) = delete;
  file_size_limit &operator=(const file_size_limit &) = delete;

 private:
  rlimit before_{};
  void (*const action_)(int) = std::signal(SIGXFSZ, SIG_IGN);
};

}  // namespace

TEST_CASE("a file that cannot be written is told", "[worker_results_file]") {
  const temporary_folder folder;
  CHECK_THROWS_MATCHES(results_writer(folder / "no/file", "built-in"), results_file_error,
                       Catch::Matchers::Message("cannot write the results to '" + folder.path() +
                                                "/no/file': No such file or directory"));
  std::string data(1'000'000, 'x');
  results_writer full("/dev/full", "built-in");
  full.add(make_task(0, 2), make_array(data));
  full.add(make_task(1, 2), make_array(data));
  CHECK_THROWS_MATCHES(
      full.finish(), results_file_error,
      Catch::Matchers::Message("cannot write the results to '/dev/full': No space left on device"));
  CHECK(std::filesystem::exists("/dev/full"));
}

TEST_CASE("no half of a file stays", "[worker_results_file]") {
  const temporary_folder folder;
  std::string data(2'000'000, 'x');
  results_writer writer(folder / "file", "built-in");
  {
    const file_size_limit limit(1'000'000);
    writer.add(make_task(0, 2), make_array(data));
  }
  writer.add(make_task(1, 2), make_array(data));
  REQUIRE(std::filesystem::exists(folder / "file"));
  CHECK_THROWS_WITH(writer.finish(), EndsWith("': File too large"));
  CHECK_FALSE(std::filesystem::exists(folder / "file"));
}
