// SPDX-License-Identifier: MIT
#include "cli/token_file.hpp"

#include <sys/stat.h>

#include "catch.hpp"
#include "cli/error.hpp"
#include "temporary_file.hpp"

using namespace taskworker::cli;

namespace {

constexpr char sixteen[] = "0123456789abcdef";

class token_fixture {
 public:
  std::string write(const std::string &text, mode_t mode = 0600) const {
    std::string path = folder_.write("token", text);
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    return path;
  }
  std::string refusal(const std::string &path) const {
    try {
      return "read as " + read_token_file("--token-file", path);
    } catch (const file_error &error) {
      return error.what();
    }
  }
  std::string path(const std::string &name) const { return folder_ / name; }

 private:
  temporary_folder folder_;
};

}  // namespace

TEST_CASE_METHOD(token_fixture, "white space around a token is left out", "[cli_token_file]") {
  const auto text = GENERATE(as<std::string>(), "0123456789abcdef", "0123456789abcdef\n",
                             "\n\t 0123456789abcdef \r\n\n");
  CHECK(read_token_file("--token-file", write(text)) == sixteen);
}

TEST_CASE_METHOD(token_fixture, "a token is long enough to be no guess", "[cli_token_file]") {
  const std::string wrong = " has a token of the wrong length; expected 16 to 1024 characters";
  for (const std::string &text :
       {std::string(), std::string("\n"), std::string("0123456789abcde\n"),
        std::string("0123456789abcde            "), std::string(1025, 'a'),
        std::string(100'000, 'a')}) {
    const auto path = write(text);
    CHECK(refusal(path) == "--token-file: " + path + wrong);
  }
  CHECK(read_token_file("--token-file", write(std::string(1024, 'a'))).size() == 1024);
}

TEST_CASE_METHOD(token_fixture, "a token fits into a header", "[cli_token_file]") {
  for (const char *text : {"0123456789 abcdef", "0123456789abcdef\n0123456789abcdef",
                           "0123456789abcdef\x01z", "0123456789abcdef\xc3\xa9"}) {
    const auto path = write(text);
    CHECK(refusal(path) == "--token-file: " + path +
                               " has a token that no header can carry; expected one line of "
                               "letters, digits and signs");
  }
}

TEST_CASE_METHOD(token_fixture, "a token file is not for everyone", "[cli_token_file]") {
  for (const mode_t mode : {0604u, 0602u, 0644u, 0666u}) {
    const auto path = write(sixteen, mode);
    CHECK(refusal(path) == "--token-file: " + path + " is open to everyone; chmod 600 " + path);
  }
  CHECK(read_token_file("--token-file", write(sixteen, 0640)) == sixteen);
}

TEST_CASE_METHOD(token_fixture, "a token file that cannot be read is named", "[cli_token_file]") {
  CHECK(refusal(path("absent")) ==
        "--token-file: " + path("absent") + " cannot be read: No such file or directory");
  CHECK(refusal(path("")) == "--token-file: " + path("") + " is a folder; name a file");
}
