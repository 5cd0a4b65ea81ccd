#include "bench/bare_redis.h"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <hiredis/hiredis.h>
#include <nlohmann/json.hpp>

namespace bench {
namespace {

struct Free {
  void operator()(redisContext* context) const { redisFree(context); }
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Reply = std::unique_ptr<redisReply, Free>;

class Client {
 public:
  explicit Client(std::uint16_t port) : context_(redisConnect("127.0.0.1", port)) {
    if (context_ == nullptr || context_->err != 0) throw std::runtime_error("no Redis");
  }

  template <class... Arguments>
  void append(const char* format, Arguments... arguments) {
    redisAppendCommand(context_.get(), format, arguments...);
  }
  Reply next() {
    void* reply = nullptr;
    if (redisGetReply(context_.get(), &reply) != REDIS_OK)
      throw std::runtime_error("Redis is gone");
    Reply owned(static_cast<redisReply*>(reply));
    if (owned->type == REDIS_REPLY_ERROR) throw std::runtime_error(owned->str);
    return owned;
  }

 private:
  std::unique_ptr<redisContext, Free> context_;
};

void send(std::uint16_t port, std::size_t jobs, std::size_t batch, const std::string& body) {
  Client client(port);
  for (std::size_t sent = 0; sent < jobs; sent += batch) {
    for (std::size_t i = 0; i < batch; ++i) {
      client.append("XADD bare * body %b", body.data(), body.size());
    }
    for (std::size_t i = 0; i < batch; ++i) client.next();
  }
}

void work(std::uint16_t port, std::size_t jobs, std::size_t batch) {
  Client client(port);
  std::uint64_t cents = 0;
  for (std::size_t done = 0; done < jobs;) {
    client.append("XREADGROUP GROUP workers one COUNT %d BLOCK 100 STREAMS bare >",
                  static_cast<int>(batch));
    const Reply reply = client.next();
    if (reply->type != REDIS_REPLY_ARRAY) continue;
    const redisReply& entries = *reply->element[0]->element[1];
    std::string acks = "XACK bare workers";
    std::string removals = "XDEL bare";
    for (std::size_t i = 0; i < entries.elements; ++i) {
      const redisReply& entry = *entries.element[i];
      const redisReply& body = *entry.element[1]->element[1];
      const auto job = nlohmann::json::parse(std::string_view(body.str, body.len));
      cents += job.at("payload").at("cents").get<std::uint64_t>();
      (acks += ' ') += entry.element[0]->str;
      (removals += ' ') += entry.element[0]->str;
    }
    client.append(acks.c_str());
    client.append(removals.c_str());
    client.next();
    client.next();
    done += entries.elements;
  }
  if (cents == 0) throw std::runtime_error("the jobs were empty");
}

}  // namespace

double bare_redis_jobs_per_second(std::uint16_t port, std::size_t jobs, std::size_t batch,
                                  const std::string& body) {
  {
    Client client(port);
    client.append("DEL bare");
    client.append("XGROUP CREATE bare workers 0 MKSTREAM");
    client.next();
    client.next();
  }
  const auto begin = std::chrono::steady_clock::now();
  std::thread sending([&] { send(port, jobs, batch, body); });
  work(port, jobs, batch);
  sending.join();
  return static_cast<double>(jobs) /
         std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace bench
