// SPDX-License-Identifier: MIT
#include "program.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "catch.hpp"

namespace {

std::string path_of_taskworker() {
  const char *path = std::getenv("TASKWORKER");
  if (path == nullptr) throw std::runtime_error("TASKWORKER is not set: run by meson test");
  return path;
}

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe failed");
  return ends;
}

}  // namespace

struct program::state {
  pid_t pid = 0;
  bool reaped = false;
  std::mutex mutex;
  std::condition_variable changed;
  std::string out;
  std::string err;
  bool err_ended = false;
  std::thread out_reader;
  std::thread err_reader;
  std::thread writer;

  void read(int fd, std::string &into, bool *ended) {
    std::array<char, 4096> chunk;
    for (ssize_t got; (got = ::read(fd, chunk.data(), chunk.size())) > 0;) {
      const std::lock_guard lock(mutex);
      into.append(chunk.data(), static_cast<std::size_t>(got));
      changed.notify_all();
    }
    ::close(fd);
    const std::lock_guard lock(mutex);
    if (ended != nullptr) *ended = true;
    changed.notify_all();
  }

  void join() {
    for (auto *thread : {&out_reader, &err_reader, &writer}) {
      if (thread->joinable()) thread->join();
    }
  }
};

program::program(const std::vector<std::string> &arguments, const std::string &input,
                 const std::vector<std::string> &environment, const std::string &folder)
    : state_(new state) {
  ::signal(SIGPIPE, SIG_IGN);
  const auto in = make_pipe();
  const auto out = make_pipe();
  const auto err = make_pipe();
  const std::string path = path_of_taskworker();
  std::vector<char *> argv = {const_cast<char *>("taskworker")};
  for (const auto &argument : arguments) argv.push_back(const_cast<char *>(argument.c_str()));
  argv.push_back(nullptr);

  state_->pid = ::fork();
  if (state_->pid == 0) {
    ::dup2(in[0], STDIN_FILENO);
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(err[1], STDERR_FILENO);
    ::signal(SIGPIPE, SIG_DFL);
    if (!folder.empty() && ::chdir(folder.c_str()) != 0) ::_exit(126);
    for (const auto &variable : environment) ::putenv(const_cast<char *>(variable.c_str()));
    ::execv(path.c_str(), argv.data());
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  ::close(err[1]);
  state_->out_reader = std::thread([this, fd = out[0]] { state_->read(fd, state_->out, nullptr); });
  state_->err_reader =
      std::thread([this, fd = err[0]] { state_->read(fd, state_->err, &state_->err_ended); });
  state_->writer = std::thread([input, fd = in[1]] {
    for (std::size_t sent = 0; sent < input.size();) {
      const ssize_t more = ::write(fd, input.data() + sent, input.size() - sent);
      if (more <= 0) break;
      sent += static_cast<std::size_t>(more);
    }
    ::close(fd);
  });
}

program::~program() {
  if (!state_->reaped) {
    ::kill(state_->pid, SIGKILL);
    ::waitpid(state_->pid, nullptr, 0);
  }
  state_->join();
  delete state_;
}

std::string program::wait_for_err(const std::string &text) {
  std::unique_lock lock(state_->mutex);
  state_->changed.wait(
      lock, [&] { return state_->err.find(text) != std::string::npos || state_->err_ended; });
  INFO("standard error: " << state_->err);
  REQUIRE(state_->err.find(text) != std::string::npos);
  return state_->err;
}

void program::send(int signal) const { ::kill(state_->pid, signal); }

outcome program::wait() {
  int status = 0;
  ::waitpid(state_->pid, &status, 0);
  state_->reaped = true;
  state_->join();
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, WIFSIGNALED(status) ? WTERMSIG(status) : 0,
          state_->out, state_->err};
}

outcome run(const std::vector<std::string> &arguments, const std::string &input) {
  return program(arguments, input).wait();
}

std::string http_get(int port, const std::string &path, int *status) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0);
  const std::string request =
      "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  REQUIRE(::write(fd, request.data(), request.size()) == static_cast<ssize_t>(request.size()));
  std::string answer;
  std::array<char, 4096> chunk;
  for (ssize_t got; (got = ::read(fd, chunk.data(), chunk.size())) > 0;) {
    answer.append(chunk.data(), static_cast<std::size_t>(got));
  }
  ::close(fd);
  REQUIRE(answer.starts_with("HTTP/1.1 "));
  if (status != nullptr) *status = std::stoi(answer.substr(9, 3));
  return answer.substr(answer.find("\r\n\r\n") + 4);
}

int announced_port(const std::string &err) {
  const std::string before = "http://127.0.0.1:";
  const std::size_t at = err.find(before);
  REQUIRE(at != std::string::npos);
  return std::stoi(err.substr(at + before.size()));
}
