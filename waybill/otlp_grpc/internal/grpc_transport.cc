#include <algorithm>
#include <chrono>
#include <exception>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/channel_arguments.h>
#include <grpcpp/support/slice.h>

#include <waybill/core/ascii.h>
#include <waybill/otlp_grpc/internal/grpc_transport.h>
#include <waybill/otlp_grpc/internal/retry_info.h>

namespace waybill::internal {
namespace {

constexpr int kMostResponse = 64 << 10;

constexpr int kConnectMilliseconds = 10'000;
// How long gRPC waits at most before it connects again: less than we do.
constexpr int kLongestReconnectMilliseconds = 500;

// Whether gRPC has threads of its own in this process, or had in the one that it was forked from.
constinit std::atomic<bool> grpc_is_in_use = false;

std::string content_of_file(const std::string& path) {
  if (path.empty()) return {};
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::shared_ptr<grpc::ChannelCredentials> credentials_of(const SignalOptions& options) {
  if (!options.use_tls) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = content_of_file(options.ca_file);
  tls.pem_private_key = content_of_file(options.client_key_file);
  tls.pem_cert_chain = content_of_file(options.client_certificate_file);
  return grpc::SslCredentials(tls);
}

grpc::ChannelArguments arguments_of(const SignalOptions& options) {
  grpc::ChannelArguments arguments;
  arguments.SetUserAgentPrefix("OTel-OTLP-Exporter-Waybill/0.1.0");
  arguments.SetMaxReceiveMessageSize(kMostResponse);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);  // the sender sees to that
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  // How long one attempt to connect may take, too, which over a slow line is much longer than a
  // refusal: that one is tried again after the initial time.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectMilliseconds);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kLongestReconnectMilliseconds);
  if (options.is_loopback) arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return arguments;
}

std::string method_of(OtlpSignal signal) {
  switch (signal) {
    case OtlpSignal::kTraces:
      return "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    case OtlpSignal::kMetrics:
      return "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
    case OtlpSignal::kLogs:
      break;
  }
  return "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
}

std::string bytes_of(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

}  // namespace

GrpcTransport::Session::Session(const SignalOptions& options)
    : channel(
          grpc::CreateCustomChannel(options.url, credentials_of(options), arguments_of(options))),
      stub(channel) {}

GrpcTransport::GrpcTransport(const SignalOptions& options)
    : options_(options), method_(method_of(options.signal)) {}

GrpcTransport::~GrpcTransport() {
  Session* const session = session_;
  if (session == nullptr) return;
  session->queue.Shutdown();
  delete session;
}

Answer GrpcTransport::send(std::string_view request, Encoding encoding) noexcept {
  if (encoding != Encoding::kProtobuf) {
    return {.outcome = Outcome::kRefused, .reason = "gRPC does not carry JSON"};
  }
  if (is_useless_) {
    return {.outcome = Outcome::kRefused, .reason = "gRPC cannot be used in the child of a fork"};
  }
  try {
    Session* session = session_;
    if (session == nullptr) {
      grpc_is_in_use = true;
      session_ = session = new Session(options_);
    }
    return call(*session, request);
  } catch (const std::exception& error) {
    return {.outcome = Outcome::kRetry, .reason = error.what()};
  }
}

Answer GrpcTransport::call(Session& session, std::string_view request) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + options_.timeout);
  if (options_.compression == OtlpCompression::kGzip) {
    context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  }
  for (const auto& [name, value] : options_.headers)
    context.AddMetadata(ascii::lowercase(name), value);
  // A copy, as gRPC may refer to it for longer than the call takes.
  grpc::Slice slice(request.data(), request.size());
  const grpc::ByteBuffer message(&slice, 1);
  {
    const std::lock_guard lock(session.mutex);
    if (aborted_) return {.outcome = Outcome::kAborted};
    session.call = &context;
  }
  grpc::ByteBuffer response;
  grpc::Status status;
  const auto reader = session.stub.PrepareUnaryCall(&context, method_, message, &session.queue);
  reader->StartCall();
  reader->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  session.queue.Next(&tag, &ok);  // the deadline sees to it that this ends
  const std::lock_guard lock(session.mutex);
  session.call = nullptr;
  if (aborted_) return {.outcome = Outcome::kAborted};
  return answer_to(status, response);
}

Answer GrpcTransport::answer_to(const grpc::Status& status,
                                const grpc::ByteBuffer& response) const {
  if (status.ok()) {
    return {.outcome = Outcome::kDelivered,
            .partial = parse_partial_success(bytes_of(response), Encoding::kProtobuf)};
  }
  Answer answer;
  answer.retry_after = parse_retry_info(status.error_details());
  answer.outcome = is_retryable_grpc_status(status.error_code(), answer.retry_after.has_value())
                       ? Outcome::kRetry
                       : Outcome::kRefused;
  answer.reason = "gRPC status " + std::to_string(status.error_code());
  if (!status.error_message().empty()) {
    answer.reason += ": " + status.error_message().substr(0, kLongestMessage);
  }
  return answer;
}

void GrpcTransport::abort() noexcept {
  aborted_ = true;
  Session* const session = session_;
  if (session == nullptr) return;
  const std::lock_guard lock(session->mutex);
  if (session->call != nullptr) session->call->TryCancel();
}

void GrpcTransport::after_fork_in_child() noexcept {
  session_ = nullptr;
  is_useless_ = grpc_is_in_use;
  aborted_ = false;
}

}  // namespace waybill::internal
