#include <exception>
#include <new>
#include <utility>

#include <waybill/otlp/internal/http_transport.h>
#include <waybill/otlp/internal/retry.h>

namespace waybill::internal {

HttpTransport::HttpTransport(const SignalOptions& options)
    : options_(options),
      protobuf_headers_(headers_of(Encoding::kProtobuf)),
      json_headers_(headers_of(Encoding::kJson)),
      session_(new Session(options)) {}

HttpTransport::HeaderList HttpTransport::headers_of(Encoding encoding) const {
  HeaderList list{nullptr, curl_slist_free_all};
  const auto add = [&](const std::string& line) {
    curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(list.release());
    list.reset(longer);
  };
  add(encoding == Encoding::kJson ? "Content-Type: application/json"
                                  : "Content-Type: application/x-protobuf");
  if (options_.compression == OtlpCompression::kGzip) add("Content-Encoding: gzip");
  add("Expect:");  // not to be asked for leave first
  for (const auto& [name, value] : options_.headers) {
    // curl takes "name:" for one that is to be left out.
    add(value.empty() ? name + ';' : name + ": " + value);
  }
  return list;
}

Answer HttpTransport::send(std::string_view request, Encoding encoding) noexcept {
  try {
    Session* session = session_;
    if (session == nullptr) session_ = session = new Session(options_);
    // Whoever aborts has either seen the session, or is seen here.
    if (aborted_) return {.outcome = Outcome::kAborted};
    if (options_.compression == OtlpCompression::kGzip) {
      if (!session->gzip.compress(request, session->compressed)) throw std::bad_alloc();
      request = session->compressed.view();
    }
    curl_slist* const headers =
        (encoding == Encoding::kJson ? json_headers_ : protobuf_headers_).get();
    return answer_to(session->connection.post(request, headers), encoding);
  } catch (const std::exception& error) {
    return {.outcome = Outcome::kRetry, .reason = error.what()};
  }
}

Answer HttpTransport::answer_to(const HttpResponse& response, Encoding encoding) const {
  if (aborted_) return {.outcome = Outcome::kAborted};
  if (response.status == 0) return {.outcome = Outcome::kRetry, .reason = response.error};
  if (response.status >= 200 && response.status < 300) {
    return {.outcome = Outcome::kDelivered,
            .partial = parse_partial_success(response.body, encoding)};
  }
  Answer answer;
  answer.outcome = is_retryable_http_status(response.status) ? Outcome::kRetry : Outcome::kRefused;
  answer.retry_after = response.retry_after;
  answer.reason = "HTTP status " + std::to_string(response.status);
  const std::string message = parse_status_message(response.body, encoding);
  if (!message.empty()) answer.reason += ": " + message;
  return answer;
}

void HttpTransport::abort() noexcept {
  aborted_ = true;
  if (Session* const session = session_) session->connection.abort();
}

void HttpTransport::after_fork_in_child() noexcept {
  if (Session* const parents = session_.exchange(nullptr)) parents->connection.abandon();
  aborted_ = false;
}

}  // namespace waybill::internal
