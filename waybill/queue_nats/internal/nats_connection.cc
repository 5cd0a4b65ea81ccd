#include <algorithm>
#include <charconv>
#include <exception>
#include <new>
#include <utility>

#include <waybill/core/ids.h>
#include <waybill/queue_nats/internal/nats_connection.h>

namespace waybill::queue::internal {

namespace {

using std::chrono::milliseconds;
using Clock = NatsConnection::Clock;
using Options = std::unique_ptr<natsOptions, NatsFree>;

constexpr int kBufferBytes = 256 * 1024;
constexpr std::int64_t kReconnectWaitMs = 100;
constexpr std::int64_t kPingIntervalMs = 5'000;

// What the client library's threads are given: alive as long as any of them may use it.
using Shared = std::shared_ptr<NatsMailbox>;
NatsMailbox& mailbox_of(void* closure) noexcept {
  return **static_cast<Shared*>(closure);
}
void drop(void* closure) {
  delete static_cast<Shared*>(closure);
}

std::int64_t left(Clock::time_point deadline) {
  return std::max<std::int64_t>(1,
                                std::chrono::ceil<milliseconds>(deadline - Clock::now()).count());
}

Options options_for(const NatsSettings& settings, Shared* closure) {
  natsOptions* created = nullptr;
  check_nats(natsOptions_Create(&created), "options");
  Options options(created);
  const std::vector<std::string> urls = settings.server_urls();
  std::vector<const char*> pointers;
  for (const std::string& url : urls) pointers.push_back(url.c_str());
  natsOptions* set = options.get();
  check_nats(natsOptions_SetServers(set, pointers.data(), static_cast<int>(pointers.size())),
             "servers");
  if (!settings.user.empty()) {
    check_nats(natsOptions_SetUserInfo(set, settings.user.c_str(), settings.password.c_str()),
               "user");
  }
  if (!settings.token.empty()) {
    check_nats(natsOptions_SetToken(set, settings.token.c_str()), "token");
  }
  if (!settings.tls.empty()) {
    check_nats(natsOptions_SetSecure(set, true), "tls");
    if (settings.tls != "on") {
      const natsStatus status = natsOptions_LoadCATrustedCertificates(set, settings.tls.c_str());
      if (status != NATS_OK) throw NatsLost("no certificates in " + settings.tls);
    }
  }
  check_nats(natsOptions_SetName(set, "waybill"), "name");
  check_nats(natsOptions_SetTimeout(set, settings.timeout.count()), "timeout");
  check_nats(natsOptions_SetWriteDeadline(set, settings.timeout.count()), "write deadline");
  check_nats(natsOptions_SetMaxReconnect(set, -1), "reconnect");
  check_nats(natsOptions_SetReconnectWait(set, kReconnectWaitMs), "reconnect");
  check_nats(natsOptions_SetReconnectJitter(set, kReconnectWaitMs, kReconnectWaitMs), "reconnect");
  // What is not sent is sent again by those who asked.
  check_nats(natsOptions_SetReconnectBufSize(set, 1), "reconnect");
  check_nats(natsOptions_SetPingInterval(set, kPingIntervalMs), "ping");
  check_nats(natsOptions_SetMaxPingsOut(set, 2), "ping");
  check_nats(natsOptions_SetIOBufSize(set, kBufferBytes), "buffer");
  check_nats(
      natsOptions_SetDisconnectedCB(
          set, [](natsConnection*, void* shared) { mailbox_of(shared).set_up(false); }, closure),
      "callback");
  check_nats(
      natsOptions_SetReconnectedCB(
          set, [](natsConnection*, void* shared) { mailbox_of(shared).set_up(true); }, closure),
      "callback");
  // The last that comes; then nobody uses the closure any more.
  check_nats(natsOptions_SetClosedCB(
                 set,
                 [](natsConnection*, void* shared) {
                   mailbox_of(shared).set_up(false);
                   drop(shared);
                 },
                 closure),
             "callback");
  return options;
}

// "INBOX.CALL.QUESTION"
bool read_address(std::string_view subject, std::uint64_t& call, std::size_t& question) {
  const std::size_t last = subject.rfind('.');
  if (last == std::string_view::npos || last == 0) return false;
  const std::size_t before = subject.rfind('.', last - 1);
  if (before == std::string_view::npos) return false;
  const char* end = subject.data() + subject.size();
  return std::from_chars(subject.data() + before + 1, end, call).ptr == subject.data() + last &&
         std::from_chars(subject.data() + last + 1, end, question).ptr == end;
}

// "$JS.ACK.STREAM.CONSUMER." and more, or "$JS.ACK.DOMAIN.ACCOUNT.STREAM.CONSUMER." and more, in
// twelve words: "STREAM.CONSUMER."
std::string_view consumer_of(std::string_view ack) {
  constexpr std::string_view kAck = "$JS.ACK.";
  if (!ack.starts_with(kAck)) return {};
  ack.remove_prefix(kAck.size());
  const auto skip_words = [](std::string_view text, int count) {
    std::size_t at = 0;
    for (int i = 0; i < count && at != std::string_view::npos; ++i) {
      at = text.find('.', at);
      if (at != std::string_view::npos) ++at;
    }
    return std::min(at, text.size());
  };
  if (std::ranges::count(ack, '.') >= 9) ack.remove_prefix(skip_words(ack, 2));
  return ack.substr(0, skip_words(ack, 2));
}

// JetStream in the middle of an election, which asks to come again: its API, a leader that is none
// any more, and one that was overtaken.
bool asks_to_come_again(std::string_view answer) {
  if (answer.find("\"code\":503") == std::string_view::npos) return false;
  constexpr std::string_view kCode = "\"err_code\":";
  const std::size_t at = answer.find(kCode);
  if (at == std::string_view::npos) return true;
  const std::string_view code = answer.substr(at + kCode.size());
  return code.starts_with("10004") || code.starts_with("10008") || code.starts_with("10063");
}

}  // namespace

void NatsMailbox::set_up(bool is_up) noexcept {
  const std::lock_guard lock(mutex);
  if (!is_up) {
    ++breaks;
    for (const auto& [id, call] : calls) call->answered_.notify_one();
  }
  changed.notify_all();
}

void NatsMailbox::receive(natsConnection* connection, NatsMessage message) {
  const std::string_view ack = nats_reply(*message);
  if (ack.empty()) {
    std::uint64_t call = 0;
    std::size_t question = 0;
    if (!read_address(natsMsg_GetSubject(message.get()), call, question)) return;
    const auto found = calls.find(call);
    if (found != calls.end()) found->second->take(question, message);
    return;
  }
  // A delivery: its subject is the one that it was sent to.
  const std::string_view consumer = consumer_of(ack);
  for (const auto& [id, call] : calls) {
    if (call->take_delivery(consumer, message)) return;
  }
  if (takers == 0) {
    natsConnection_PublishString(connection, natsMsg_GetReply(message.get()), "-NAK");
    return;
  }
  strays.push_back(std::move(message));
  changed.notify_all();
}

void check_nats(natsStatus status, const char* what) {
  if (status == NATS_OK) return;
  if (status == NATS_NO_MEMORY) throw std::bad_alloc();
  throw NatsLost(std::string(what) + ": " + natsStatus_GetText(status));
}

NatsConnection::NatsConnection(const NatsSettings& settings)
    : timeout_(settings.timeout), inbox_("_INBOX." + TraceId::random().to_hex() + '.') {
  auto closure = std::make_unique<Shared>(mailbox_);
  const Options options = options_for(settings, closure.get());
  natsConnection* connected = nullptr;
  const natsStatus status = natsConnection_Connect(&connected, options.get());
  if (status != NATS_OK) {
    natsStatus last = status;
    const char* text = nats_GetLastError(&last);
    throw NatsLost(std::string(natsStatus_GetText(status)) +
                   (text != nullptr && *text != '\0' ? std::string(": ") + text : ""));
  }
  connection_.reset(connected);
  closure.release();  // the callback of the end drops it

  subscription_ =
      subscribe(inbox_ + "*.*", nullptr,
                [](natsConnection* nc, natsSubscription*, natsMsg* message, void* shared) {
                  NatsMessage owned(message);
                  NatsMailbox& mailbox = mailbox_of(shared);
                  const std::lock_guard lock(mailbox.mutex);
                  try {
                    mailbox.receive(nc, std::move(owned));
                  } catch (const std::bad_alloc&) {
                    // As if it had been lost on the way.
                  }
                });
}

NatsConnection::~NatsConnection() = default;

std::size_t NatsConnection::most_bytes() const noexcept {
  return static_cast<std::size_t>(natsConnection_GetMaxPayload(connection_.get()));
}

std::uint64_t NatsConnection::breaks() const {
  const std::lock_guard lock(mailbox_->mutex);
  return mailbox_->breaks;
}

bool NatsConnection::is_up() const noexcept {
  return natsConnection_Status(connection_.get()) == NATS_CONN_STATUS_CONNECTED;
}

bool NatsConnection::wait_until_up(Clock::time_point deadline) {
  constexpr milliseconds kGlance{50};
  std::unique_lock lock(mailbox_->mutex);
  while (!is_up()) {
    const auto now = Clock::now();
    if (now >= deadline) return false;
    mailbox_->changed.wait_until(lock, std::min(deadline, now + kGlance));
  }
  return true;
}

void NatsConnection::publish(const std::string& subject, std::string_view body) noexcept {
  if (!is_up()) return;
  natsConnection_Publish(connection_.get(), subject.c_str(), body.data(),
                         static_cast<int>(body.size()));
}

void NatsConnection::flush() noexcept {
  if (is_up()) natsConnection_FlushTimeout(connection_.get(), timeout_.count());
}

std::unique_ptr<natsSubscription, NatsFree> NatsConnection::subscribe(const std::string& subject,
                                                                      const char* group,
                                                                      natsMsgHandler handler) {
  auto closure = std::make_unique<Shared>(mailbox_);
  natsSubscription* subscribed = nullptr;
  natsConnection* const connection = connection_.get();
  check_nats(group == nullptr
                 ? natsConnection_Subscribe(&subscribed, connection, subject.c_str(), handler,
                                            closure.get())
                 : natsConnection_QueueSubscribe(&subscribed, connection, subject.c_str(), group,
                                                 handler, closure.get()),
             "subscription");
  std::unique_ptr<natsSubscription, NatsFree> subscription(subscribed);
  check_nats(natsSubscription_SetOnCompleteCB(subscribed, drop, closure.get()), "subscription");
  closure.release();
  check_nats(natsSubscription_SetPendingLimits(subscribed, -1, -1), "subscription");
  return subscription;
}

std::unique_ptr<natsSubscription, NatsFree> NatsConnection::listen(const std::string& subject) {
  return subscribe(subject, "waybill",
                   [](natsConnection*, natsSubscription*, natsMsg* message, void* shared) {
                     const NatsMessage owned(message);
                     NatsMailbox& mailbox = mailbox_of(shared);
                     const std::lock_guard lock(mailbox.mutex);
                     ++mailbox.rings;
                     mailbox.changed.notify_all();
                   });
}

void NatsConnection::heed(const std::string& subject) {
  heeded_ = subscribe(subject, nullptr,
                      [](natsConnection*, natsSubscription*, natsMsg* message, void* shared) {
                        const NatsMessage owned(message);
                        NatsMailbox& mailbox = mailbox_of(shared);
                        const std::lock_guard lock(mailbox.mutex);
                        ++mailbox.notices;
                      });
}

std::uint64_t NatsConnection::notices() const {
  const std::lock_guard lock(mailbox_->mutex);
  return mailbox_->notices;
}

std::uint64_t NatsConnection::rings() const {
  const std::lock_guard lock(mailbox_->mutex);
  return mailbox_->rings;
}

void NatsConnection::wait_for_ring(std::uint64_t since, Clock::time_point deadline) {
  std::unique_lock lock(mailbox_->mutex);
  mailbox_->changed.wait_until(
      lock, deadline, [&] { return mailbox_->rings != since || !mailbox_->strays.empty(); });
}

void NatsConnection::begin_taking() {
  const std::lock_guard lock(mailbox_->mutex);
  ++mailbox_->takers;
}

void NatsConnection::end_taking() noexcept {
  std::vector<NatsMessage> left;
  {
    const std::lock_guard lock(mailbox_->mutex);
    if (--mailbox_->takers == 0) left.swap(mailbox_->strays);
  }
  for (const NatsMessage& message : left) publish(natsMsg_GetReply(message.get()), "-NAK");
}

std::vector<NatsMessage> NatsConnection::take_strays() {
  const std::lock_guard lock(mailbox_->mutex);
  return std::exchange(mailbox_->strays, {});
}

NatsCall::NatsCall(NatsConnection& connection)
    : connection_(connection), mailbox_(*connection.mailbox_), id_(++mailbox_.last_call) {}

NatsCall::~NatsCall() {
  const std::lock_guard lock(mailbox_.mutex);
  mailbox_.calls.erase(id_);
}

natsMsg& NatsCall::add(const std::string& subject, std::string_view body) {
  return add(subject, body, 1, {});
}

void NatsCall::add_pull(const std::string& stream, const std::string& consumer, std::size_t most,
                        const std::string& options) {
  add("$JS.API.CONSUMER.MSG.NEXT." + stream + '.' + consumer,
      "{\"batch\":" + std::to_string(most) + options + '}', most, stream + '.' + consumer + '.');
}

natsMsg& NatsCall::add(const std::string& subject, std::string_view body, std::size_t most,
                       std::string consumer) {
  const std::string reply =
      connection_.inbox_ + std::to_string(id_) + '.' + std::to_string(questions_.size());
  natsMsg* created = nullptr;
  check_nats(natsMsg_Create(&created, subject.c_str(), reply.c_str(), body.data(),
                            static_cast<int>(body.size())),
             "message");
  NatsMessage message(created);
  has_pulls_ = has_pulls_ || !consumer.empty();
  questions_.push_back(
      {.message = std::move(message), .most = most, .consumer = std::move(consumer)});
  ++open_;
  return *created;
}

bool NatsCall::send() {
  std::vector<natsMsg*> messages;
  {
    const std::lock_guard lock(mailbox_.mutex);
    mailbox_.calls.emplace(id_, this);
    for (const Question& question : questions_) {
      if (!question.is_answered) messages.push_back(question.message.get());
    }
  }
  for (natsMsg* const message : messages) {
    const natsStatus status = natsConnection_PublishMsg(connection_.connection_.get(), message);
    if (status == NATS_NO_MEMORY) throw std::bad_alloc();
    if (status == NATS_MAX_PAYLOAD) throw NatsLost("larger than the server's max_payload");
    if (status != NATS_OK) return false;
  }
  return true;
}

NatsCall::Outcome NatsCall::ask(Clock::time_point deadline) {
  std::uint64_t breaks = 0;
  {
    const std::lock_guard lock(mailbox_.mutex);
    nobody_there_ = false;
    breaks = mailbox_.breaks;
  }
  if (!send()) return Outcome::kBroken;
  natsConnection_FlushTimeout(connection_.connection_.get(), left(deadline));
  std::unique_lock lock(mailbox_.mutex);
  answered_.wait_until(lock, deadline,
                       [&] { return open_ == 0 || nobody_there_ || mailbox_.breaks != breaks; });
  if (open_ == 0) return Outcome::kAnswered;
  if (mailbox_.breaks != breaks) return Outcome::kBroken;
  return nobody_there_ ? Outcome::kNobodyThere : Outcome::kSilence;
}

void NatsCall::post() {
  {
    const std::lock_guard lock(mailbox_.mutex);
    rings_ = true;
  }
  send();
}

std::vector<NatsMessage> NatsCall::take_deliveries(std::size_t index) {
  const std::lock_guard lock(mailbox_.mutex);
  return std::exchange(questions_[index].answers, {});
}

bool NatsCall::is_answered() const {
  const std::lock_guard lock(mailbox_.mutex);
  return open_ == 0 || nobody_there_;
}

bool NatsCall::is_answered(std::size_t index) const {
  const std::lock_guard lock(mailbox_.mutex);
  return questions_[index].is_answered;
}

bool NatsCall::take(std::size_t index, NatsMessage& message) {
  if (index >= questions_.size() || questions_[index].is_answered) return false;
  Question& question = questions_[index];
  if (natsMsg_IsNoResponders(message.get()) || asks_to_come_again(nats_body(*message))) {
    nobody_there_ = true;
    answered_.notify_one();
    return true;
  }
  if (question.consumer.empty()) question.answers.push_back(std::move(message));
  note_answer(question);
  return true;
}

bool NatsCall::take_delivery(std::string_view consumer, NatsMessage& message) {
  if (!has_pulls_) return false;
  for (Question& question : questions_) {
    if (question.is_answered || question.consumer.empty() || question.consumer != consumer) {
      continue;
    }
    question.answers.push_back(std::move(message));
    if (--question.most == 0) note_answer(question);
    return true;
  }
  return false;
}

void NatsCall::note_answer(Question& question) noexcept {
  question.is_answered = true;
  if (--open_ > 0) return;
  answered_.notify_one();
  if (!rings_) return;
  ++mailbox_.rings;
  mailbox_.changed.notify_all();
}

}  // namespace waybill::queue::internal
