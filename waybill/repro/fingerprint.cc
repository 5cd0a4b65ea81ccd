#include <memory>
#include <system_error>

#include <waybill/core/error.h>
#include <waybill/core/sha256.h>
#include <waybill/repro/fingerprint.h>
#include <waybill/repro/internal/json_text.h>
#include <waybill/repro/internal/whole_file.h>

namespace waybill {

InputFingerprint fingerprint(const std::filesystem::path& file) {
  constexpr std::size_t kPiece = 256 * 1024;
  InputFingerprint result{.path = file.string(), .size = 0, .sha256 = {}};
  try {
    internal::FileReader reader(file);
    const auto piece = std::make_unique_for_overwrite<char[]>(kPiece);
    Sha256 sha;
    while (const std::size_t size = reader.read(piece.get(), kPiece)) {
      sha.update({piece.get(), size});
      result.size += size;
    }
    result.sha256 = to_hex(sha.finish());
  } catch (const std::system_error& error) {
    throw Error("input '" + result.path + "' cannot be read: " + error.code().message());
  }
  return result;
}

std::string configuration_hash(std::string_view configuration) {
  const auto canonical = internal::canonical_json(configuration);
  return to_hex(sha256(canonical ? std::string_view(*canonical) : configuration));
}

}  // namespace waybill
