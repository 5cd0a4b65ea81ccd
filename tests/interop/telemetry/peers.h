// The programs that the tests start: OpenTelemetry's Collector, Prometheus, and ours. On loopback
// alone, with ports and folders of their own; each is gone when its object is, and when the test
// is.
#pragma once

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/process.h"

namespace waybill::telemetry_test {

constexpr int kSeconds = 60;  // for what should take one

// A folder that goes with its object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

// The Collector writes what it gets to the file `requests`, one request a line, and says that it
// has it after that.
class Collector {
 public:
  // Both files are in `folder`. Throws std::runtime_error when it does not get to run.
  explicit Collector(const std::filesystem::path& folder);

  std::string url(const std::string& protocol) const;
  const std::filesystem::path& requests() const noexcept { return requests_; }

  void kill();
  // On the same ports, with another file.
  void restart();

 private:
  bool start();

  std::filesystem::path folder_;
  std::filesystem::path requests_;
  std::uint16_t http_port_ = 0;
  std::uint16_t grpc_port_ = 0;
  int starts_ = 0;
  std::optional<test::Process> process_;
};

// Prometheus, which keeps fetching http://127.0.0.1:`target`/metrics.
class Prometheus {
 public:
  Prometheus(const std::filesystem::path& folder, std::uint16_t target);

  // What its HTTP API answers to "query_exemplars?query=…": "data", or null.
  nlohmann::json ask(const std::string& question) const;

 private:
  bool start(const std::filesystem::path& folder);

  std::uint16_t port_ = 0;
  std::optional<test::Process> process_;
};

// telemetry_peer.cc.
class Peer {
 public:
  Peer(std::vector<std::string> arguments, const std::filesystem::path& folder);

  // The line that it says, once it has. If it ends without: all that it has written, a string.
  nlohmann::json said();
  void terminate() { process_.send_signal(SIGTERM); }
  int wait() { return process_.wait(); }

 private:
  std::filesystem::path output_;
  test::Process process_;
};

}  // namespace waybill::telemetry_test
