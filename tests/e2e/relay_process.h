// RelayProcess, for tests: the program `relay`, on a port of its own, and what it answers.
#pragma once

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include <waybill/http/internal/raw_socket.h>
#include <waybill/http/message.h>

#include "tests/support/process.h"

namespace waybill::test {

// For a process to start, or to end. Far more than it takes.
inline constexpr int kRelaySeconds = 60;

inline std::string content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class RelayProcess {
 public:
  // `more`: options besides where it listens.
  explicit RelayProcess(std::vector<std::string> more = {}) {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "waybill-relay-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    std::vector<std::string> arguments = {std::string(WAYBILL_BIN_DIR) + "/relay", "--listen",
                                          "127.0.0.1:0", "--port-file",
                                          (folder_ / "port").string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    process_ = std::make_unique<Process>(arguments, (folder_ / "out").string());
    const bool listens = eventually(
        [&] { return std::filesystem::exists(folder_ / "port") || !process_->running(); },
        kRelaySeconds);
    EXPECT_TRUE(listens && process_->running()) << content(folder_ / "out");
    std::ifstream(folder_ / "port") >> port_;
  }
  ~RelayProcess() {
    process_->send_signal(SIGTERM);
    eventually([&] { return !process_->running(); }, kRelaySeconds);
    process_->send_signal(SIGKILL);  // only if it still runs
    EXPECT_EQ(process_->wait(), 0) << content(folder_ / "out");
    std::filesystem::remove_all(folder_);
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/relay"; }

  http::Response ask(const std::string& request) const {
    return http::internal::RawSocket(port_).send(request).receive().value_or(
        http::Response{0, {}, {}});
  }
  // `headers` as they are to stand on the wire.
  http::Response post(const std::string& body, const std::string& headers = "") const {
    return ask("POST /any/path HTTP/1.1\r\nHost: relay\r\n" + headers +
               "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<Process> process_;
  std::uint16_t port_ = 0;
};

// What a relay says that does not start.
inline std::string complaint_about(const std::vector<std::string>& arguments) {
  const std::filesystem::path output =
      std::filesystem::temp_directory_path() / ("waybill-relay-" + std::to_string(getpid()));
  std::vector<std::string> command = {std::string(WAYBILL_BIN_DIR) + "/relay"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  Process relay(command, output.string());
  EXPECT_TRUE(eventually([&] { return !relay.running(); }, kRelaySeconds));
  relay.send_signal(SIGKILL);  // only if it still runs
  EXPECT_NE(relay.wait(), 0);
  const std::string said = content(output);
  std::filesystem::remove(output);
  return said;
}

}  // namespace waybill::test
