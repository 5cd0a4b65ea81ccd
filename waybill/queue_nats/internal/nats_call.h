// NatsCall: what is asked over a connection in one go, and the answers.
//
// Used by one thread; does not outlive its connection.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/queue_nats/internal/nats_connection.h>

namespace waybill::queue::internal {

class NatsCall {
 public:
  explicit NatsCall(NatsConnection& connection);
  NatsCall(const NatsCall&) = delete;
  NatsCall& operator=(const NatsCall&) = delete;
  ~NatsCall();

  // For so many questions.
  void reserve(std::size_t questions) { questions_.reserve(questions); }
  // Before the call is sent. Headers may be added to the result.
  natsMsg& add(const std::string& subject, std::string_view body);
  // Asks a consumer for up to `most` messages. Those who ask the same consumer at the same time may
  // get each other's.
  void add_pull(const std::string& stream, const std::string& consumer, std::size_t most,
                const std::string& options);
  std::size_t size() const noexcept { return questions_.size(); }

  enum class Outcome { kAnswered, kNobodyThere, kBroken, kSilence };
  // Sends what has no answer yet, and waits until everything has.
  Outcome ask(NatsConnection::Clock::time_point deadline);
  // Sends it, and rings when all is answered.
  void post();
  bool is_answered() const;
  bool is_answered(std::size_t index) const;
  // Of a pull: what has come.
  std::vector<NatsMessage> take_deliveries(std::size_t index);
  // Once all is answered.
  const natsMsg& answer(std::size_t index) const noexcept { return *questions_[index].answer; }

 private:
  friend struct NatsMailbox;

  struct Question {
    NatsMessage message;
    std::size_t most = 1;
    std::string consumer = {};     // "STREAM.CONSUMER." of a pull
    NatsMessage answer = nullptr;  // of what is no pull
    std::vector<NatsMessage> deliveries = {};
    bool is_answered = false;
  };
  natsMsg& add(const std::string& subject, std::string_view body, std::size_t most,
               std::string consumer);
  bool send();
  // With the mailbox locked; false: nobody waits for it.
  bool take(std::size_t index, NatsMessage& message);
  bool take_delivery(std::string_view consumer, NatsMessage& message);
  void note_answer(Question& question) noexcept;

  NatsConnection& connection_;
  NatsMailbox& mailbox_;
  const std::uint64_t id_;
  std::string address_;  // of the answer to the question that was added last: "INBOX.CALL.QUESTION"
  const std::size_t address_size_;
  bool has_pulls_ = false;
  std::vector<Question> questions_;
  std::condition_variable answered_;
  std::size_t open_ = 0;
  bool nobody_there_ = false;
  bool rings_ = false;
};

}  // namespace waybill::queue::internal
