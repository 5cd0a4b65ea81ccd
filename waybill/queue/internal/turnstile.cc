#include <algorithm>
#include <cerrno>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <waybill/core/error.h>
#include <waybill/queue/internal/turnstile.h>

namespace waybill::queue::internal {

Turnstile::Turnstile(const std::filesystem::path& file)
    : file_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
  if (file_ < 0) {
    throw Error("queue file '" + file.string() +
                "' cannot be used: " + std::generic_category().message(errno));
  }
}

Turnstile::~Turnstile() {
  close(file_);
}

void Turnstile::enter(std::chrono::milliseconds patience) noexcept {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (int tries = 0; flock(file_, LOCK_EX | LOCK_NB) != 0; ++tries) {
    if (errno != EWOULDBLOCK && errno != EINTR) return;
    if (std::chrono::steady_clock::now() >= deadline) return;
    pause_before_retry(tries);
  }
}

void Turnstile::leave() noexcept {
  flock(file_, LOCK_UN);
}

void pause_before_retry(int tries) noexcept {
  std::this_thread::sleep_for(std::chrono::microseconds(100) * (std::clamp(tries, 0, 9) + 1));
}

}  // namespace waybill::queue::internal
