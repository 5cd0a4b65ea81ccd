// ConnectionSet: the connections that a server has open, counted and bounded. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <unordered_set>

#include <waybill/http/internal/connection.h>

namespace waybill::http::internal {

class ConnectionSet {
 public:
  explicit ConnectionSet(std::size_t limit) : limit_(limit) {}

  bool has_room() const;
  // False when there is no room, or all have been told to stop.
  bool add(const std::shared_ptr<Connection>& connection);
  void remove(const std::shared_ptr<Connection>& connection);
  std::size_t size() const;

  // Connection::stop() for all; none can be added any more.
  void stop_all();
  // Connection::abort() for all.
  void abort_all();
  // False when some are still open after this time.
  bool wait_until_empty(std::chrono::milliseconds limit);

 private:
  const std::size_t limit_;
  mutable std::mutex mutex_;
  std::condition_variable emptied_;
  std::unordered_set<std::shared_ptr<Connection>> connections_;
  bool stopping_ = false;
};

}  // namespace waybill::http::internal
