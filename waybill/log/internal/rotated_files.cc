#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

#include <waybill/log/internal/rotated_files.h>
#include <waybill/log/internal/timestamp.h>

namespace waybill::internal {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStampForm = "dddd-dd-ddTdd-dd-ddZ";
constexpr std::string_view kNumberForm = ".dddddd";
constexpr std::chrono::hours kLargestStepBack{1};

bool has_form(std::string_view text, std::string_view form) noexcept {
  return std::equal(text.begin(), text.end(), form.begin(), form.end(), [](char c, char wanted) {
    return wanted == 'd' ? c >= '0' && c <= '9' : c == wanted;
  });
}

bool is_suffix(std::string_view text) noexcept {
  return has_form(text.substr(0, kStampForm.size()), kStampForm) &&
         (text.size() == kStampForm.size() ||
          has_form(text.substr(kStampForm.size()), kNumberForm));
}

std::string stamp(RotatedFiles::Time time) {
  char text[kTimestampSize];
  write_timestamp(text, time);
  std::string stamp(text, kStampForm.size());
  std::replace(stamp.begin(), stamp.end(), ':', '-');
  stamp.back() = 'Z';
  return stamp;
}

std::string suffix_after(const std::string& suffix) {
  unsigned number = 0;
  const char* const end = suffix.data() + suffix.size();
  if (suffix.size() > kStampForm.size()) {
    std::from_chars(suffix.data() + kStampForm.size() + 1, end, number);
  }
  std::string digits = std::to_string(number + 1);
  if (digits.size() < kNumberForm.size() - 1) {
    digits.insert(0, kNumberForm.size() - 1 - digits.size(), '0');
  }
  return suffix.substr(0, kStampForm.size()) + '.' + digits;
}

// Like rename(), but fails with EEXIST rather than replace a file.
bool rename_to_free_name(const char* from, const char* to) noexcept {
  if (::renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return true;
  if (errno != EINVAL && errno != ENOSYS) return false;
  // A file system without that, such as NFS.
  return ::link(from, to) == 0 && ::unlink(from) == 0;
}

}  // namespace

RotatedFiles::RotatedFiles(const std::string& path)
    : path_(path),
      folder_(fs::path(path).parent_path().string()),
      prefix_(fs::path(path).filename().string() + '.') {}

std::vector<RotatedFiles::Entry> RotatedFiles::list() const {
  std::vector<Entry> entries;
  std::error_code error;
  for (fs::directory_iterator it(folder_, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (!name.starts_with(prefix_) || !is_suffix(std::string_view(name).substr(prefix_.size()))) {
      continue;
    }
    std::error_code gone;
    if (!fs::is_regular_file(it->symlink_status(gone))) continue;
    const std::uintmax_t bytes = it->file_size(gone);
    entries.push_back({it->path().string(), name.substr(prefix_.size()), gone ? 0 : bytes});
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.suffix < b.suffix; });
  return entries;
}

std::string RotatedFiles::free_suffix(Time now) const {
  const std::string own = stamp(now);
  const std::string limit = stamp(now + kLargestStepBack);
  const std::vector<Entry> entries = list();
  const auto latest = std::find_if(entries.rbegin(), entries.rend(), [&](const Entry& entry) {
    return entry.suffix.substr(0, kStampForm.size()) <= limit;
  });
  return latest == entries.rend() || latest->suffix < own ? own : suffix_after(latest->suffix);
}

std::string RotatedFiles::move_away(Time now, std::error_code& error) const {
  // Who else rotates the file may take a name first.
  constexpr int kAttempts = 100;
  std::string suffix = free_suffix(now);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    std::string target = path_ + '.' + suffix;
    if (rename_to_free_name(path_.c_str(), target.c_str())) return target;
    error = {errno, std::generic_category()};
    if (error != std::errc::file_exists) return {};
    error.clear();
    suffix = suffix_after(suffix);
  }
  error = std::make_error_code(std::errc::file_exists);
  return {};
}

void RotatedFiles::move_back(const std::string& moved) const noexcept {
  rename_to_free_name(moved.c_str(), path_.c_str());
}

void RotatedFiles::remove_old(const Retention& retention, Time now) const {
  if (!retention.has_limit()) return;
  const std::vector<Entry> entries = list();
  std::uint64_t bytes = 0;
  for (const Entry& entry : entries) bytes += entry.bytes;
  std::size_t files = entries.size();
  const std::string oldest = retention.age.count() != 0 ? stamp(now - retention.age) : "";
  for (const Entry& entry : entries) {
    const bool too_many = retention.files != 0 && files > retention.files;
    const bool too_large = retention.total_bytes != 0 && bytes > retention.total_bytes;
    if (!too_many && !too_large && entry.suffix >= oldest) return;
    ::unlink(entry.path.c_str());
    bytes -= entry.bytes;
    --files;
  }
}

}  // namespace waybill::internal
