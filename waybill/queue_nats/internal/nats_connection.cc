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
using ClientOptions = std::unique_ptr<natsOptions, NatsFree>;

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

ClientOptions options_for(const NatsSettings& settings, Shared* closure) {
  natsOptions* created = nullptr;
  check_nats(natsOptions_Create(&created), "options");
  ClientOptions options(created);
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

}  // namespace

void check_nats(natsStatus status, const char* what) {
  if (status == NATS_OK) return;
  if (status == NATS_NO_MEMORY) throw std::bad_alloc();
  throw NatsLost(std::string(what) + ": " + natsStatus_GetText(status));
}

NatsConnection::NatsConnection(const NatsSettings& settings)
    : timeout_(settings.timeout), inbox_("_INBOX." + TraceId::random().to_hex() + '.') {
  auto closure = std::make_unique<Shared>(mailbox_);
  const ClientOptions options = options_for(settings, closure.get());
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

}  // namespace waybill::queue::internal
