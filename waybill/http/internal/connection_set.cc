#include <waybill/http/internal/connection_set.h>

namespace waybill::http::internal {

bool ConnectionSet::has_room() const {
  return size() < limit_;
}

bool ConnectionSet::add(const std::shared_ptr<Connection>& connection) {
  const std::lock_guard lock(mutex_);
  if (stopping_ || connections_.size() >= limit_) return false;
  connections_.insert(connection);
  return true;
}

void ConnectionSet::remove(const std::shared_ptr<Connection>& connection) {
  const std::lock_guard lock(mutex_);
  connections_.erase(connection);
  if (connections_.empty()) emptied_.notify_all();
}

std::size_t ConnectionSet::size() const {
  const std::lock_guard lock(mutex_);
  return connections_.size();
}

void ConnectionSet::stop_all() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  for (const auto& connection : connections_) connection->stop();
}

void ConnectionSet::abort_all() {
  const std::lock_guard lock(mutex_);
  for (const auto& connection : connections_) connection->abort();
}

bool ConnectionSet::wait_until_empty(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return emptied_.wait_for(lock, limit, [this] { return connections_.empty(); });
}

}  // namespace waybill::http::internal
