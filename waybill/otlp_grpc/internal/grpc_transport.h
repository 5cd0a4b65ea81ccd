// GrpcTransport: OTLP over gRPC, with gRPC's generic stub: the bytes of a request are those that
// the encoders have made.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>

#include <waybill/otlp/internal/transport.h>

namespace waybill::internal {

class GrpcTransport final : public Transport {
 public:
  // Throws Error for files that cannot be read.
  explicit GrpcTransport(const SignalOptions& options);
  GrpcTransport(const GrpcTransport&) = delete;
  GrpcTransport& operator=(const GrpcTransport&) = delete;
  ~GrpcTransport() override;

  Answer send(std::string_view request, Encoding encoding) noexcept override;
  bool carries(Encoding encoding) const noexcept override {
    return encoding == Encoding::kProtobuf && !is_useless_;
  }
  void abort() noexcept override;
  void after_fork_in_child() noexcept override;
  std::string place() const override { return options_.url; }

 private:
  // What is made with the first request, and in a child is the parent's.
  struct Session {
    explicit Session(const SignalOptions& options);
    std::shared_ptr<grpc::Channel> channel;
    grpc::GenericStub stub;
    grpc::CompletionQueue queue;
    std::mutex mutex;
    grpc::ClientContext* call = nullptr;  // under way
  };

  Answer call(Session& session, std::string_view request);
  Answer answer_to(const grpc::Status& status, const grpc::ByteBuffer& response) const;

  const SignalOptions options_;
  const std::string method_;
  std::atomic<Session*> session_ = nullptr;
  std::atomic<bool> aborted_ = false;
  bool is_useless_ = false;  // after a fork
};

}  // namespace waybill::internal
