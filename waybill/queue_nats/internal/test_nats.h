// TestNats: a NATS server with JetStream of a test's own, on a free port of loopback, with a folder
// of its own; gone when its object is, and when the test is. TestNatsCluster: three of them.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nats/nats.h>
#include <signal.h>

#include <waybill/queue/internal/test_directory.h>

#include "tests/support/port.h"
#include "tests/support/process.h"

#ifndef NATS_SERVER
#define NATS_SERVER "/usr/sbin/nats-server"
#define SETPRIV "/usr/bin/setpriv"
#endif

namespace waybill::queue::internal {

class TestNats {
 public:
  // More lines of its configuration.
  explicit TestNats(std::string options = "") : options_(std::move(options)) {
    constexpr int kAttempts = 10;  // to find a free port
    for (int i = 0; i < kAttempts; ++i) {
      port_ = test::some_port();
      if (start() && is_ready()) return;
    }
    throw std::runtime_error("NATS does not run: " + log());
  }
  // One of a cluster, not waited for.
  TestNats(std::uint16_t port, std::string options) : options_(std::move(options)), port_(port) {
    start();
  }

  std::uint16_t port() const noexcept { return port_; }
  std::string url(const std::string& queue, const std::string& more = "") const {
    return "nats://127.0.0.1:" + std::to_string(port_) + "?queue=" + queue + more;
  }

  // As a crash does it; what is written to the disk stays.
  void kill() {
    process_->send_signal(SIGKILL);
    process_->wait();
  }
  // In good order.
  void stop() {
    process_->send_signal(SIGTERM);
    process_->wait();
  }
  // From its return on, it does nothing until thaw().
  void freeze() {
    process_->send_signal(SIGSTOP);
    const std::filesystem::path tasks = "/proc/" + std::to_string(process_->pid()) + "/task";
    const auto is_stopped = [](const std::filesystem::directory_entry& task) {
      const auto text = (std::ostringstream() << std::ifstream(task.path() / "stat").rdbuf()).str();
      return text.find(") T ") != std::string::npos;
    };
    constexpr int kSeconds = 60;
    test::eventually(
        [&] { return std::ranges::all_of(std::filesystem::directory_iterator(tasks), is_stopped); },
        kSeconds);
  }
  void thaw() { process_->send_signal(SIGCONT); }
  void restart() {
    if (!start() || !is_ready()) throw std::runtime_error("NATS does not run again: " + log());
  }

  bool is_ready() {
    constexpr int kSeconds = 60;
    const auto says_so = [&] { return log().find("Server is ready") != std::string::npos; };
    test::eventually([&] { return says_so() || !process_->running(); }, kSeconds);
    return process_->running() && says_so();
  }
  bool start() {
    const std::string config = directory_.file("config");
    std::ofstream(config) << "listen: \"127.0.0.1:" << port_ << "\"\nmax_payload: 8MB\n"
                          << "jetstream { store_dir: \"" << directory_.file("store") << "\" }\n"
                          << options_ << '\n';
    logs_.push_back(directory_.file("log-" + std::to_string(logs_.size())));
    process_.emplace(
        std::vector<std::string>{SETPRIV, "--pdeathsig", "KILL", NATS_SERVER, "-c", config},
        logs_.back());
    return true;
  }
  // Of the last start.
  std::string log() const {
    return (std::ostringstream() << std::ifstream(logs_.back()).rdbuf()).str();
  }
  std::string file(const std::string& name) const { return directory_.file(name); }

  // As another program would ask. Empty when that fails.
  std::string ask(const std::string& subject, const std::string& body = "",
                  const std::vector<std::pair<std::string, std::string>>& headers = {}) const {
    natsConnection* connection = nullptr;
    const std::string url = "nats://127.0.0.1:" + std::to_string(port_);
    if (natsConnection_ConnectTo(&connection, url.c_str()) != NATS_OK) return "";
    natsMsg* message = nullptr;
    natsMsg_Create(&message, subject.c_str(), nullptr, body.data(), static_cast<int>(body.size()));
    for (const auto& [name, value] : headers) {
      natsMsgHeader_Add(message, name.c_str(), value.c_str());
    }
    natsMsg* reply = nullptr;
    constexpr int kMilliseconds = 10'000;
    std::string answer;
    if (natsConnection_RequestMsg(&reply, connection, message, kMilliseconds) == NATS_OK) {
      answer.assign(natsMsg_GetData(reply), static_cast<std::size_t>(natsMsg_GetDataLength(reply)));
    }
    natsMsg_Destroy(reply);
    natsMsg_Destroy(message);
    natsConnection_Destroy(connection);
    return answer;
  }

 private:
  TestDirectory directory_;
  std::string options_;
  std::uint16_t port_ = 0;
  std::vector<std::string> logs_;
  std::optional<test::Process> process_;
};

class TestNatsCluster {
 public:
  static constexpr std::size_t kServers = 3;

  TestNatsCluster() {
    constexpr int kAttempts = 5;  // to find free ports
    for (int i = 0; i < kAttempts; ++i) {
      if (start()) return;
    }
    throw std::runtime_error("no NATS cluster: " + servers_[0]->log());
  }

  // Whether each server has all of a queue's messages, as far as its leader knows, and each of its
  // consumers has a leader.
  bool is_whole(const std::string& queue) const {
    const std::string stream = "waybill_" + queue;
    const auto has_leader = [](const std::string& info) {
      return info.find("\"leader\":") != std::string::npos;
    };
    const std::string info = servers_[0]->ask("$JS.API.STREAM.INFO." + stream);
    if (!has_leader(info) || info.find("\"current\":false") != std::string::npos) return false;
    const std::array consumers{"high", "normal", "low", "later"};
    return std::ranges::all_of(consumers, [&](const char* consumer) {
      return has_leader(servers_[0]->ask("$JS.API.CONSUMER.INFO." + stream + '.' + consumer));
    });
  }

  std::string url(const std::string& queue, const std::string& more = "") const {
    std::string hosts;
    for (const auto& server : servers_) {
      hosts += (hosts.empty() ? "" : ",") + ("127.0.0.1:" + std::to_string(server->port()));
    }
    return "nats://" + hosts + "?queue=" + queue + "&replicas=3" + more;
  }
  TestNats& server(std::size_t index) { return *servers_[index]; }

 private:
  bool start() {
    std::array<std::uint16_t, kServers> routes;
    for (auto& port : routes) port = test::some_port();
    for (std::size_t i = 0; i < kServers; ++i) {
      std::string options =
          "server_name: s" + std::to_string(i) +
          "\ncluster { name: test, listen: \"127.0.0.1:" + std::to_string(routes[i]) +
          "\", routes: [";
      for (const auto port : routes) {
        options += "\"nats://127.0.0.1:" + std::to_string(port) + "\", ";
      }
      options += "] }";
      servers_[i] = std::make_unique<TestNats>(test::some_port(), options);
    }
    for (const auto& server : servers_) {
      if (!server->is_ready()) return false;
    }
    constexpr int kSeconds = 60;
    return test::eventually(
        [this] {
          return std::ranges::all_of(servers_, [](const auto& server) {
            return server->log().find("metadata leader") != std::string::npos;
          });
        },
        kSeconds);
  }

  std::array<std::unique_ptr<TestNats>, kServers> servers_;
};

}  // namespace waybill::queue::internal
