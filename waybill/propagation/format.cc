#include <algorithm>

#include <waybill/core/error.h>
#include <waybill/propagation/carrier.h>
#include <waybill/propagation/format.h>
#include <waybill/propagation/internal/format_names.h>
#include <waybill/propagation/internal/header_text.h>

namespace waybill {
namespace {

constexpr std::array<std::string_view, kFormats> kNames{
    "tracecontext", "baggage", "x-trace-id", "b3", "b3multi", "jaeger", "xray", "gcp", "datadog"};

}  // namespace

std::optional<Format> format_from_name(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kFormats; ++i) {
    if (equal_ignoring_case(kNames[i], name)) return static_cast<Format>(i);
  }
  return std::nullopt;
}

std::string_view name_of(Format format) noexcept {
  return kNames[static_cast<std::size_t>(format)];
}

namespace internal {

FormatNames read_format_names(std::string_view names) {
  FormatNames read;
  while (!names.empty()) {
    const std::size_t comma = std::min(names.find(','), names.size());
    const std::string_view name = trim(names.substr(0, comma));
    names.remove_prefix(std::min(comma + 1, names.size()));
    if (name.empty() || equal_ignoring_case(name, "none")) continue;
    if (const auto format = format_from_name(name)) {
      read.formats.add(*format);
    } else {
      read.unknown.emplace_back(name);
    }
  }
  return read;
}

std::string known_format_names() {
  std::string names;
  for (const std::string_view name : kNames) names.append(name).append(", ");
  return names + "none";
}

}  // namespace internal

FormatList FormatList::parse(std::string_view names, std::string_view option) {
  const internal::FormatNames read = internal::read_format_names(names);
  if (!read.unknown.empty()) {
    throw Error::bad_option(option, read.unknown.front(),
                            "a list of " + internal::known_format_names());
  }
  return read.formats;
}

std::string FormatList::to_string() const {
  if (empty()) return "none";
  std::string names;
  for (const Format format : *this) {
    if (!names.empty()) names += ',';
    names += name_of(format);
  }
  return names;
}

}  // namespace waybill
