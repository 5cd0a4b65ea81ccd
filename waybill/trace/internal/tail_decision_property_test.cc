// Against a model that says the same in a slow and simple way.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/trace/internal/span_sample.h>
#include <waybill/trace/internal/tail_decision.h>

namespace waybill::internal {
namespace {

using namespace std::chrono_literals;

constexpr auto kLongestWait = 1min;

class Model {
 public:
  void begin_root(const TraceId& id) {
    Trace& trace = find_or_add(id);
    if (trace.is_late) trace.since = now;
    trace.is_late = trace.is_follower = false;
    ++trace.open_roots;
  }

  void end(const SpanSample& sample) {
    const bool is_reason = sample.flags.sampled() || sample.status == SpanStatus::kError;
    Trace& trace = find_or_add(sample.trace_id);
    trace.held.push_back(sample);
    if (is_reason && !trace.is_kept) {
      trace.is_kept = true;
      if (trace.is_late) trace.since = now;
      trace.is_late = false;
    }
    if (trace.is_kept) {
      exported.insert(exported.end(), trace.held.begin(), trace.held.end());
      trace.held.clear();
    }
    if (sample.is_local_root && (trace.open_roots == 0 || --trace.open_roots == 0)) {
      decide(sample.trace_id);
    } else if (trace.is_kept && trace.is_follower) {
      waiting.erase(sample.trace_id);
      decided[sample.trace_id].second = now;
    }
  }

  void pass(std::chrono::nanoseconds time) {
    now += time;
    const auto traces = waiting;
    for (const auto& [id, trace] : traces) {
      if (now - trace.since >= (trace.is_late ? TailDecision::kLateWait : kLongestWait)) decide(id);
    }
  }

  TailDecision::Clock::time_point now{24h};
  std::vector<SpanSample> exported;

 private:
  struct Trace {
    TailDecision::Clock::time_point since;
    int open_roots = 0;
    bool is_kept = false;
    bool is_late = false;
    bool is_follower = false;  // of a trace that was kept, and no root is announced
    std::vector<SpanSample> held;
  };

  Trace& find_or_add(const TraceId& id) {
    const auto found = waiting.find(id);
    if (found != waiting.end()) {
      found->second.is_follower = false;
      return found->second;
    }
    Trace trace;
    trace.since = now;
    const auto before = decided.find(id);
    if (before != decided.end() && now - before->second.second < kLongestWait) {
      before->second.second = now;
      trace.is_kept = trace.is_follower = before->second.first;
      trace.is_late = !before->second.first;
    }
    return waiting[id] = trace;
  }

  void decide(const TraceId& id) {
    decided[id] = {waiting[id].is_kept, now};
    waiting.erase(id);
  }

  std::map<TraceId, Trace> waiting;
  std::map<TraceId, std::pair<bool, TailDecision::Clock::time_point>> decided;
};

// A few traces, so that they meet again and again.
struct Step {
  int what;  // a root begins, a span ends, a root ends, time passes
  TraceId id;
  SpanSample sample;
  std::chrono::seconds time;
};

std::vector<Step> some_steps(int traces, std::size_t most_bytes) {
  std::vector<Step> steps(*rc::gen::inRange<std::size_t>(1, 150));
  int number = 0;
  for (Step& step : steps) {
    step.what = *rc::gen::weightedElement<int>({{3, 0}, {6, 1}, {4, 2}, {1, 3}});
    step.id = TraceId::from_name("trace " + std::to_string(*rc::gen::inRange(0, traces)));
    step.time = std::chrono::seconds(*rc::gen::inRange(1, 40));
    const int dice = *rc::gen::inRange(0, 20);
    step.sample = {.trace_id = step.id,
                   .flags = TraceFlags(dice == 0 ? 1 : 0),
                   .is_local_root = step.what == 2,
                   .status = dice == 1 ? SpanStatus::kError : SpanStatus::kUnset,
                   .name = std::to_string(number++),
                   .encoded = std::string(*rc::gen::inRange<std::size_t>(0, most_bytes), 'x')};
  }
  return steps;
}

template <class Take>
void run(TailDecision& tail, TailDecision::Clock::time_point& now, const Step& step, Take take) {
  if (step.what == 0) {
    tail.root_began(step.id);
  } else if (step.what == 3) {
    tail.tick(now += step.time);
  } else {
    step.sample.as_ended([&](const EndedSpan& span) { tail.consume(span, take); });
  }
}

RC_GTEST_PROP(TailDecisionProperty, DecidesAsTheModelDoes, ()) {
  Model model;
  TailDecision::Clock::time_point now = model.now;
  TailDecision tail({.longest_wait = kLongestWait}, now);
  std::vector<SpanSample> exported;
  std::uint64_t spans = 0;
  for (const Step& step : some_steps(4, 50)) {
    run(tail, now, step, [&](const EndedSpan& span) { exported.push_back(SpanSample::of(span)); });
    if (step.what == 0) model.begin_root(step.id);
    if (step.what == 3) model.pass(step.time);
    if (step.what == 1 || step.what == 2) {
      model.end(step.sample);
      ++spans;
    }
    RC_ASSERT(exported == model.exported);
  }
  tail.decide_all();
  RC_ASSERT(tail.bytes_held() == 0U);
  RC_ASSERT(tail.counts().spans_kept == exported.size());
  RC_ASSERT(tail.counts().spans_kept + tail.counts().spans_dropped == spans);
}

// With less memory than there is to hold: never more than the bound, no span twice or changed, each
// that is a reason to keep exported, and all accounted for.
RC_GTEST_PROP(TailDecisionProperty, HoldsItsBoundAndLosesNoFailure, ()) {
  TailDecision::Clock::time_point now{24h};
  const TailOptions options{.memory_limit = TailDecision::kLeastMemory};
  TailDecision tail(options, now);
  std::multiset<std::string> names;
  std::map<std::string, SpanSample> given;
  const auto steps = some_steps(20, 20'000);
  for (const Step& step : steps) {
    const bool is_span = step.what == 1 || step.what == 2;
    if (is_span) given[step.sample.name] = step.sample;
    run(tail, now, step, [&](const EndedSpan& span) {
      const SpanSample sample = SpanSample::of(span);
      names.insert(sample.name);
      RC_ASSERT(given[sample.name] == sample);
    });
    RC_ASSERT(tail.bytes_held() <= options.memory_limit);
    const bool is_reason = step.sample.flags.sampled() || step.sample.status == SpanStatus::kError;
    if (is_span && is_reason) RC_ASSERT(names.count(step.sample.name) == 1U);
  }
  for (const std::string& name : names) RC_ASSERT(names.count(name) == 1U);
  tail.decide_all();
  RC_ASSERT(tail.counts().spans_kept == names.size());
  RC_ASSERT(tail.counts().spans_kept + tail.counts().spans_dropped == given.size());
  RC_ASSERT(tail.counts().decided_early <= tail.counts().traces_dropped);
}

}  // namespace
}  // namespace waybill::internal
