#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/this_coro.hpp>

#include <waybill/core/json_escape.h>
#include <waybill/core/scope.h>
#include <waybill/http/internal/application.h>
#include <waybill/http/internal/time_limit.h>
#include <waybill/log/log.h>
#include <waybill/propagation/x_trace_id.h>

namespace waybill::http::internal {
namespace {

namespace asio = boost::asio;

const Logger& http_log() {
  static const Logger log = logger("http");
  return log;
}

std::string what(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "an exception that is no std::exception";
  }
}

// `error`, whose body is a JSON object, with the ambient trace in its member `trace_id`, spelled as
// in X-Trace-ID: whoever reports a failure can quote it.
Response naming_trace(Response error, TraceIdSpelling spelling) {
  const std::string id = to_x_trace_id(Context::current(), spelling);
  if (id.empty()) return error;
  error.body.pop_back();
  error.body += R"(, "trace_id": )";
  append_json_string(error.body, id);
  error.body += '}';
  return error;
}

// Says nothing of the cause, which may be confidential; the trace id leads to the record that does.
Response internal_error(TraceIdSpelling spelling) {
  return naming_trace(Response::error(500, "internal error"), spelling);
}

// What a record about a failed request says of it.
struct Subject {
  explicit Subject(const Request& request)
      : method(request.method), path(request.path.substr(0, kMaxLoggedPath)) {}
  std::string method;
  std::string path;
};

Response failed(const Subject& subject, std::string_view cause, TraceIdSpelling spelling) {
  http_log().error({{"http.request.method", subject.method}, {"url.path", subject.path}},
                   "handler failed: {}", cause);
  return internal_error(spelling);
}

// Middleware: whatever goes wrong further in is answered and logged here.
asio::awaitable<Response> guarded(TraceIdSpelling spelling, Request request, Next next) {
  const Subject subject(request);
  Response response;
  std::exception_ptr failure;
  try {
    response = co_await next(std::move(request));
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure) {
    const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
    // Who cancelled has answered, and the exception is only how the handler ended.
    if (state.cancelled() != asio::cancellation_type::none) co_return internal_error(spelling);
    co_return failed(subject, what(failure), spelling);
  }
  if (response.status < 200 || response.status > 599) {
    co_return failed(subject, "its status is " + std::to_string(response.status), spelling);
  }
  co_return response;
}

// Middleware: gives up on what takes too long.
asio::awaitable<Response> limited(std::chrono::milliseconds limit, TraceIdSpelling spelling,
                                  Request request, Next next) {
  std::optional<Response> response = co_await within(limit, next(std::move(request)));
  if (response) co_return *std::move(response);
  const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) {
    co_return naming_trace(Response::error(503, "server is stopping"), spelling);
  }
  http_log().warn("handler did not answer within {} ms", limit.count());
  co_return naming_trace(Response::error(503, "request timed out"), spelling);
}

}  // namespace

Application::Application(const ServerOptions& options)
    : options_(options), unmatched_([this](const Request& request) {
        return naming_trace(no_route(router_.find(request.method, request.path)), spelling());
      }) {
  if (options.tracing) middlewares_.push_back(tracing(options.tracing_options));
  middlewares_.emplace_back(
      [limit = options.request_timeout, spelling = spelling()](Request request, Next next) {
        return limited(limit, spelling, std::move(request), next);
      });
  middlewares_.emplace_back([spelling = spelling()](Request request, Next next) {
    return guarded(spelling, std::move(request), next);
  });
}

TraceIdSpelling Application::spelling() const noexcept {
  return options_.tracing_options.propagator.options().spelling;
}

void Application::route(std::string_view method, std::string_view pattern, Handler handler) {
  router_.add(method, pattern, std::move(handler));
}

void Application::use(Middleware middleware) {
  middlewares_.push_back(std::move(middleware));
}

asio::awaitable<Response> Application::handle(Request request) const {
  Router::Match match = router_.find(request.method, request.path);
  request.route = match.pattern;
  request.path_parameters = std::move(match.parameters);
  const Handler* handler = match.handler != nullptr ? match.handler : &unmatched_;
  const Middleware* first = middlewares_.data();
  return Next(first, first + middlewares_.size(), handler)(std::move(request));
}

Response Application::refuse(const Request& request, int status, std::string_view reason) const {
  Response response = Response::error(status, reason);
  if (!options_.tracing) return response;
  RequestTrace trace(request, options_.tracing_options);
  {
    const Scope scope{trace.context()};
    response = naming_trace(std::move(response), spelling());
  }
  trace.finish(response);
  return response;
}

}  // namespace waybill::http::internal
