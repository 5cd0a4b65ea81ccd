// relay: a service in the middle, which hands on the trace of whoever calls it.
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include <CLI/CLI.hpp>
#include <waybill/core/core.h>
#include <waybill/core/error.h>
#include <waybill/http/client.h>
#include <waybill/http/server.h>
#include <waybill/log/log.h>
#include <waybill/propagation/propagator.h>

#include "calls.h"

namespace relay {
namespace {

namespace http = waybill::http;
using boost::asio::awaitable;
using waybill::Context;

struct Options {
  std::string host;
  std::uint16_t port = 0;
  std::string port_file;
  waybill::Propagator propagator = waybill::default_propagator();
  bool trusted = false;
};

// "127.0.0.1:8080", "[::1]:8080"; port 0 stands for a free one.
void parse_listen(std::string_view text, Options& options) {
  const std::size_t colon = text.rfind(':');
  const std::string_view port = colon < text.size() ? text.substr(colon + 1) : std::string_view{};
  const char* const end = port.data() + port.size();
  const auto [stop, error] = std::from_chars(port.data(), end, options.port);
  std::string_view host = text.substr(0, colon < text.size() ? colon : 0);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  if (host.empty() || port.empty() || error != std::errc{} || stop != end) {
    throw waybill::Error::bad_option("listen", text, "HOST:PORT, for instance 127.0.0.1:8080");
  }
  options.host = host;
}

// Answers POST on any path: so it is a middleware, which comes before all routes.
class Relay {
 public:
  explicit Relay(const Options& options)
      : client_({.timeout = std::chrono::seconds(10),
                 .propagator = options.propagator,
                 .trusted = options.trusted}) {}

  awaitable<http::Response> operator()(http::Request request, http::Next next) {
    if (request.method != "POST") co_return co_await next(std::move(request));
    Request asked = parse_calls(request.body);
    if (!asked.error.empty()) co_return http::Response::error(400, asked.error);

    for (Call& call : asked.calls) {
      // Each call is a hop of its own: its span is what the receiver sees as its parent.
      const waybill::Scope hop{Context::current().child()};
      http::Headers headers{{"Content-Type", "application/json"}};
      const http::ClientResult result =
          co_await client_.async_post(call.url, std::move(call.arguments), std::move(headers));
      call.status = result.response.status;
      call.error = result.message;
      log(call);
    }
    co_return http::Response::json(200, describe(asked.calls));
  }

 private:
  void log(const Call& call) const {
    if (call.error.empty()) {
      log_.info({{"url.full", call.url}}, "relayed: {}", call.status);
    } else {
      log_.warn({{"url.full", call.url}}, "not relayed: {}", call.error);
    }
  }

  const waybill::Logger log_ = waybill::logger("relay");
  http::Client client_;
};

// Whole or not at all: whoever waits for the file may read it as soon as it is there.
void write_port(const std::string& file, std::uint16_t port) {
  std::ofstream(file + ".new") << port << '\n';
  std::filesystem::rename(file + ".new", file);
}

Options parse_command_line(int argc, char** argv) {
  Options options;
  std::string listen = "127.0.0.1:8080";
  std::string propagators;
  CLI::App app{"relay: calls whom it is told to, under the trace of whoever tells it"};
  app.add_option("--listen", listen, "HOST:PORT to listen on; port 0: a free one")
      ->capture_default_str();
  app.add_option("--propagators", propagators,
                 "Formats to read and write, for instance b3multi,baggage (default: those that "
                 "OTEL_PROPAGATORS names)");
  app.add_option("--port-file", options.port_file, "File to write the port to");
  app.add_flag("--trusted", options.trusted, "Take over the callers' baggage, and hand it on");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error) == 0 ? 0 : 2);
  }
  parse_listen(listen, options);
  if (!propagators.empty()) {
    options.propagator =
        waybill::Propagator({.formats = waybill::FormatList::parse(propagators, "propagators")});
  }
  return options;
}

void serve(const Options& options) {
  // Taken by sigwait() below, and so blocked in every thread that is started from here on.
  sigset_t stop_signals;
  sigemptyset(&stop_signals);
  sigaddset(&stop_signals, SIGTERM);
  sigaddset(&stop_signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);

  Relay relay(options);
  http::Server server(
      {.host = options.host,
       .port = options.port,
       .request_timeout = std::chrono::minutes(2),
       .tracing_options = {.propagator = options.propagator, .trusted = options.trusted}});
  server.use([&](http::Request request, http::Next next) {
    return relay(std::move(request), std::move(next));
  });
  server.start();
  waybill::logger("relay").info("listening on {}, port {}", options.host, server.port());
  if (!options.port_file.empty()) write_port(options.port_file, server.port());

  int signal = 0;
  sigwait(&stop_signals, &signal);
  server.stop();
}

}  // namespace
}  // namespace relay

int main(int argc, char** argv) {
  try {
    waybill::configure_logging({.service = "relay"});
    relay::serve(relay::parse_command_line(argc, argv));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "relay: %s\n", error.what());
    return 1;
  }
}
