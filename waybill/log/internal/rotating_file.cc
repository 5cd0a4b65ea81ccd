#include <utility>

#include <waybill/core/error.h>
#include <waybill/log/internal/reopening.h>
#include <waybill/log/internal/rotating_file.h>

namespace waybill::internal {
namespace {

// Whether less time than `interval` has passed. A clock that was set back does not stop anything.
bool is_within(std::chrono::seconds interval, RotatingFile::Time since,
               RotatingFile::Time now) noexcept {
  return now >= since && now - since < interval;
}

}  // namespace

RotatingFile::RotatingFile(FileSinkOptions options, Time now)
    : options_(std::move(options)),
      retention_{options_.keep_files, options_.keep_total_bytes, options_.max_age},
      rotated_(options_.path),
      last_check_(now),
      last_age_check_(now),
      reopen_requests_(reopen_requests()) {
  std::error_code error;
  LogFile file = LogFile::open(options_.path, error);
  if (error) throw Error("cannot open log file '" + options_.path + "': " + error.message());
  const bool rotates = options_.max_bytes != 0 || options_.rotate_every.count() != 0;
  if (rotates && !file.is_regular()) {
    throw Error::bad_option("path", options_.path, "a regular file, as it is to be rotated");
  }
  use(std::move(file), now);
  rotated_.remove_old(retention_, now);
}

SinkResult RotatingFile::write(std::string_view lines, Time now) noexcept {
  SinkResult all;
  try {
    reopen_if_asked(now);
    while (all.written < lines.size()) {
      const std::string_view rest = lines.substr(all.written);
      if (must_rotate(rest, now)) rotate(now);
      const std::string_view piece = next_piece(rest, now);
      const SinkResult part = file_.append(piece);
      all.written += part.written;
      if (part.written < piece.size()) {
        all.error = part.error;
        break;
      }
    }
  } catch (...) {
    remember(std::make_error_code(std::errc::not_enough_memory));
  }
  if (options_.sync == FileSync::kEachBatch && all.written != 0) remember(file_.sync());
  if (!all.error) all.error = std::exchange(trouble_, {});
  return all;
}

void RotatingFile::tick(Time now) noexcept {
  try {
    reopen_if_asked(now);
    if (must_rotate({}, now)) rotate(now);
    if (!is_within(kCheckInterval, last_check_, now)) {
      last_check_ = now;
      if (!file_.has_torn_line() && !file_.is_at(options_.path)) reopen(now);
    }
    if (retention_.age.count() != 0 && !is_within(kAgeCheckInterval, last_age_check_, now)) {
      last_age_check_ = now;
      rotated_.remove_old(retention_, now);
    }
  } catch (...) {
    remember(std::make_error_code(std::errc::not_enough_memory));
  }
}

bool RotatingFile::must_rotate(std::string_view lines, Time now) noexcept {
  if (file_.has_torn_line()) return false;
  const std::uint64_t line = lines.empty() ? 0 : lines.find('\n') + 1;
  const bool too_large = options_.max_bytes != 0 && file_.size() + line > options_.max_bytes;
  const bool is_due = too_large || period_is_over(now);
  return is_due && file_.size() != 0 && !is_rotation_blocked(now);
}

bool RotatingFile::period_is_over(Time now) noexcept {
  const std::chrono::seconds every = options_.rotate_every;
  if (every.count() == 0) return false;
  const bool is_over = now >= period_end_;
  // An empty file needs no rotation, and a clock that was set back must not put it off.
  if ((is_over && file_.size() == 0) || period_end_ - now > every) {
    const auto second = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch();
    period_end_ = Time((second / every + 1) * every);
    return false;
  }
  return is_over;
}

bool RotatingFile::is_rotation_blocked(Time now) const noexcept {
  return rotation_fails_ && is_within(kRotationRetry, rotation_failed_, now);
}

// As many whole lines as the file has room for, but at least one.
std::string_view RotatingFile::next_piece(std::string_view lines, Time now) const noexcept {
  if (options_.max_bytes == 0 || is_rotation_blocked(now)) return lines;
  const std::uint64_t size = file_.size();
  const std::uint64_t room = size < options_.max_bytes ? options_.max_bytes - size : 0;
  if (lines.size() <= room) return lines;
  const std::size_t whole = room == 0 ? 0 : lines.rfind('\n', room - 1) + 1;
  return lines.substr(0, whole != 0 ? whole : lines.find('\n') + 1);
}

void RotatingFile::rotate(Time now) {
  // Somebody else has moved it already.
  if (!file_.is_at(options_.path)) return reopen(now);
  if (options_.sync == FileSync::kEachBatch) remember(file_.sync());
  std::error_code error;
  const std::string moved = rotated_.move_away(now, error);
  if (!error) {
    LogFile fresh = LogFile::open(options_.path, error);
    if (!error) {
      use(std::move(fresh), now);
      rotated_.remove_old(retention_, now);
      return;
    }
    rotated_.move_back(moved);
  }
  give_up(error, now);
}

void RotatingFile::reopen(Time now) {
  std::error_code error;
  LogFile fresh = LogFile::open(options_.path, error);
  if (error) return give_up(error, now);
  use(std::move(fresh), now);
}

void RotatingFile::reopen_if_asked(Time now) {
  if (reopen_requests_ == reopen_requests() || file_.has_torn_line()) return;
  reopen_requests_ = reopen_requests();
  reopen(now);
}

void RotatingFile::give_up(std::error_code error, Time now) noexcept {
  rotation_fails_ = true;
  rotation_failed_ = now;
  remember(error);
}

void RotatingFile::use(LogFile file, Time now) noexcept {
  file_ = std::move(file);
  rotation_fails_ = false;
  in_trouble_ = false;
  const std::chrono::seconds every = options_.rotate_every;
  if (every.count() == 0) return;
  const auto since = file_.size() != 0
                         ? std::chrono::seconds(file_.modified_at_opening())
                         : std::chrono::floor<std::chrono::seconds>(now).time_since_epoch();
  period_end_ = Time((since / every + 1) * every);
}

void RotatingFile::remember(std::error_code trouble) noexcept {
  if (!trouble || in_trouble_) return;
  in_trouble_ = true;
  trouble_ = trouble;
}

}  // namespace waybill::internal
