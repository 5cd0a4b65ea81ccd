// TestGrpcCollector: a gRPC server on a free port of 127.0.0.1, for tests. It takes any method,
// keeps what it was sent, and answers as it was told to, else with OK and nothing.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/server_posix.h>

grpc_compression_algorithm grpc_call_test_only_get_compression_algorithm(grpc_call* call);

namespace grpc::testing {

// The one way to learn how a message was encoded: gRPC keeps that to itself but for such a class.
class InteropServerContextInspector {
 public:
  static bool is_compressed(const ServerContextBase& context) {
    return grpc_call_test_only_get_compression_algorithm(context.call_.call) == GRPC_COMPRESS_GZIP;
  }
};

}  // namespace grpc::testing

namespace waybill::internal {

class TestGrpcCollector : private grpc::CallbackGenericService {
 public:
  struct Request {
    std::string method;
    std::map<std::string, std::string> metadata;
    std::string body;
    bool is_compressed = false;
  };
  struct Reply {
    grpc::Status status = grpc::Status::OK;
    std::string body = {};
    bool never = false;
  };

  explicit TestGrpcCollector(
      std::shared_ptr<grpc::ServerCredentials> credentials = grpc::InsecureServerCredentials()) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", std::move(credentials), &port_);
    builder.RegisterCallbackGenericService(this);
    server_ = builder.BuildAndStart();
  }
  ~TestGrpcCollector() { server_->Shutdown(std::chrono::system_clock::now()); }

  std::string target() const { return "127.0.0.1:" + std::to_string(port_); }
  // Serves a connection that somebody else has accepted; not a blocking one.
  void serve(int connection) { grpc::AddInsecureChannelFromFd(server_.get(), connection); }
  void reply(Reply reply) {
    const std::lock_guard lock(mutex_);
    replies_.push_back(std::move(reply));
  }
  std::vector<Request> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  class Call final : public grpc::ServerGenericBidiReactor {
   public:
    Call(TestGrpcCollector& collector, grpc::GenericCallbackServerContext& context)
        : collector_(collector), context_(context) {
      StartRead(&message_);
    }
    void OnReadDone(bool ok) override {
      if (!ok) return Finish(grpc::Status(grpc::INTERNAL, "nothing to read"));
      const Reply reply = collector_.take(context_, bytes_of(message_));
      if (reply.never) return;  // until the client has had enough
      if (!reply.status.ok()) return Finish(reply.status);
      const grpc::Slice slice(reply.body);
      response_ = grpc::ByteBuffer(&slice, 1);
      StartWriteAndFinish(&response_, grpc::WriteOptions(), grpc::Status::OK);
    }
    void OnCancel() override { Finish(grpc::Status::CANCELLED); }
    void OnDone() override { delete this; }

   private:
    TestGrpcCollector& collector_;
    grpc::GenericCallbackServerContext& context_;
    grpc::ByteBuffer message_;
    grpc::ByteBuffer response_;
  };

  static std::string bytes_of(const grpc::ByteBuffer& buffer) {
    std::vector<grpc::Slice> slices;
    std::string bytes;
    static_cast<void>(buffer.Dump(&slices));
    for (const grpc::Slice& slice : slices) {
      bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    }
    return bytes;
  }

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    return new Call(*this, *context);
  }

  Reply take(const grpc::GenericCallbackServerContext& context, std::string body) {
    const std::lock_guard lock(mutex_);
    Request& request = requests_.emplace_back();
    request.method = context.method();
    request.is_compressed = grpc::testing::InteropServerContextInspector::is_compressed(context);
    for (const auto& [name, value] : context.client_metadata()) {
      request.metadata[{name.data(), name.size()}] = {value.data(), value.size()};
    }
    request.body = std::move(body);
    if (replies_.empty()) return {};
    Reply reply = std::move(replies_.front());
    replies_.pop_front();
    return reply;
  }

  int port_ = 0;
  std::mutex mutex_;
  std::deque<Reply> replies_;
  std::vector<Request> requests_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace waybill::internal
