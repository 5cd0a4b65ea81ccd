#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <waybill/core/ids.h>
#include <waybill/repro/internal/whole_file.h>

namespace waybill::internal {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(int code = errno) {
  throw std::system_error(code, std::generic_category());
}

template <class Call>
auto retried(Call&& call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

void write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const auto written =
        retried([&] { return ::write(descriptor, content.data(), content.size()); });
    if (written < 0) fail();
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

// A new file, with the rights that any new file gets.
void write_new_file(const fs::path& file, std::string_view content) {
  const int descriptor =
      retried([&] { return ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666); });
  if (descriptor < 0) fail();
  try {
    write_all(descriptor, content);
    if (::fsync(descriptor) != 0) fail();
  } catch (...) {
    ::close(descriptor);
    throw;
  }
  if (::close(descriptor) != 0) fail();
}

// So that the new name is on the disk too. Some file systems cannot; then it comes there later.
void sync_folder(const fs::path& folder) noexcept {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  (void)::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

FileReader::FileReader(const fs::path& file)
    : descriptor_(retried([&] { return ::open(file.c_str(), O_RDONLY | O_CLOEXEC); })) {
  if (descriptor_ < 0) fail();
}

FileReader::~FileReader() {
  ::close(descriptor_);
}

std::size_t FileReader::read(char* out, std::size_t size) {
  const auto taken = retried([&] { return ::read(descriptor_, out, size); });
  if (taken < 0) fail();
  return static_cast<std::size_t>(taken);
}

void replace_file(const fs::path& file, std::string_view content) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const fs::path temporary = folder / (".waybill-" + SpanId::random().to_hex() + ".tmp");
  try {
    write_new_file(temporary, content);
    if (::rename(temporary.c_str(), file.c_str()) != 0) fail();
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
  sync_folder(folder);
}

}  // namespace waybill::internal
