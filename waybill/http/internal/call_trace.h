// CallTrace: what a client tells of one call: its span, and a record of level debug.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <waybill/core/context.h>
#include <waybill/http/client.h>
#include <waybill/http/internal/url.h>
#include <waybill/trace/span.h>

namespace waybill::http::internal {

class CallTrace {
 public:
  CallTrace() = default;
  // Begins the call, under the ambient context.
  CallTrace(std::string_view method, std::string_view url, const Url& parsed);

  // What goes along in the headers.
  const Context& context() const noexcept { return context_; }

  // Call it once, on any thread.
  void finish(const ClientResult& result);

 private:
  void log(const ClientResult& result) const;

  Span span_;
  Context context_;
  // Where the record will be written.
  std::string method_;
  std::string url_;
  std::chrono::steady_clock::time_point begin_;
};

}  // namespace waybill::http::internal
