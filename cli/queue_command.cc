#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cli/queue_command.h>
#include <cli/text.h>
#include <cli/trace_matcher.h>
#include <waybill/core/error.h>
#include <waybill/core/trace_text.h>
#include <waybill/propagation/propagation.h>
#include <waybill/queue/queue.h>
#include <waybill/queue_kinds/queue_kinds.h>

namespace waybill::cli {
namespace {

using nlohmann::json;
using queue::DeadLetter;
using queue::Headers;
using queue::QueuedMessage;

constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

// The trace as a person knows it: its name, else its id; empty: none.
std::string trace_of(const Headers& headers, const std::string& body) {
  Context context;
  if (const auto envelope = extract_envelope(body)) context = envelope->context;
  if (!context.has_trace()) context = extract(HeaderListCarrier(headers), {.trusted = true});
  return trace_text(context);
}

std::string time_text(queue::Time time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}Z",
                     fmt::gmtime(std::chrono::floor<std::chrono::seconds>(time)));
}

std::string_view state_text(QueuedMessage::State state) noexcept {
  switch (state) {
    case QueuedMessage::State::kReady:
      return "ready";
    case QueuedMessage::State::kDelayed:
      return "delayed";
    case QueuedMessage::State::kInFlight:
      return "in flight";
  }
  return "";
}

// Prints one line of JSON, whatever bytes the texts have.
void print_json(const json& object, std::ostream& out) {
  out << object.dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
}

json to_json(const Headers& headers) {
  json list = json::array();
  for (const auto& [name, value] : headers) list.push_back({name, value});
  return list;
}

json to_json(const DeadLetter& letter) {
  return {{"id", letter.id},
          {"trace_id", trace_of(letter.headers, letter.body)},
          {"reason", letter.reason},
          {"attempts", letter.attempts},
          {"enqueued_at", time_text(letter.enqueued_at)},
          {"dead_at", time_text(letter.dead_at)},
          {"headers", to_json(letter.headers)},
          {"body", letter.body}};
}

std::unique_ptr<queue::Queue> open_queue(const std::string& url) {
  queue::enable_all_kinds();
  return queue::open(url, {.create = false});
}

class Command {
 public:
  Command(const QueueRequest& request, std::ostream& out, std::ostream& err)
      : request_(request),
        queue_(open_queue(request.url)),
        matcher_(request.trace.empty() ? std::nullopt : std::optional<TraceMatcher>(request.trace)),
        out_(out),
        err_(err) {}

  ExitStatus run() {
    if (request_.action == "depth") return depth();
    if (request_.action == "peek") return peek();
    if (request_.action == "dead") return dead();
    if (request_.action == "show") return show();
    if (request_.action == "retry") {
      return change("put back in line",
                    [this](const std::string& id) { return queue_->retry_dead_letter(id); });
    }
    if (request_.action == "remove") {
      return change("removed",
                    [this](const std::string& id) { return queue_->remove_dead_letter(id); });
    }
    throw Error::bad_option("action", request_.action, "depth, peek, dead, show, retry or remove");
  }

 private:
  bool is_wanted(const Headers& headers, const std::string& body) {
    if (!matcher_) return true;
    const std::string trace = trace_of(headers, body);
    return !trace.empty() && matcher_->match(trace) != TraceMatcher::Match::kNo;
  }

  std::vector<DeadLetter> wanted_letters() {
    std::vector<DeadLetter> letters = queue_->dead_letters(kAll);
    std::erase_if(letters, [this](const DeadLetter& letter) {
      return !is_wanted(letter.headers, letter.body);
    });
    return letters;
  }

  ExitStatus found(bool any) const { return any ? ExitStatus::kFound : ExitStatus::kNothing; }

  ExitStatus depth() {
    const queue::Counts counts = queue_->counts();
    if (request_.json) {
      print_json({{"ready", counts.ready},
                  {"delayed", counts.delayed},
                  {"in_flight", counts.in_flight},
                  {"dead", counts.dead}},
                 out_);
    } else {
      out_ << fmt::format("ready {}  delayed {}  in flight {}  dead {}\n", counts.ready,
                          counts.delayed, counts.in_flight, counts.dead);
    }
    return ExitStatus::kFound;
  }

