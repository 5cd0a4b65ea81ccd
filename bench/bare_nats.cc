#include "bench/bare_nats.h"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include <nats/nats.h>
#include <nlohmann/json.hpp>

namespace bench {
namespace {

struct Free {
  void operator()(natsConnection* connection) const { natsConnection_Destroy(connection); }
  void operator()(natsSubscription* subscription) const { natsSubscription_Destroy(subscription); }
  void operator()(jsCtx* context) const { jsCtx_Destroy(context); }
};

void check(natsStatus status) {
  if (status != NATS_OK) throw std::runtime_error(natsStatus_GetText(status));
}

class Client {
 public:
  explicit Client(std::uint16_t port) {
    natsConnection* connection = nullptr;
    check(natsConnection_ConnectTo(&connection,
                                   ("nats://127.0.0.1:" + std::to_string(port)).c_str()));
    connection_.reset(connection);
    jsCtx* context = nullptr;
    check(natsConnection_JetStream(&context, connection, nullptr));
    context_.reset(context);
  }
  jsCtx* context() const { return context_.get(); }

 private:
  std::unique_ptr<natsConnection, Free> connection_;
  std::unique_ptr<jsCtx, Free> context_;
};

void make_stream(std::uint16_t port) {
  const Client client(port);
  js_DeleteStream(client.context(), "bare", nullptr, nullptr);
  jsStreamConfig config;
  check(jsStreamConfig_Init(&config));
  const char* subjects[] = {"bare"};
  config.Name = "bare";
  config.Subjects = subjects;
  config.SubjectsLen = 1;
  config.Retention = js_WorkQueuePolicy;
  check(js_AddStream(nullptr, client.context(), &config, nullptr, nullptr));
}

void send(std::uint16_t port, std::size_t jobs, std::size_t batch, const std::string& body) {
  const Client client(port);
  for (std::size_t sent = 0; sent < jobs; sent += batch) {
    for (std::size_t i = 0; i < batch; ++i) {
      check(js_PublishAsync(client.context(), "bare", body.data(), static_cast<int>(body.size()),
                            nullptr));
    }
    check(js_PublishAsyncComplete(client.context(), nullptr));
  }
}

void work(std::uint16_t port, std::size_t jobs, std::size_t batch) {
  constexpr std::int64_t kWaitMs = 100;
  const Client client(port);
  natsSubscription* created = nullptr;
  jsErrCode error{};
  check(js_PullSubscribe(&created, client.context(), "bare", "workers", nullptr, nullptr, &error));
  const std::unique_ptr<natsSubscription, Free> subscription(created);
  std::uint64_t cents = 0;
  for (std::size_t done = 0; done < jobs;) {
    natsMsgList list{};
    const natsStatus status =
        natsSubscription_Fetch(&list, subscription.get(), static_cast<int>(batch), kWaitMs, &error);
    if (status == NATS_TIMEOUT) continue;
    check(status);
    for (int i = 0; i < list.Count; ++i) {
      natsMsg* message = list.Msgs[i];
      const std::string_view text(natsMsg_GetData(message),
                                  static_cast<std::size_t>(natsMsg_GetDataLength(message)));
      const auto job = nlohmann::json::parse(text);
      cents += job.at("payload").at("cents").get<std::uint64_t>();
      check(i + 1 < list.Count ? natsMsg_Ack(message, nullptr)
                               : natsMsg_AckSync(message, nullptr, &error));
    }
    done += static_cast<std::size_t>(list.Count);
    natsMsgList_Destroy(&list);
  }
  if (cents == 0) throw std::runtime_error("the jobs were empty");
}

}  // namespace

double bare_nats_jobs_per_second(std::uint16_t port, std::size_t jobs, std::size_t batch,
                                 const std::string& body) {
  make_stream(port);
  const auto begin = std::chrono::steady_clock::now();
  std::thread sending([&] { send(port, jobs, batch, body); });
  work(port, jobs, batch);
  sending.join();
  return static_cast<double>(jobs) /
         std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace bench
