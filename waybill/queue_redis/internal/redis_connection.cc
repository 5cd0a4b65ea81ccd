#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <waybill/queue_redis/internal/redis_connection.h>

namespace waybill::queue::internal {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

timeval to_timeval(milliseconds duration) noexcept {
  return {.tv_sec = static_cast<time_t>(duration.count() / 1000),
          .tv_usec = static_cast<suseconds_t>(duration.count() % 1000 * 1000)};
}

[[noreturn]] void throw_lost(const char* what) {
  const int error = errno;
  const bool is_late = error == EAGAIN || error == EWOULDBLOCK;
  throw RedisConnectionLost(
      std::string(what) + ": " +
      (is_late ? "no answer within the time-out" : std::generic_category().message(error)));
}

RedisReply no_error(RedisReply reply) {
  if (reply->type == REDIS_REPLY_ERROR) throw RedisRefusal(std::string(text_of(*reply)));
  return reply;
}

}  // namespace

void RedisParts::append(const RedisParts& parts) {
  bytes_ += parts.bytes_;
  count_ += parts.count_;
}

void RedisParts::append_command(const RedisParts& parts) {
  begin_command(parts.count_);
  bytes_ += parts.bytes_;
}

void RedisParts::begin_command(std::size_t parts) {
  bytes_ += '*';
  bytes_ += std::to_string(parts);
  bytes_ += "\r\n";
}

void RedisParts::add(std::string_view part) {
  bytes_ += '$';
  bytes_ += std::to_string(part.size());
  bytes_ += "\r\n";
  bytes_ += part;
  bytes_ += "\r\n";
  ++count_;
}

RedisConnection::RedisConnection(const ServerUrl::Server& server, const RedisSettings& settings)
    : context_(
          redisConnectWithTimeout(server.host.c_str(), server.port, to_timeval(settings.timeout))) {
  if (context_ == nullptr) throw std::bad_alloc();
  if (context_->err != 0) throw RedisConnectionLost(context_->errstr);
  if (redisSetTimeout(context_.get(), to_timeval(settings.timeout)) != REDIS_OK ||
      redisEnableKeepAlive(context_.get()) != REDIS_OK) {
    throw RedisConnectionLost(context_->errstr);
  }
  if (!settings.user.empty()) {
    call({"AUTH", settings.user, settings.password});
  } else if (!settings.password.empty()) {
    call({"AUTH", settings.password});
  }
  if (settings.database != 0) call({"SELECT", std::to_string(settings.database)});
}

RedisReply RedisConnection::call(const RedisParts& first, const RedisParts& second,
                                 const RedisParts& third) {
  const std::string head =
      '*' + std::to_string(first.count() + second.count() + third.count()) + "\r\n";
  send({head, first.bytes(), second.bytes(), third.bytes()});
  return no_error(read_reply());
}

RedisReply RedisConnection::transact(std::size_t count, const RedisParts& first,
                                     const RedisParts& second) {
  send({"*1\r\n$5\r\nMULTI\r\n", first.bytes(), second.bytes(), "*1\r\n$4\r\nEXEC\r\n"});
  // Each is answered when it is queued; where one is refused, that says more than the last answer.
  RedisReply refused;
  for (std::size_t i = 0; i < count + 1; ++i) {
    RedisReply queued = read_reply();
    if (refused == nullptr && queued->type == REDIS_REPLY_ERROR) refused = std::move(queued);
  }
  RedisReply reply = read_reply();
  if (refused != nullptr) no_error(std::move(refused));
  return no_error(std::move(reply));
}

RedisReply RedisConnection::read_reply() {
  RedisReply reply = next_reply();
  while (reply == nullptr) {
    read_some(0);
    reply = next_reply();
  }
  return reply;
}

void RedisConnection::send(std::array<std::string_view, 4> pieces) {
  for (;;) {
    std::array<iovec, pieces.size()> vectors{};
    std::size_t count = 0;
    for (const std::string_view piece : pieces) {
      // The system copies what it is given, and changes nothing.
      if (piece.empty()) continue;
      vectors[count++] = {.iov_base = const_cast<char*>(piece.data()), .iov_len = piece.size()};
    }
    if (count == 0) return;
    msghdr message{};
    message.msg_iov = vectors.data();
    message.msg_iovlen = count;
    const ssize_t sent = sendmsg(context_->fd, &message, MSG_NOSIGNAL);
    if (sent < 0 && errno != EINTR) throw_lost("the connection broke");
    auto gone = static_cast<std::size_t>(std::max<ssize_t>(sent, 0));
    for (std::string_view& piece : pieces) {
      const std::size_t of_this = std::min(gone, piece.size());
      piece.remove_prefix(of_this);
      gone -= of_this;
    }
  }
}

RedisReply RedisConnection::next_reply() {
  void* reply = nullptr;
  if (redisReaderGetReply(context_->reader, &reply) != REDIS_OK) {
    throw RedisConnectionLost(std::string("not Redis's protocol: ") + context_->reader->errstr);
  }
  return RedisReply(static_cast<redisReply*>(reply));
}

void RedisConnection::read_some(int flags) {
  std::array<char, 65'536> buffer;
  ssize_t size = 0;
  do {
    size = recv(context_->fd, buffer.data(), buffer.size(), flags);
  } while (size < 0 && errno == EINTR);
  if (size == 0) throw RedisConnectionLost("the server closed the connection");
  if (size < 0) throw_lost("the connection broke");
  if (redisReaderFeed(context_->reader, buffer.data(), static_cast<std::size_t>(size)) !=
      REDIS_OK) {
    throw std::bad_alloc();
  }
}

bool RedisConnection::wait_until(steady_clock::time_point deadline) {
  bool has_come = false;
  for (;;) {
    while (next_reply() != nullptr) has_come = true;
    if (has_come) return true;
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd socket{.fd = context_->fd, .events = POLLIN, .revents = 0};
    const int ready =
        poll(&socket, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 60'000)));
    if (ready < 0 && errno != EINTR) throw_lost("the connection broke");
    if (ready > 0) read_some(MSG_DONTWAIT);
  }
}

}  // namespace waybill::queue::internal
