#include <algorithm>
#include <string_view>
#include <utility>

#include <waybill/core/error.h>
#include <waybill/trace/internal/attribute_pattern.h>
#include <waybill/trace/internal/sampling_threshold.h>
#include <waybill/trace/internal/text_pattern.h>
#include <waybill/trace/samplers.h>

namespace waybill {
namespace {

using internal::AttributePattern;
using internal::TextPattern;

struct Rule {
  TextPattern name;
  std::optional<SpanKind> kind;
  std::vector<AttributePattern> attributes;
  std::shared_ptr<Sampler> sampler;

  bool applies_to(const SamplingQuestion& question) const noexcept {
    return (!kind || *kind == question.kind) && name.matches(question.name) &&
           std::ranges::all_of(attributes, [&question](const AttributePattern& pattern) {
             return pattern.matches(question.attributes);
           });
  }
};

class RuleSampler final : public Sampler {
 public:
  RuleSampler(std::vector<Rule> rules, std::shared_ptr<Sampler> fallback)
      : rules_(std::move(rules)), fallback_(std::move(fallback)) {}

  SamplingAnswer decide(const SamplingQuestion& question) noexcept override {
    if (internal::is_debug(question)) return {.sampling = Sampling::kDebug};
    for (const Rule& rule : rules_) {
      if (rule.applies_to(question)) return rule.sampler->decide(question);
    }
    return fallback_->decide(question);
  }

  std::string description() const override {
    std::string text = "RuleSampler{";
    for (const Rule& rule : rules_) text += rule.sampler->description() + ',';
    return text + fallback_->description() + '}';
  }

 private:
  const std::vector<Rule> rules_;
  const std::shared_ptr<Sampler> fallback_;
};

}  // namespace

std::shared_ptr<Sampler> rule_sampler(std::vector<SamplingRule> rules,
                                      std::shared_ptr<Sampler> fallback) {
  if (fallback == nullptr) throw Error::bad_option("fallback", "null", "a sampler");
  std::vector<Rule> prepared;
  for (SamplingRule& rule : rules) {
    const std::string place = "rules[" + std::to_string(prepared.size()) + ']';
    if (rule.sampler == nullptr) throw Error::bad_option(place + ".sampler", "null", "a sampler");
    std::vector<AttributePattern> attributes;
    for (OwnedAttribute& attribute : rule.attributes) {
      attributes.emplace_back(std::move(attribute), place + ".attributes");
    }
    prepared.push_back(
        {TextPattern(rule.name), rule.kind, std::move(attributes), std::move(rule.sampler)});
  }
  return std::make_shared<RuleSampler>(std::move(prepared), std::move(fallback));
}

}  // namespace waybill
