// NatsConnection: one connection to NATS, which finds its way back by itself when it breaks.
// NatsCall: what is asked over it in one go, and the answers.
//
// All answers come over one subscription, made once. A connection is thread-safe; a call is used by
// one thread, and does not outlive its connection.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <nats/nats.h>

#include <waybill/queue_nats/internal/nats_settings.h>

namespace waybill::queue::internal {

// Not known whether what was asked is done.
class NatsLost : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct NatsFree {
  void operator()(natsMsg* message) const noexcept { natsMsg_Destroy(message); }
  void operator()(natsOptions* options) const noexcept { natsOptions_Destroy(options); }
  void operator()(natsSubscription* subscription) const noexcept {
    natsSubscription_Destroy(subscription);
  }
  void operator()(natsConnection* connection) const noexcept { natsConnection_Destroy(connection); }
};
using NatsMessage = std::unique_ptr<natsMsg, NatsFree>;

// For what the client library says of memory and of arguments.
void check_nats(natsStatus status, const char* what);

inline std::string_view nats_body(const natsMsg& message) noexcept {
  return {natsMsg_GetData(&message), static_cast<std::size_t>(natsMsg_GetDataLength(&message))};
}
inline std::string_view nats_reply(const natsMsg& message) noexcept {
  const char* reply = natsMsg_GetReply(&message);
  return reply == nullptr ? std::string_view() : std::string_view(reply);
}

class NatsCall;

// What the connection's own threads share with those that ask.
struct NatsMailbox {
  // From the client library's threads.
  void set_up(bool is_up) noexcept;
  void receive(natsConnection* connection, NatsMessage message);

  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::uint64_t, NatsCall*> calls;
  std::atomic<std::uint64_t> last_call = 0;
  // Deliveries that no pull waits for any more, while somebody is about to pull.
  std::vector<NatsMessage> strays;
  int takers = 0;
  std::uint64_t rings = 0;
  std::uint64_t notices = 0;
  std::uint64_t breaks = 0;
};

class NatsConnection {
 public:
  using Clock = std::chrono::steady_clock;

  // Connects. Throws NatsLost.
  explicit NatsConnection(const NatsSettings& settings);
  NatsConnection(const NatsConnection&) = delete;
  NatsConnection& operator=(const NatsConnection&) = delete;
  ~NatsConnection();

  std::size_t most_bytes() const noexcept;
  // How often it has broken.
  std::uint64_t breaks() const;
  // False: it was down all the time.
  bool wait_until_up(Clock::time_point deadline);

  // Nobody knows whether it arrives. Dropped while the connection is down.
  void publish(const std::string& subject, std::string_view body) noexcept;
  // As soon as can be, rather than within a millisecond; waits until the server has read it.
  void flush() noexcept;

  // Rings in this process when somebody publishes to this subject; of all processes that listen,
  // in one of them. Until the result is dropped.
  std::unique_ptr<natsSubscription, NatsFree> listen(const std::string& subject);
  std::uint64_t rings() const;
  // From here on counts what anybody publishes to this subject. Once.
  void heed(const std::string& subject);
  std::uint64_t notices() const;
  // Returns when it has rung since, or a delivery has strayed here.
  void wait_for_ring(std::uint64_t since, Clock::time_point deadline);
  // Between them, what strays here is kept; otherwise it goes back at once.
  void begin_taking();
  void end_taking() noexcept;
  std::vector<NatsMessage> take_strays();

 private:
  friend class NatsCall;

  bool is_up() const noexcept;
  std::unique_ptr<natsSubscription, NatsFree> subscribe(const std::string& subject,
                                                        const char* group, natsMsgHandler handler);

  std::shared_ptr<NatsMailbox> mailbox_ = std::make_shared<NatsMailbox>();
  std::chrono::milliseconds timeout_;
  std::string inbox_;
  std::unique_ptr<natsConnection, NatsFree> connection_;
  std::unique_ptr<natsSubscription, NatsFree> subscription_;
  std::unique_ptr<natsSubscription, NatsFree> heeded_;
};

class NatsCall {
 public:
  explicit NatsCall(NatsConnection& connection);
  NatsCall(const NatsCall&) = delete;
  NatsCall& operator=(const NatsCall&) = delete;
  ~NatsCall();

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
  const natsMsg& answer(std::size_t index) const noexcept {
    return *questions_[index].answers.front();
  }

 private:
  friend class NatsConnection;
  friend struct NatsMailbox;

  struct Question {
    NatsMessage message;
    std::size_t most = 1;
    std::string consumer = {};  // "STREAM.CONSUMER." of a pull
    std::vector<NatsMessage> answers = {};
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
  bool has_pulls_ = false;
  std::vector<Question> questions_;
  std::condition_variable answered_;
  std::size_t open_ = 0;
  bool nobody_there_ = false;
  bool rings_ = false;
};

}  // namespace waybill::queue::internal
