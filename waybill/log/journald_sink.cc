#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>

#include <waybill/log/internal/datagram_socket.h>
#include <waybill/log/internal/guarded_write.h>
#include <waybill/log/internal/journald_entry.h>
#include <waybill/log/journald_sink.h>
#include <waybill/pipeline/consumer.h>

namespace waybill {
namespace {

constexpr int kSendBuffer = 8 * 1024 * 1024;

// Memory that nobody can change any more, as the journal demands it; not open where there is none.
internal::Descriptor sealed_memory(std::string_view content) noexcept {
  internal::Descriptor memory(::memfd_create("waybill-journal", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!memory.is_open()) return memory;
  const bool complete = internal::guarded_write(memory.get(), content).written == content.size();
  constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
  if (!complete || ::fcntl(memory.get(), F_ADD_SEALS, kSeals) != 0) return internal::Descriptor();
  return memory;
}

class JournaldSink final : public LogRecordSink {
 public:
  explicit JournaldSink(JournaldOptions options)
      : path_(options.socket_path),
        entry_(std::move(options.identifier)),
        socket_(internal::DatagramSocket::to_path("socket_path", path_)) {
    socket_.set_send_buffer(kSendBuffer);
  }

  bool write(const LogRecord& record) override {
    const std::string_view entry = entry_.build(record);
    if (!send(entry)) return false;
    detail::count_sink({.bytes = entry.size()});
    return true;
  }

  std::string name() const override { return "journal '" + path_ + "'"; }

 private:
  bool send(std::string_view entry) noexcept {
    const std::error_code error = socket_.send(entry);
    if (error != std::errc::message_size && error != std::errc::no_buffer_space) return !error;
    const internal::Descriptor memory = sealed_memory(entry);
    return memory.is_open() && !socket_.send_descriptor(memory.get());
  }

  std::string path_;
  internal::JournaldEntry entry_;
  internal::DatagramSocket socket_;
};

}  // namespace

std::shared_ptr<LogRecordSink> journald_sink(JournaldOptions options) {
  return std::make_shared<JournaldSink>(std::move(options));
}

}  // namespace waybill
