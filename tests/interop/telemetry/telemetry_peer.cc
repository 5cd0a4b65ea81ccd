// A program with telemetry, for the tests of Waybill against collectors:
//
//   telemetry_peer record PROTOCOL URL         some of everything to the collector, and says what
//   telemetry_peer stream PROTOCOL URL SPOOL FIRST
//                                              numbered spans until SIGTERM, and says how many
//   telemetry_peer measure                     metrics for Prometheus to fetch, until SIGTERM
//
// PROTOCOL is as in OTEL_EXPORTER_OTLP_PROTOCOL, with "+gzip" behind it or not. What it has to say
// is one line of JSON on standard output.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include <waybill/core/core.h>
#include <waybill/http/server.h>
#include <waybill/log/log.h>
#include <waybill/log/sink.h>
#include <waybill/metrics/metrics.h>
#include <waybill/metrics/prometheus.h>
#include <waybill/otlp/otlp.h>
#include <waybill/pipeline/pipeline.h>
#include <waybill/pipeline/self_metrics.h>
#include <waybill/trace/trace.h>
#ifdef WAYBILL_HAS_OTLP_GRPC
#include <waybill/otlp_grpc/otlp_grpc.h>
#endif

#include "tests/interop/telemetry/recorded.h"

namespace waybill::telemetry_peer {
namespace {

using nlohmann::json;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

const std::string kService = "telemetry-peer";
const std::vector<std::pair<std::string, std::string>> kResource = {
    {"service.version", "0.1 – beta"}, {"deployment.environment.name", "interop"}};

OtlpOptions options_of(std::string protocol, const std::string& url) {
  OtlpOptions options;
  if (const std::size_t plus = protocol.find("+gzip"); plus != std::string::npos) {
    options.compression = OtlpCompression::kGzip;
    protocol.resize(plus);
  }
  const std::map<std::string, OtlpProtocol> protocols = {
      {"http/protobuf", OtlpProtocol::kHttpProtobuf},
      {"http/json", OtlpProtocol::kHttpJson},
      {"grpc", OtlpProtocol::kGrpc}};
  options.protocol = protocols.at(protocol);
  options.endpoint = url;
  return options;
}

// Whether all of it is with the collector, by what Waybill itself counts.
json counts() {
  const OtlpMetrics otlp = otlp_metrics();
  const auto of = [](const OtlpSignalMetrics& signal) {
    return json{{"exported", signal.exported}, {"requests", signal.requests},
                {"failures", signal.failures}, {"rejected", signal.rejected},
                {"spooled", signal.spooled},   {"dropped", signal.dropped.all()}};
  };
  return {{"traces", of(otlp.traces)},
          {"logs", of(otlp.logs)},
          {"metrics", of(otlp.metrics)},
          {"dropped", self_metrics().dropped.all()}};
}

json record(const std::string& protocol, const std::string& url) {
  const OtlpOptions options = options_of(protocol, url);
  configure_tracing({.service = kService,
                     .resource_attributes = kResource,
                     .exporters = {otlp_span_exporter(options)}});
  configure_logging({.service = kService,
                     .resource_attributes = kResource,
                     .level = Level::kTrace,
                     .outputs = {{.records = otlp_log_sink(options)}}});
  configure_metrics({.service = kService,
                     .resource_attributes = kResource,
                     .exporters = {otlp_metric_exporter(options)},
                     .interval = std::chrono::hours(1)});
  json said = {{"spans", record_spans()}, {"logs", record_logs()}, {"metrics", record_metrics()}};
  said["resource"] = {{"service.name", text(kService)}};
  for (const auto& [key, value] : kResource) said["resource"][key] = text(value);
  said["flushed"] = flush(30s);
  said["counts"] = counts();
  return said;
}

// SIGTERM, which every thread blocks, comes within that time; or who started this is gone.
bool is_ended_within(std::chrono::nanoseconds time) {
  sigset_t terminate;
  sigemptyset(&terminate);
  sigaddset(&terminate, SIGTERM);
  const timespec limit = {time / 1s, (time % 1s).count()};
  static const pid_t parent = getppid();
  return sigtimedwait(&terminate, nullptr, &limit) == SIGTERM || getppid() != parent;
}

json stream(const std::string& protocol, const std::string& url, const std::string& spool,
            int first) {
  OtlpOptions options = options_of(protocol, url);
  options.batching.delay = 100ms;
  options.retry.longest = 5s;
  options.spool.folder = spool;
  configure_tracing({.service = kService, .exporters = {otlp_span_exporter(options)}});
  const Tracer tracer(kLibrary, kVersion);
  int count = 0;
  do {
    for (int i = 0; i < 10; ++i) {
      tracer.start_span(
          "work", {{"number", first + count}, {"kind", "task"}, {"share", 0.5}, {"ok", true}});
      ++count;
    }
  } while (!is_ended_within(10ms));
  const bool flushed = flush(60s);
  return {{"count", count}, {"flushed", flushed}, {"counts", counts()}};
}

void measure() {
  configure_metrics({.service = kService, .resource_attributes = kResource});
  record_metrics();
  http::Server server;
  server.route("GET", "/metrics", [](const http::Request& request) {
    PrometheusResponse answer = prometheus_exposition(request.header("Accept").value_or(""));
    http::Response response{.status = answer.status, .body = std::move(answer.body)};
    response.headers.set("Content-Type", answer.content_type);
    return response;
  });
  server.start();
  std::cout << json{{"port", server.port()}}.dump() << std::endl;
  while (!is_ended_within(1s)) {
  }
}

int run(const std::vector<std::string>& arguments) {
#ifdef WAYBILL_HAS_OTLP_GRPC
  enable_otlp_grpc();
#endif
  const std::string& way = arguments.at(0);
  if (way == "record") {
    std::cout << record(arguments.at(1), arguments.at(2)).dump() << std::endl;
  } else if (way == "stream") {
    std::cout << stream(arguments.at(1), arguments.at(2), arguments.at(3),
                        std::stoi(arguments.at(4)))
                     .dump()
              << std::endl;
  } else if (way == "measure") {
    measure();
  } else {
    throw std::invalid_argument(way);
  }
  return 0;
}

}  // namespace
}  // namespace waybill::telemetry_peer

int main(int argc, char** argv) {
  sigset_t terminate;
  sigemptyset(&terminate);
  sigaddset(&terminate, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &terminate, nullptr);
  try {
    return waybill::telemetry_peer::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "telemetry_peer: " << error.what() << std::endl;
    return 2;
  }
}
