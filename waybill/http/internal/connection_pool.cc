#include <algorithm>
#include <iterator>
#include <utility>

#include <waybill/http/internal/connection_pool.h>

namespace waybill::http::internal {

ConnectionPool::ConnectionPool(boost::asio::io_context& io, Limits limits)
    : limits_(limits), expiry_(io) {}

std::shared_ptr<Wire> ConnectionPool::take(std::string_view host_and_port) {
  drop_expired();
  for (auto next = idle_.end(); next != idle_.begin();) {
    const auto candidate = std::prev(next);
    if (candidate->host_and_port != host_and_port) {
      next = candidate;
      continue;
    }
    std::shared_ptr<Wire> wire = std::move(candidate->wire);
    next = idle_.erase(candidate);
    if (wire->quiet()) return wire;
  }
  return nullptr;
}

void ConnectionPool::put(std::string host_and_port, std::shared_ptr<Wire> wire) {
  const auto until = std::chrono::steady_clock::now() + limits_.idle_timeout;
  idle_.push_back({std::move(host_and_port), std::move(wire), until});
  const std::string& host = idle_.back().host_and_port;
  const auto same_host = [&](const Idle& idle) { return idle.host_and_port == host; };
  const auto count = std::count_if(idle_.begin(), idle_.end(), same_host);
  if (static_cast<std::size_t>(count) > limits_.max_idle_per_host) {
    idle_.erase(std::find_if(idle_.begin(), idle_.end(), same_host));
  }
  if (idle_.size() > limits_.max_idle) idle_.pop_front();
  wait_for_expiry();
}

// All wait equally long, so the front one is always the next.
void ConnectionPool::drop_expired() {
  const auto now = std::chrono::steady_clock::now();
  while (!idle_.empty() && idle_.front().until <= now) idle_.pop_front();
}

void ConnectionPool::wait_for_expiry() {
  if (waiting_ || idle_.empty()) return;
  waiting_ = true;
  expiry_.expires_at(idle_.front().until);
  expiry_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const std::shared_ptr<ConnectionPool> self = weak.lock();
    if (error || !self) return;
    self->waiting_ = false;
    self->drop_expired();
    self->wait_for_expiry();
  });
}

}  // namespace waybill::http::internal
