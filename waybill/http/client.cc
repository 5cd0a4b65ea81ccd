#include <algorithm>
#include <exception>
#include <future>
#include <thread>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <waybill/core/error.h>
#include <waybill/http/client.h>
#include <waybill/http/headers_carrier.h>
#include <waybill/http/internal/call_trace.h>
#include <waybill/http/internal/connection_pool.h>
#include <waybill/http/internal/exchange.h>
#include <waybill/http/internal/time_limit.h>
#include <waybill/http/internal/url.h>
#include <waybill/propagation/propagation.h>

namespace waybill::http {
namespace {

namespace asio = boost::asio;
using internal::failed_call;

ClientOptions checked(ClientOptions options) {
  const auto positive = [](std::string_view option, auto value, std::string_view unit) {
    if (value > 0) return;
    throw Error::bad_option(option, std::to_string(value), "more than 0" + std::string(unit));
  };
  positive("timeout", options.timeout.count(), " ms");
  positive("connect_timeout", options.connect_timeout.count(), " ms");
  positive("idle_timeout", options.idle_timeout.count(), " ms");
  positive("max_response_bytes", options.max_response_bytes, "");
  positive("max_header_bytes", options.max_header_bytes, "");
  return options;
}

ClientResult describe(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const boost::system::system_error& error) {
    if (error.code() == asio::error::operation_aborted) {
      return failed_call(ClientError::kCancelled, "the call was cancelled");
    }
    return failed_call(ClientError::kInternal, error.what());
  } catch (const std::future_error&) {
    return failed_call(ClientError::kCancelled, "the client was destroyed");
  } catch (const std::exception& error) {
    return failed_call(ClientError::kInternal, error.what());
  }
}

// On the client's thread.
asio::awaitable<ClientResult> call(std::shared_ptr<internal::ConnectionPool> pool,
                                   internal::Outgoing outgoing, std::chrono::milliseconds limit) {
  const std::string host = outgoing.url.host_and_port();
  std::optional<ClientResult> result =
      co_await internal::within(limit, internal::exchange(std::move(pool), std::move(outgoing)));
  if (result) co_return *std::move(result);
  const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) {
    co_return failed_call(ClientError::kCancelled, "the call was cancelled");
  }
  co_return failed_call(ClientError::kTimeout, "no response from " + host + " within " +
                                                   std::to_string(limit.count()) + " ms");
}

asio::awaitable<ClientResult> traced(internal::CallTrace trace,
                                     asio::awaitable<ClientResult> work) {
  ClientResult result = co_await std::move(work);
  trace.finish(result);
  co_return result;
}

// On the caller's executor.
asio::awaitable<ClientResult> call_from_elsewhere(asio::any_io_executor client,
                                                  asio::awaitable<ClientResult> work) {
  std::exception_ptr failure;
  try {
    co_return co_await asio::co_spawn(client, std::move(work), asio::use_awaitable);
  } catch (...) {
    failure = std::current_exception();
  }
  co_return describe(failure);
}

asio::awaitable<ClientResult> already(ClientResult result) {
  co_return result;
}

}  // namespace

class Client::Running {
 public:
  explicit Running(ClientOptions options)
      : options_(checked(std::move(options))),
        work_(asio::make_work_guard(io_)),
        pool_(std::make_shared<internal::ConnectionPool>(
            io_, internal::ConnectionPool::Limits{options_.max_idle_per_host, options_.max_idle,
                                                  options_.idle_timeout})),
        thread_([this] { io_.run(); }) {}

  ~Running() {
    io_.stop();
    thread_.join();
  }

  // What is to be sent, with the ambient context in its headers; or why it cannot be.
  struct Prepared {
    internal::CallTrace trace;
    internal::Outgoing outgoing;
    std::chrono::milliseconds limit;
    ClientResult refusal;
  };
  Prepared prepare(ClientRequest request) const {
    Prepared prepared;
    internal::ParsedUrl parsed = internal::parse_url(request.url);
    if (parsed.error) {
      prepared.refusal = {{}, parsed.error, std::move(parsed.message)};
      return prepared;
    }
    if (!is_token(request.method)) {
      prepared.refusal = failed_call(ClientError::kBadRequest, "the method is not a token");
      return prepared;
    }
    prepared.trace = internal::CallTrace(request.method, request.url, parsed.url);
    HeadersCarrier carrier(request.headers);
    options_.propagator.inject(prepared.trace.context(), carrier, {.trusted = trusts(parsed.url)});
    prepared.outgoing = {std::move(parsed.url),      std::move(request.method),
                         std::move(request.headers), std::move(request.body),
                         options_.connect_timeout,   options_.max_header_bytes,
                         options_.max_response_bytes};
    prepared.limit = request.timeout.value_or(options_.timeout);
    return prepared;
  }

  asio::awaitable<ClientResult> run(Prepared prepared) const {
    return traced(std::move(prepared.trace),
                  call(pool_, std::move(prepared.outgoing), prepared.limit));
  }
  asio::any_io_executor executor() { return io_.get_executor(); }

 private:
  bool trusts(const internal::Url& url) const {
    const auto named = [&](const std::string& host) {
      return equal_ignoring_case(host, url.host) || equal_ignoring_case(host, url.host_and_port());
    };
    return options_.trusted ||
           std::any_of(options_.trusted_hosts.begin(), options_.trusted_hosts.end(), named);
  }

  const ClientOptions options_;
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::shared_ptr<internal::ConnectionPool> pool_;
  std::thread thread_;
};

Client::Client(ClientOptions options) : running_(std::make_unique<Running>(std::move(options))) {}

Client::~Client() = default;

ClientResult Client::send(ClientRequest request) {
  try {
    Running::Prepared prepared = running_->prepare(std::move(request));
    if (!prepared.refusal.ok()) return std::move(prepared.refusal);
    return asio::co_spawn(running_->executor(), running_->run(std::move(prepared)),
                          asio::use_future)
        .get();
  } catch (...) {
    return describe(std::current_exception());
  }
}

ClientResult Client::get(std::string url, Headers headers) {
  return send({.method = "GET", .url = std::move(url), .headers = std::move(headers)});
}

ClientResult Client::post(std::string url, std::string body, Headers headers) {
  return send({.method = "POST",
               .url = std::move(url),
               .headers = std::move(headers),
               .body = std::move(body)});
}

asio::awaitable<ClientResult> Client::async_send(ClientRequest request) {
  Running::Prepared prepared = running_->prepare(std::move(request));
  if (!prepared.refusal.ok()) return already(std::move(prepared.refusal));
  return call_from_elsewhere(running_->executor(), running_->run(std::move(prepared)));
}

asio::awaitable<ClientResult> Client::async_get(std::string url, Headers headers) {
  return async_send({.method = "GET", .url = std::move(url), .headers = std::move(headers)});
}

asio::awaitable<ClientResult> Client::async_post(std::string url, std::string body,
                                                 Headers headers) {
  return async_send({.method = "POST",
                     .url = std::move(url),
                     .headers = std::move(headers),
                     .body = std::move(body)});
}

}  // namespace waybill::http
