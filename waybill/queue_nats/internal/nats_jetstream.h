// NatsJetStream: JetStream's requests, made again until they are answered.
//
// Thread-safe. Throws NatsLost and NatsRefusal.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include <waybill/queue/message.h>
#include <waybill/queue_nats/internal/nats_call.h>

namespace waybill::queue::internal {

// The server's own words; nothing has been done.
class NatsRefusal : public std::runtime_error {
 public:
  NatsRefusal(int code, const std::string& text) : std::runtime_error(text), code_(code) {}
  int code() const noexcept { return code_; }

 private:
  int code_;
};

// What a stream says of a message that it was sent.
struct NatsStored {
  std::uint64_t sequence = 0;
  bool is_duplicate = false;
};

// A message as a stream has it.
struct NatsKept {
  std::uint64_t sequence = 0;
  std::string subject;
  Headers headers;
  std::string body;
  Time stored;
};

class NatsJetStream {
 public:
  static constexpr int kNoStream = 10'059;
  static constexpr int kNoConsumer = 10'014;
  static constexpr int kNoMessage = 10'037;
  static constexpr int kWrongSequence = 10'071;

  explicit NatsJetStream(const NatsSettings& settings)
      : timeout_(settings.timeout), replicas_(settings.replicas), connection_(settings) {}

  NatsConnection& connection() noexcept { return connection_; }
  std::chrono::milliseconds timeout() const noexcept { return timeout_; }
  int replicas() const noexcept { return replicas_; }

  // All of what is asked may be asked twice. Where this concerns the leader of a stream, or of a
  // consumer ("STREAM.CONSUMER"), another one is elected if that one stays silent.
  void ask(NatsCall& call, std::string_view leader = {});

  // One attempt after the other, until the time-out: what ask() does, for those who cannot ask the
  // same twice.
  class Attempts {
   public:
    explicit Attempts(NatsJetStream& jet);
    // Once there is a connection. Throws NatsLost when the time is over.
    NatsCall::Outcome ask(NatsCall& call, std::chrono::milliseconds patience);
    // Before the next attempt: waits a moment, or sees to it that somebody is there.
    void prepare_another(NatsCall::Outcome last, std::string_view leader);

   private:
    NatsConnection::Clock::time_point now() const { return NatsConnection::Clock::now(); }
    void pause(std::chrono::milliseconds time) const;

    NatsJetStream& jet_;
    const NatsConnection::Clock::time_point deadline_;
    NatsConnection::Clock::time_point heal_at_;
    NatsConnection::Clock::time_point step_down_at_;
  };

  // "$JS.API." + what. Throws NatsRefusal for an error.
  nlohmann::json request(const std::string& what, const nlohmann::json& body);
  // Does not wait for an answer.
  void request_later(const std::string& what, const nlohmann::json& body);

  // Makes it where there is none, and again when nobody answers to its subjects. Once is enough.
  void need_stream(const nlohmann::json& config);
  void need_consumer(const std::string& stream, const nlohmann::json& config);
  bool has_stream(const std::string& stream);

  // What a stream answered; throws NatsRefusal.
  static NatsStored stored(const natsMsg& answer);
  // The message expects its subject's last one to have this sequence.
  static void expect_last(natsMsg& message, std::uint64_t sequence);
  // Stores if the subject's last message has this sequence. Nullopt: it has not, or so it seems if
  // the first attempt had come through and its answer was lost: compare what is there.
  std::optional<std::uint64_t> replace(const std::string& stream, const std::string& subject,
                                       std::string_view body, std::uint64_t expected);

  // Nullopt: there is none, or no such stream.
  std::optional<NatsKept> last_of(const std::string& stream, const std::string& subject);
  std::optional<NatsKept> next_of(const std::string& stream, const std::string& subject,
                                  std::uint64_t sequence);
  std::optional<NatsKept> at(const std::string& stream, std::uint64_t sequence);
  // False: there was none.
  bool remove(const std::string& stream, std::uint64_t sequence);

 private:
  std::optional<NatsKept> get(const std::string& stream, const nlohmann::json& which);
  void step_down(std::string_view leader);
  void make_all();

  const std::chrono::milliseconds timeout_;
  const int replicas_;
  NatsConnection connection_;

  // By the request that makes it.
  std::mutex mutex_;
  std::vector<std::pair<std::string, std::string>> needed_;
};

}  // namespace waybill::queue::internal
