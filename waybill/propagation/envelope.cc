#include <cstddef>
#include <utility>

#include <waybill/propagation/envelope.h>
#include <waybill/propagation/internal/json_scan.h>
#include <waybill/propagation/internal/json_unescape.h>
#include <waybill/propagation/internal/rejection_counters.h>
#include <waybill/propagation/internal/trace_member.h>

namespace waybill {
namespace {

using internal::JsonMember;

bool is_envelope_key(std::string_view spelled) {
  constexpr std::size_t kLongestSpelling = 6 * kEnvelopeKey.size();  // every character as \uXXXX
  if (spelled.size() > kLongestSpelling) return false;
  std::string storage;
  return internal::unescape_json(spelled, storage) == kEnvelopeKey;
}

// Copies an object without some of its members. A member goes with the comma behind it, the last
// ones of all with the comma before them; every other byte stays.
class MemberRemover {
 public:
  explicit MemberRemover(std::string_view json) noexcept
      : copied_(json.data()), end_(json.data() + json.size()) {}

  void keep(const JsonMember& member) {
    ++kept_;
    if (first_removed_ == nullptr) return;
    copy_until(first_removed_);
    copied_ = member.comma + 1;
    first_removed_ = nullptr;
  }

  void remove(const JsonMember& member) noexcept {
    if (first_removed_ == nullptr) {
      first_removed_ = member.begin();
      comma_ = member.comma;
    }
    last_removed_end_ = member.end();
  }

  std::string finish() {
    if (first_removed_ != nullptr) {
      copy_until(kept_ != 0 ? comma_ : first_removed_);
      copied_ = last_removed_end_;
    }
    copy_until(end_);
    return std::move(text_);
  }

  bool kept_any() const noexcept { return kept_ != 0; }

 private:
  void copy_until(const char* p) { text_.append(copied_, p); }

  const char* copied_;  // up to here the input has been copied or left out
  const char* end_;
  std::string text_;
  std::size_t kept_ = 0;
  // The members just read that are to go: where they begin and end, the comma before them.
  const char* first_removed_ = nullptr;
  const char* last_removed_end_ = nullptr;
  const char* comma_ = nullptr;
};

// A payload, taken apart.
struct Parts {
  std::string rest;        // the JSON without `_trace`
  bool rest_has_members;   // or is it an empty object
  std::string_view trace;  // the value of `_trace`, a view into the payload; empty where it is not
};

constexpr std::string_view kMember = "\"_trace\":";

// `known_first`, which may be empty, is kMember and a valid value. Where the payload begins with
// it, it is not read again.
std::optional<Parts> take_apart(std::string_view json, std::string_view known_first = {}) {
  internal::JsonObjectReader reader(json);
  MemberRemover remover(json);
  std::string_view trace;
  JsonMember member;
  if (!known_first.empty() && json.starts_with('{') && json.substr(1).starts_with(known_first)) {
    trace = json.substr(1 + kMember.size(), known_first.size() - kMember.size());
    member = {json.substr(2, kEnvelopeKey.size()), trace, nullptr};
    remover.remove(member);
    reader.skip_first(member);
  }
  while (reader.next(&member)) {
    if (is_envelope_key(member.key)) {
      trace = member.value;
      remover.remove(member);
    } else {
      remover.keep(member);
    }
  }
  if (!reader.is_valid()) {
    internal::count_rejection(&RejectionCounts::envelope_not_json_object);
    return std::nullopt;
  }
  return Parts{remover.finish(), remover.kept_any(), trace};
}

}  // namespace

std::optional<std::string> inject_envelope(std::string_view json_object, const Context& context) {
  auto parts = take_apart(json_object);
  if (!parts) return std::nullopt;
  if (!internal::has_trace_member(context)) return std::string(json_object);
  std::string member = envelope_member(context);
  if (parts->rest_has_members) member += ',';
  parts->rest.insert(parts->rest.find('{') + 1, member);
  return std::move(parts->rest);
}

std::string envelope_member(const Context& context) {
  std::string member;
  if (!internal::has_trace_member(context)) return member;
  member = kMember;
  internal::append_trace_member(member, context);
  return member;
}

std::optional<Envelope> extract_envelope(std::string_view json) {
  return EnvelopeReader().extract(json);
}

std::optional<Envelope> EnvelopeReader::extract(std::string_view json) {
  auto parts = take_apart(json, last_member_);
  if (!parts) return std::nullopt;
  Envelope envelope{{}, std::move(parts->rest)};
  if (parts->trace.empty()) return envelope;
  if (!last_member_.empty() &&
      parts->trace == std::string_view(last_member_).substr(kMember.size())) {
    envelope.context = last_context_;
    return envelope;
  }
  envelope.context = internal::read_trace_member(parts->trace);
  if (envelope.context.has_trace()) {  // what is malformed is counted each time
    (last_member_ = kMember) += parts->trace;
    last_context_ = envelope.context;
  }
  return envelope;
}

}  // namespace waybill
