#include "tests/interop/telemetry/peers.h"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <waybill/http/client.h>

#include "tests/support/port.h"

namespace waybill::telemetry_test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string content_of(const fs::path& file) {
  return (std::ostringstream() << std::ifstream(file).rdbuf()).str();
}

void write(const fs::path& file, const std::string& content) {
  std::ofstream(file) << content;
}

// Somebody else's program, which does not end by itself when the test is killed.
std::vector<std::string> bound_to_us(std::vector<std::string> command) {
  command.insert(command.begin(), {SETPRIV, "--pdeathsig", "KILL"});
  return command;
}

constexpr int kAttempts = 10;  // to find free ports

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (fs::temp_directory_path() / "waybill-telemetry-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Collector::Collector(const fs::path& folder) : folder_(folder) {
  for (int i = 0; i < kAttempts; ++i) {
    http_port_ = test::some_port();
    grpc_port_ = test::some_port();
    if (start()) return;
  }
  throw std::runtime_error("the Collector does not run: " + content_of(folder_ / "collector.log"));
}

std::string Collector::url(const std::string& protocol) const {
  const bool grpc = protocol.starts_with("grpc");
  return "http://127.0.0.1:" + std::to_string(grpc ? grpc_port_ : http_port_);
}

void Collector::kill() {
  process_->send_signal(SIGKILL);
  process_->wait();
}

void Collector::restart() {
  if (!start()) throw std::runtime_error("the Collector does not run again");
}

bool Collector::start() {
  requests_ = folder_ / ("requests-" + std::to_string(++starts_) + ".jsonl");
  const fs::path config = folder_ / "collector.yaml";
  const fs::path log = folder_ / "collector.log";
  // With rotation, though it never comes to that, the file exporter does not buffer.
  write(config,
        "receivers:\n"
        "  otlp:\n"
        "    protocols:\n"
        "      http: {endpoint: '127.0.0.1:" +
            std::to_string(http_port_) +
            "'}\n"
            "      grpc: {endpoint: '127.0.0.1:" +
            std::to_string(grpc_port_) +
            "'}\n"
            "exporters:\n"
            "  file: {path: '" +
            requests_.string() +
            "', rotation: {max_megabytes: 10000}}\n"
            "service:\n"
            "  telemetry: {metrics: {level: none}}\n"
            "  pipelines:\n"
            "    traces: {receivers: [otlp], exporters: [file]}\n"
            "    metrics: {receivers: [otlp], exporters: [file]}\n"
            "    logs: {receivers: [otlp], exporters: [file]}\n");
  process_.emplace(bound_to_us({COLLECTOR, "--config", config.string()}), log.string());
  const auto is_ready = [&] {
    return content_of(log).find("Everything is ready") != std::string::npos;
  };
  test::eventually([&] { return is_ready() || !process_->running(); }, kSeconds);
  return process_->running() && is_ready();
}

Prometheus::Prometheus(const fs::path& folder, std::uint16_t target) {
  write(folder / "prometheus.yml",
        "scrape_configs:\n"
        "  - job_name: waybill\n"
        "    scrape_interval: 1s\n"
        "    static_configs: [{targets: ['127.0.0.1:" +
            std::to_string(target) + "']}]\n");
  for (int i = 0; i < kAttempts; ++i) {
    port_ = test::some_port();
    if (start(folder)) return;
  }
  throw std::runtime_error("Prometheus does not run: " + content_of(folder / "prometheus.log"));
}

bool Prometheus::start(const fs::path& folder) {
  process_.emplace(bound_to_us({PROMETHEUS, "--config.file=" + (folder / "prometheus.yml").string(),
                                "--storage.tsdb.path=" + (folder / "prometheus").string(),
                                "--web.listen-address=127.0.0.1:" + std::to_string(port_),
                                "--enable-feature=exemplar-storage"}),
                   (folder / "prometheus.log").string());
  const auto is_ready = [&] { return !ask("status/buildinfo").is_null(); };
  test::eventually([&] { return is_ready() || !process_->running(); }, kSeconds);
  return process_->running() && is_ready();
}

json Prometheus::ask(const std::string& question) const {
  http::Client client;
  const http::ClientResult result =
      client.get("http://127.0.0.1:" + std::to_string(port_) + "/api/v1/" + question);
  if (!result.ok()) return {};
  const json answer = json::parse(result.response.body, nullptr, false);
  return answer.is_object() ? answer.value("data", json()) : json();
}

Peer::Peer(std::vector<std::string> arguments, const fs::path& folder)
    : output_(folder / "peer.log"),
      process_(
          [&] {
            arguments.insert(arguments.begin(), PEER);
            return std::move(arguments);
          }(),
          output_.string()) {}

json Peer::said() {
  std::string line;
  const auto has_said = [&] {
    std::istringstream lines(content_of(output_));
    while (std::getline(lines, line)) {
      if (line.starts_with("{") && !lines.eof()) return true;
    }
    return false;
  };
  bool ended = false;
  test::eventually([&] { return has_said() || std::exchange(ended, !process_.running()); },
                   kSeconds);
  return has_said() ? json::parse(line, nullptr, false) : json(content_of(output_));
}

}  // namespace waybill::telemetry_test
