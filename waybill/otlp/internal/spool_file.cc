#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <waybill/log/internal/descriptor.h>
#include <waybill/log/internal/guarded_write.h>
#include <waybill/otlp/internal/spool_file.h>

namespace waybill::internal {
namespace {

// In the byte order of the machine: a number of another one's is not this one.
constexpr std::uint64_t kMagic = 0x314c4f5057425957;  // "WYBWPOL1"
constexpr std::size_t kMostRequest = std::size_t{64} << 20;

struct Header {
  std::uint64_t magic = kMagic;
  std::uint64_t bytes = 0;
  std::uint32_t records = 0;
  std::uint32_t checksum = 0;  // CRC-32 of the request
  std::uint32_t encoding = 0;
  std::uint32_t unused = 0;
};
static_assert(sizeof(Header) == 32);

std::uint32_t checksum_of(std::string_view request) noexcept {
  return static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(request.data()), static_cast<uInt>(request.size())));
}

// Neither follows a link that somebody has put there, nor waits for a pipe.
Descriptor open_to_read(const std::string& path) noexcept {
  return Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
}

bool read_all(int descriptor, void* out, std::size_t size) noexcept {
  auto* to = static_cast<char*>(out);
  while (size != 0) {
    const ssize_t got = ::read(descriptor, to, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

bool is_valid(const Header& header) noexcept {
  return header.magic == kMagic && header.bytes <= kMostRequest &&
         header.encoding <= static_cast<std::uint32_t>(Encoding::kJson);
}

SpooledBatch batch_of(const Header& header) noexcept {
  return {.records = header.records, .encoding = static_cast<Encoding>(header.encoding)};
}

bool write_all(int descriptor, std::string_view bytes) noexcept {
  return guarded_write(descriptor, bytes).written == bytes.size();
}

// What has been renamed is on the disk under its new name.
void sync_folder_of(const std::string& path) noexcept {
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.is_open()) ::fsync(descriptor.get());
}

}  // namespace

bool write_spool_file(const std::string& path, std::string_view request,
                      const SpooledBatch& batch) noexcept {
  try {
    const std::string incomplete = path + std::string(kIncompleteSuffix);
    const Descriptor file(
        ::open(incomplete.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.is_open()) return false;
    ::flock(file.get(), LOCK_EX | LOCK_NB);
    Header header;
    header.bytes = request.size();
    header.records = batch.records;
    header.checksum = checksum_of(request);
    header.encoding = static_cast<std::uint32_t>(batch.encoding);
    const std::string_view head(reinterpret_cast<const char*>(&header), sizeof header);
    if (write_all(file.get(), head) && write_all(file.get(), request) && ::fsync(file.get()) == 0 &&
        ::rename(incomplete.c_str(), path.c_str()) == 0) {
      sync_folder_of(path);
      return true;
    }
    ::unlink(incomplete.c_str());
  } catch (...) {  // no memory for a name
  }
  return false;
}

SpoolRead read_spool_file(const std::string& path, std::optional<Encoding> left_alone,
                          WireBuffer& request, SpooledBatch& batch) noexcept {
  request.clear();
  const Descriptor file = open_to_read(path);
  if (!file.is_open()) {
    if (errno == ENOENT) return SpoolRead::kGone;
    if (errno == EACCES || errno == EPERM) return SpoolRead::kNotOurs;
    return errno == ELOOP || errno == ENXIO ? SpoolRead::kUnreadable : SpoolRead::kFailed;
  }
  struct stat status = {};
  Header header;
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) ||
      !read_all(file.get(), &header, sizeof header) || !is_valid(header) ||
      static_cast<std::uint64_t>(status.st_size) != sizeof header + header.bytes) {
    return SpoolRead::kUnreadable;
  }
  batch = batch_of(header);
  if (left_alone == batch.encoding) return SpoolRead::kNotOurs;
  char* const room = request.room(header.bytes);
  if (room == nullptr) return SpoolRead::kFailed;
  if (!read_all(file.get(), room, header.bytes)) return SpoolRead::kUnreadable;
  request.set_end(room + header.bytes);
  if (checksum_of(request.view()) != header.checksum) return SpoolRead::kUnreadable;
  return SpoolRead::kRead;
}

SpooledBatch read_spool_header(const std::string& path) noexcept {
  const Descriptor file = open_to_read(path);
  Header header;
  if (!file.is_open() || !read_all(file.get(), &header, sizeof header) || !is_valid(header)) {
    return {};
  }
  return batch_of(header);
}

bool is_left_incomplete(const std::string& path) noexcept {
  const Descriptor file = open_to_read(path);
  return file.is_open() && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0;
}

}  // namespace waybill::internal
