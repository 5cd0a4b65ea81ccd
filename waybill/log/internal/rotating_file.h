// RotatingFile: what file_sink() does, at times that the caller tells.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include <waybill/log/file_sink.h>
#include <waybill/log/internal/log_file.h>
#include <waybill/log/internal/rotated_files.h>

namespace waybill::internal {

class RotatingFile {
 public:
  using Time = std::chrono::system_clock::time_point;

  static constexpr std::chrono::seconds kCheckInterval{1};
  static constexpr std::chrono::seconds kAgeCheckInterval{60};
  static constexpr std::chrono::seconds kRotationRetry{10};

  // The path is absolute, the options are checked. Throws Error when it cannot be opened.
  RotatingFile(FileSinkOptions options, Time now);

  SinkResult write(std::string_view lines, Time now) noexcept;
  void tick(Time now) noexcept;

  const std::string& path() const noexcept { return options_.path; }

 private:
  bool must_rotate(std::string_view lines, Time now) noexcept;
  bool period_is_over(Time now) noexcept;
  bool is_rotation_blocked(Time now) const noexcept;
  std::string_view next_piece(std::string_view lines, Time now) const noexcept;
  void rotate(Time now);
  void reopen(Time now);
  void reopen_if_asked(Time now);
  void give_up(std::error_code error, Time now) noexcept;
  void use(LogFile file, Time now) noexcept;
  void remember(std::error_code trouble) noexcept;

  FileSinkOptions options_;
  Retention retention_;
  RotatedFiles rotated_;
  LogFile file_;
  Time period_end_ = {};
  Time last_check_;
  Time last_age_check_;
  Time rotation_failed_ = {};
  bool rotation_fails_ = false;
  std::uint64_t reopen_requests_;
  std::error_code trouble_;  // to be returned by the next write()
  bool in_trouble_ = false;  // since the last rotation or reopening that succeeded
};

}  // namespace waybill::internal
