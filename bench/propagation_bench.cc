// What each format costs: written into a request's headers or a buffer, and read from it; and all
// of them together, on a request that has 20 other headers. The targets of traceparent are those of
// core_bench; all others are there to show when something has become slower.
#include <string>
#include <string_view>

#include <waybill/core/core.h>
#include <waybill/propagation/b3.h>
#include <waybill/propagation/cloud_trace.h>
#include <waybill/propagation/datadog.h>
#include <waybill/propagation/jaeger.h>
#include <waybill/propagation/propagation.h>
#include <waybill/propagation/xray.h>

#include "bench/harness.h"

namespace {

using benchmark::ClobberMemory;
using benchmark::DoNotOptimize;
using waybill::Context;
using waybill::Format;
using waybill::FormatList;
using waybill::HeaderListCarrier;
using waybill::Propagator;

constexpr std::string_view kBaggage = "userId=alice,serverNode=DF%2028,isProduction=false";

Context sample() {
  return Context::new_trace(
      {.trace_id = waybill::TraceId::from_hex("4bf92f3577b34da6a3ce929d0e0e4736"),
       .span_id = waybill::SpanId::from_hex("00f067aa0ba902b7"),
       .tracestate = "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7",
       .baggage = kBaggage});
}

// One header, written into a buffer.
template <class Write>
bench::Suite::Body writing(Write write) {
  return [write](benchmark::State& state) {
    Context context = sample();
    char buffer[1024];
    for (auto _ : state) {
      DoNotOptimize(context);
      DoNotOptimize(write(context, buffer));
      ClobberMemory();
    }
  };
}

// One header's value, parsed.
template <class Parse>
bench::Suite::Body parsing(std::string_view header, Parse parse) {
  return [header, parse](benchmark::State& state) {
    std::string_view text = header;
    for (auto _ : state) {
      DoNotOptimize(text);
      auto parsed = parse(text);
      DoNotOptimize(parsed);
    }
  };
}

// The headers of a request as a browser behind a proxy sends them.
HeaderListCarrier::Headers twenty_others() {
  return {{"Host", "shop.example"},
          {"User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"},
          {"Accept", "application/json, text/plain, */*"},
          {"Accept-Language", "en-US,en;q=0.5"},
          {"Accept-Encoding", "gzip, deflate, br, zstd"},
          {"Referer", "https://shop.example/cart"},
          {"Content-Type", "application/json"},
          {"Content-Length", "187"},
          {"Origin", "https://shop.example"},
          {"Connection", "keep-alive"},
          {"Cookie", "session=9f86d081884c7d659a2feaa0c55ad015; theme=dark; seen=1,2,3"},
          {"Sec-Fetch-Dest", "empty"},
          {"Sec-Fetch-Mode", "cors"},
          {"Sec-Fetch-Site", "same-origin"},
          {"Authorization", "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.dozjgNryP4J3jVmN"},
          {"X-Forwarded-For", "203.0.113.7"},
          {"X-Forwarded-Proto", "https"},
          {"X-Request-Start", "t=1700000000.123"},
          {"Pragma", "no-cache"},
          {"Cache-Control", "no-cache"}};
}

const FormatList kAll =
    FormatList::parse("tracecontext,baggage,x-trace-id,b3,b3multi,jaeger,xray,gcp,datadog");

bench::Suite::Body extracting(FormatList read, FormatList there) {
  return [read, there](benchmark::State& state) {
    HeaderListCarrier::Headers headers = twenty_others();
    HeaderListCarrier carrier(headers);
    Propagator({.formats = there}).inject(sample(), carrier, {.trusted = true});
    const Propagator propagator({.formats = read});
    for (auto _ : state) {
      Context remote = propagator.extract(carrier, {.trusted = true});
      DoNotOptimize(remote);
    }
  };
}

// Headers that were written once have room, so that what is measured is not the list's growth.
bench::Suite::Body injecting(FormatList formats) {
  return [formats](benchmark::State& state) {
    HeaderListCarrier::Headers headers = twenty_others();
    HeaderListCarrier carrier(headers);
    const Propagator propagator({.formats = formats});
    const Context context = sample();
    for (auto _ : state) {
      propagator.inject(context, carrier, {.trusted = true});
      ClobberMemory();
    }
  };
}

void add_single_formats(bench::Suite& suite) {
  const auto write = [&suite](std::string name, double target, std::string peer, auto body) {
    suite.add_time("inject_" + name, {.target_ns = target, .peer = std::move(peer)}, writing(body));
  };
  const auto read = [&suite](std::string name, double target, std::string peer,
                             std::string_view header, auto body) {
    suite.add_time("extract_" + name, {.target_ns = target, .peer = std::move(peer)},
                   parsing(header, body));
  };
  using waybill::TraceIdSpelling;
  // Inlined where it is used, as in any program.
  write("traceparent", 2, "opentelemetry-cpp 63",
        [](const Context& context, char* out) { return waybill::write_traceparent(context, out); });
  read("traceparent", 5, "opentelemetry-cpp 180",
       "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
       [](std::string_view header) { return waybill::parse_traceparent(header); });
  write("x_trace_id", 5, "", [](const Context& context, char* out) {
    return waybill::write_x_trace_id(context, TraceIdSpelling::kHex, out);
  });
  read("x_trace_id", 10, "", "4bf92f3577b34da6a3ce929d0e0e4736", waybill::parse_x_trace_id);
  write("b3", 5, "", waybill::write_b3);
  read("b3", 10, "", "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1", waybill::parse_b3);
  write("jaeger", 5, "", waybill::write_uber_trace_id);
  read("jaeger", 20, "", "4bf92f3577b34da6a3ce929d0e0e4736:00f067aa0ba902b7:0:1",
       waybill::parse_uber_trace_id);
  write("xray", 10, "", waybill::write_xray);
  read("xray", 20, "", "Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Parent=00f067aa0ba902b7;Sampled=1",
       waybill::parse_xray);
  write("gcp", 15, "", waybill::write_cloud_trace);
  read("gcp", 20, "", "4bf92f3577b34da6a3ce929d0e0e4736/67667974448284343;o=1",
       waybill::parse_cloud_trace);
  read("baggage", 25, "", kBaggage, [](std::string_view header) {
    std::string storage;
    return waybill::normalize_baggage(header, storage).text.size();
  });
}

void add_requests(bench::Suite& suite) {
  const FormatList trace_context{Format::kTraceContext};
  const FormatList with_baggage{Format::kTraceContext, Format::kBaggage};
  suite.add_time("extract_tracestate_of_20_headers", {.target_ns = 100},
                 extracting(trace_context, trace_context));
  suite.add_time("extract_tracestate_baggage_of_20_headers", {.target_ns = 200},
                 extracting(with_baggage, with_baggage));
  suite.add_time("inject_tracestate_into_20_headers", {.target_ns = 100}, injecting(trace_context));
  suite.add_time("inject_tracestate_baggage_into_20_headers", {.target_ns = 150},
                 injecting(with_baggage));
  for (const Format format : kAll) {
    if (format == Format::kTraceContext || format == Format::kBaggage) continue;
    const std::string name(waybill::name_of(format));
    // Jaeger has a header for each member of the baggage; Datadog has five in all.
    const double target = format == Format::kJaeger ? 600 : 200;
    suite.add_time("extract_" + name + "_of_20_headers", {.target_ns = target},
                   extracting({format}, {format}));
    suite.add_time("inject_" + name + "_into_20_headers", {.target_ns = target},
                   injecting({format}));
  }
  suite.add_time("extract_nothing_of_20_headers_all_formats", {.target_ns = 50},
                 extracting(kAll, FormatList::none()));
  suite.add_time("extract_tracecontext_of_20_headers_all_formats", {.target_ns = 200},
                 extracting(kAll, with_baggage));
  suite.add_time("extract_all_of_20_headers_all_formats", {.target_ns = 800},
                 extracting(kAll, kAll));
  suite.add_time("inject_all_into_20_headers", {.target_ns = 1500}, injecting(kAll));
}

}  // namespace

int main(int argc, char** argv) {
  bench::Suite suite("propagation");
  add_single_formats(suite);
  add_requests(suite);
  return suite.run(argc, argv);
}
