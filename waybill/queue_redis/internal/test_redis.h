// TestRedis: a Redis server of a test's own, on a free port of loopback, with a folder of its own;
// gone when its object is, and when the test is.
#pragma once

#include <cstdint>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hiredis/hiredis.h>
#include <signal.h>

#include <waybill/queue/internal/test_directory.h>
#include <waybill/queue_redis/internal/redis_connection.h>

#include "tests/support/port.h"
#include "tests/support/process.h"

#ifndef REDIS_SERVER
#define REDIS_SERVER "/usr/bin/redis-server"
#define SETPRIV "/usr/bin/setpriv"
#endif

namespace waybill::queue::internal {

class TestRedis {
 public:
  // More than what is said in start().
  explicit TestRedis(std::vector<std::string> options = {}) : options_(std::move(options)) {
    constexpr int kAttempts = 10;  // to find a free port
    for (int i = 0; i < kAttempts; ++i) {
      port_ = test::some_port();
      if (start()) return;
    }
    throw std::runtime_error("Redis does not run: " + log());
  }

  std::uint16_t port() const noexcept { return port_; }
  std::string url(const std::string& queue, const std::string& more = "") const {
    return "redis://127.0.0.1:" + std::to_string(port_) + "?queue=" + queue + more;
  }

  // As a crash does it; what is written to the disk stays.
  void kill() {
    process_->send_signal(SIGKILL);
    process_->wait();
  }
  void send_signal(int signal) { process_->send_signal(signal); }
  void restart() {
    if (!start()) throw std::runtime_error("Redis does not run again: " + log());
  }

  // As another program would ask. Null when that fails.
  RedisReply ask(const std::vector<std::string>& command) const {
    redisContext* context = redisConnect("127.0.0.1", port_);
    std::vector<const char*> words;
    std::vector<std::size_t> sizes;
    for (const std::string& word : command) {
      words.push_back(word.data());
      sizes.push_back(word.size());
    }
    RedisReply reply(static_cast<redisReply*>(
        redisCommandArgv(context, static_cast<int>(words.size()), words.data(), sizes.data())));
    redisFree(context);
    return reply;
  }
  // Its text, if that is what it is.
  std::string ask_text(const std::vector<std::string>& command) const {
    const RedisReply reply = ask(command);
    return reply == nullptr ? "nothing" : std::string(text_of(*reply));
  }
  long long ask_number(const std::vector<std::string>& command) const {
    const RedisReply reply = ask(command);
    return reply == nullptr ? -1 : reply->integer;
  }

 private:
  std::string log() const {
    return (std::ostringstream() << std::ifstream(directory_.file("log")).rdbuf()).str();
  }

  bool start() {
    std::vector<std::string> command{SETPRIV,         "--pdeathsig",
                                     "KILL",          REDIS_SERVER,
                                     "--port",        std::to_string(port_),
                                     "--bind",        "127.0.0.1",
                                     "--dir",         directory_.file(""),
                                     "--save",        "",
                                     "--appendonly",  "yes",
                                     "--appendfsync", "always"};
    command.insert(command.end(), options_.begin(), options_.end());
    process_.emplace(std::move(command), directory_.file("log"));
    // Somebody else's server may answer on a port that ours did not get.
    const auto is_ours = [&] {
      return ask_text({"CONFIG", "GET", "dir"}) != "nothing" &&
             log().find("Ready to accept connections") != std::string::npos;
    };
    constexpr int kSeconds = 60;
    test::eventually([&] { return is_ours() || !process_->running(); }, kSeconds);
    return process_->running() && is_ours();
  }

  TestDirectory directory_;
  std::vector<std::string> options_;
  std::uint16_t port_ = 0;
  std::optional<test::Process> process_;
};

}  // namespace waybill::queue::internal