  ExitStatus peek() {
    std::size_t printed = 0;
    for (const QueuedMessage& message : queue_->peek(matcher_ ? kAll : request_.limit)) {
      if (printed == request_.limit) break;
      if (!is_wanted(message.headers, message.body)) continue;
      ++printed;
      const std::string trace = trace_of(message.headers, message.body);
      if (request_.json) {
        print_json({{"id", message.id},
                    {"state", state_text(message.state)},
                    {"attempts", message.attempts},
                    {"trace_id", trace},
                    {"enqueued_at", time_text(message.enqueued_at)},
                    {"headers", to_json(message.headers)},
                    {"body", message.body}},
                   out_);
      } else {
        out_ << fmt::format("{}  {:<9}  attempts {}  {}  [{}]  {}\n",
                            time_text(message.enqueued_at), state_text(message.state),
                            message.attempts, escape(message.id),
                            trace.empty() ? "-" : escape(trace), escape(message.body));
      }
    }
    return found(printed != 0);
  }

  ExitStatus dead() {
    const std::vector<DeadLetter> letters = wanted_letters();
    for (std::size_t i = 0; i < std::min(letters.size(), request_.limit); ++i) {
      print(letters[i]);
    }
    if (letters.size() > request_.limit) {
      err_ << fmt::format("{} more; see --limit\n", letters.size() - request_.limit);
    }
    return found(!letters.empty());
  }

  void print(const DeadLetter& letter) {
    if (request_.json) return print_json(to_json(letter), out_);
    const std::string trace = trace_of(letter.headers, letter.body);
    out_ << fmt::format("{}  {}  attempts {}  [{}]  {}\n", time_text(letter.dead_at),
                        escape(letter.id), letter.attempts, trace.empty() ? "-" : escape(trace),
                        escape(letter.reason));
  }

  ExitStatus show() {
    if (request_.ids.size() != 1) throw Error("show needs the id of one dead letter");
    for (const DeadLetter& letter : queue_->dead_letters(kAll)) {
      if (letter.id != request_.ids.front()) continue;
      print(letter);
      if (request_.json) return ExitStatus::kFound;
      out_ << "sent " << time_text(letter.enqueued_at) << '\n';
      for (const auto& [name, value] : letter.headers) {
        out_ << escape(name) << ": " << escape(value) << '\n';
      }
      out_ << '\n' << escape(letter.body) << '\n';
      return ExitStatus::kFound;
    }
    err_ << fmt::format("waybill: no dead letter '{}'\n", escape(request_.ids.front()));
    return ExitStatus::kNothing;
  }

  template <class Change>
  ExitStatus change(std::string_view done, Change&& change) {
    if (request_.ids.empty() && !request_.all && !matcher_) {
      throw Error("name the dead letters, or --trace ID, or --all");
    }
    if (!request_.ids.empty() && (request_.all || matcher_)) {
      throw Error("name the dead letters, or say which by --trace or --all, not both");
    }
    std::vector<std::string> ids = request_.ids;
    if (ids.empty()) {
      for (const DeadLetter& letter : wanted_letters()) ids.push_back(letter.id);
    }
    std::size_t changed = 0;
    for (const std::string& id : ids) {
      if (change(id)) {
        ++changed;
      } else {
        err_ << fmt::format("waybill: no dead letter '{}'\n", escape(id));
      }
    }
    out_ << fmt::format("{} {}\n", counted(changed, "dead letter", "dead letters"), done);
    return found(changed != 0);
  }

  const QueueRequest& request_;
  std::unique_ptr<queue::Queue> queue_;
  std::optional<TraceMatcher> matcher_;
  std::ostream& out_;
  std::ostream& err_;
};

}  // namespace

ExitStatus run_queue(const QueueRequest& request, std::ostream& out, std::ostream& err) {
  return Command(request, out, err).run();
}

}  // namespace waybill::cli
