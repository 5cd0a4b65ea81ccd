// What the capture under way does with lines.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <source_location>
#include <string_view>
#include <utility>

#include <waybill/log/log.h>
#include <waybill/pipeline/consumer.h>

namespace waybill::stdio_bridge::detail {

enum class Stream : std::uint8_t { kOutput, kError };
inline constexpr std::size_t kStreams = 2;

struct LinesOfStream {
  Logger logger;
  Level level;
  bool captured;
};

// Immutable, and never freed: a thread may be printing under it when it ends.
struct CaptureSettings {
  std::size_t longest_line;
  std::array<LinesOfStream, kStreams> streams;

  const LinesOfStream& of(Stream stream) const noexcept {
    return streams[static_cast<std::size_t>(stream)];
  }
};

inline const CaptureSettings& keep_settings(CaptureSettings settings) {
  static auto& all = *new std::deque<CaptureSettings>;
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  return all.emplace_back(std::move(settings));
}

// Null: nothing is captured.
inline constinit std::atomic<const CaptureSettings*> g_settings = nullptr;

// What is printed while a line is being recorded is not captured, nor what a sink prints: it would
// never come to an end.
inline constinit thread_local bool t_recording = false;

// Null: this thread's text is to go where it always went.
inline const CaptureSettings* settings_for(Stream stream) noexcept {
  if (t_recording || waybill::detail::is_consuming()) return nullptr;
  const CaptureSettings* settings = g_settings.load(std::memory_order_acquire);
  return settings != nullptr && settings->of(stream).captured ? settings : nullptr;
}

inline void record_line(const CaptureSettings& settings, Stream stream,
                        std::string_view line) noexcept {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty()) return;
  t_recording = true;
  const LinesOfStream& to = settings.of(stream);
  to.logger.log(to.level, Fields{}, LogFormatString<std::string_view>("{}", std::source_location{}),
                line);
  t_recording = false;
}

}  // namespace waybill::stdio_bridge::detail
