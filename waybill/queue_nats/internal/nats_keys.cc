#include <sstream>

#include <nlohmann/json.hpp>

#include <waybill/core/ids.h>
#include <waybill/queue/internal/claim.h>
#include <waybill/queue_nats/internal/nats_keys.h>
#include <waybill/queue_nats/internal/nats_streams.h>

namespace waybill::queue::internal {

namespace {

using std::chrono::milliseconds;

// "UNTIL claimed WHO" or "UNTIL sent"
struct Note {
  Time until;
  bool is_sent = false;
};

Note read(const NatsKept& kept) {
  std::int64_t until = 0;
  std::string state;
  std::istringstream(kept.body) >> until >> state;
  return {.until = Time(milliseconds(until)), .is_sent = state == "sent"};
}

std::string text(milliseconds window, const std::string& state) {
  return std::to_string((now() + window).time_since_epoch().count()) + ' ' + state;
}

}  // namespace

// The stream keeps what it is told for as long as the longest window that somebody has asked for.
void NatsKeys::prepare(milliseconds window) {
  const std::lock_guard lock(mutex_);
  if (window <= kept_) return;
  const nlohmann::json wanted = nats_keys_stream(names_, jet_.replicas(), window);
  jet_.need_stream(wanted);
  const auto there = jet_.request("STREAM.INFO." + names_.keys_stream(), nlohmann::json::object());
  nlohmann::json config = there.at("config");
  const auto kept = config.at("max_age").get<std::int64_t>();
  if (kept != 0 && kept < wanted.at("max_age").get<std::int64_t>()) {
    config["max_age"] = wanted.at("max_age");
    jet_.request("STREAM.UPDATE." + names_.keys_stream(), config);
  }
  kept_ = window;
}

NatsKeys::Key NatsKeys::claim(const std::string& key, milliseconds window) {
  prepare(window);
  Key result;
  result.subject = names_.key(key);
  const std::string stream = names_.keys_stream();
  const std::string ours = text(window, "claimed " + SpanId::random().to_hex());
  for (;;) {
    const auto there = jet_.last_of(stream, result.subject);
    const auto id_of = [&](std::uint64_t claim) {
      return "k" + to_hex(sha256(key)).substr(0, 32) + '-' + std::to_string(claim);
    };
    if (there) {
      const Note note = read(*there);
      const bool is_ours = there->body == ours;  // whose answer was lost
      const bool is_valid = note.until > now();
      if (is_valid && note.is_sent) {
        result.is_known = true;
        return result;
      }
      // After that JetStream does not know any more whether it has its message.
      const bool is_fresh = there->stored + kNatsDuplicateWindow / 2 > now();
      if (is_ours || (is_valid && is_fresh)) {
        result.id = id_of(there->sequence);
        result.claim = there->sequence;
        return result;
      }
    }
    if (const auto claim =
            jet_.replace(stream, result.subject, ours, there ? there->sequence : 0)) {
      result.id = id_of(*claim);
      result.claim = *claim;
      return result;
    }
  }
}

void NatsKeys::mark(std::span<const Key> keys, milliseconds window) {
  NatsCall call(jet_.connection());
  for (const Key& key : keys) {
    if (key.claim == 0) continue;
    NatsJetStream::expect_last(call.add(key.subject, text(window, "sent")), key.claim);
  }
  // Another one may have marked it, or taken it over when its time had passed.
  if (call.size() > 0) jet_.ask(call, names_.keys_stream());
}

}  // namespace waybill::queue::internal
