#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>

#include <waybill/core/ascii.h>
#include <waybill/core/error.h>
#include <waybill/trace/sampler_names.h>
#include <waybill/trace/samplers.h>

namespace waybill {
namespace {

constexpr std::string_view kParentBased = "parentbased_";
constexpr std::string_view kNames =
    "always_on, always_off, traceidratio or rate_limiting, each also with parentbased_ in front";

// The number, or `otherwise` for what is none, which the caller refuses.
double read_number(std::string_view text, double otherwise) noexcept {
  double value = otherwise;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && stop == end ? value : otherwise;
}

class SamplerReader {
 public:
  SamplerReader(std::string_view argument, std::string_view option)
      : argument_(argument), option_(option) {}

  // Null for a name that there is not.
  std::shared_ptr<Sampler> read(std::string_view name) const {
    if (name == "always_on") return always_on_sampler();
    if (name == "always_off") return always_off_sampler();
    if (name == "traceidratio") {
      return probability_sampler(argument_.empty() ? 1 : number(0, 1, "a share of 0 to 1"));
    }
    if (name == "rate_limiting") {
      return rate_limiting_sampler(number(1e-6, 1e6, "traces a second, 0.000001 to 1000000"));
    }
    return nullptr;
  }

 private:
  double number(double least, double most, std::string_view expected) const {
    const double value = read_number(argument_, -1);
    if (value >= least && value <= most) return value;
    throw Error::bad_option(option_, argument_, expected);
  }

  std::string_view argument_;
  std::string_view option_;
};

}  // namespace

std::shared_ptr<Sampler> sampler_from_name(std::string_view name, std::string_view argument,
                                           std::string_view option,
                                           std::string_view argument_option) {
  const SamplerReader reader(argument, argument_option.empty() ? option : argument_option);
  const std::string lower = ascii::lowercase(name);
  const bool parent_based = lower.starts_with(kParentBased);
  auto sampler =
      reader.read(std::string_view(lower).substr(parent_based ? kParentBased.size() : 0));
  if (sampler == nullptr) throw Error::bad_option(option, name, kNames);
  return parent_based ? parent_based_sampler(std::move(sampler)) : sampler;
}

}  // namespace waybill
