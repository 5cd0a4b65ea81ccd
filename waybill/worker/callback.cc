#include <charconv>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <waybill/core/error.h>
#include <waybill/worker/callback.h>

namespace waybill::worker {
namespace {

constexpr std::string_view kPrefix = "sha256=";
constexpr std::size_t kDigest = 32;

}  // namespace

std::string sign_callback(std::string_view secret, std::string_view timestamp,
                          std::string_view body) {
  std::string text(timestamp);
  text += '.';
  text += body;
  unsigned char digest[kDigest];
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest,
           &size) == nullptr) {
    throw Error("OpenSSL could not compute an HMAC");
  }
  std::string signature(kPrefix);
  for (const unsigned char byte : digest) {
    constexpr char kDigits[] = "0123456789abcdef";
    signature += kDigits[byte >> 4];
    signature += kDigits[byte & 15];
  }
  return signature;
}

bool is_callback_signature(std::string_view secret, std::string_view timestamp,
                           std::string_view body, std::string_view signature,
                           std::chrono::seconds tolerance) noexcept {
  try {
    std::int64_t seconds = 0;
    const char* end = timestamp.data() + timestamp.size();
    const auto [stop, error] = std::from_chars(timestamp.data(), end, seconds);
    if (error != std::errc{} || stop != end) return false;
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(
        std::chrono::system_clock::now().time_since_epoch());
    if (seconds < (now - tolerance).count() || seconds > (now + tolerance).count()) return false;
    const std::string right = sign_callback(secret, timestamp, body);
    return right.size() == signature.size() &&
           CRYPTO_memcmp(right.data(), signature.data(), right.size()) == 0;
  } catch (...) {
    return false;
  }
}

}  // namespace waybill::worker
