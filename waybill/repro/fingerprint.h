// Fingerprints: SHA-256 of what a run reads, to know later whether it was the same.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace waybill {

// A file as it was read.
struct InputFingerprint {
  std::string path;  // as it was given
  std::uint64_t size = 0;
  std::string sha256;  // 64 hex digits, as sha256sum prints them

  friend bool operator==(const InputFingerprint&, const InputFingerprint&) = default;
};

// Reads the file from end to end, a piece at a time: the size does not matter but for the time it
// takes. A named pipe, or a file that grows, is read up to its end; what changes while it is read
// gives a fingerprint of neither state. Throws Error for what cannot be read, a folder too.
InputFingerprint fingerprint(const std::filesystem::path& file);

// Of the text of a configuration. JSON is hashed by what it says: neither the order of the members
// of an object nor spacing matters. (In its canonical form members are sorted by their bytes,
// nothing stands between tokens, numbers are in their shortest form, and of a member that is there
// twice, the last counts.) Other text, and JSON that is nested more than 100 deep, is hashed byte
// for byte: give key-value pairs in a fixed order.
std::string configuration_hash(std::string_view configuration);

}  // namespace waybill
