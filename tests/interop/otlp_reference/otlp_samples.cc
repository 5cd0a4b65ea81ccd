// otlp_samples COUNT [SEED]: writes random requests of OTLP to standard output, and the seed to
// standard error. For each of them three texts, each with its size in front (4 bytes, little
// endian): a description of what it is made of, the request, and the request in JSON.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>

#include <rapidcheck.h>

#include <waybill/otlp/otlp_json.h>

#include "tests/interop/otlp_reference/samples.h"

namespace {

using waybill::OtlpSignal;
using waybill::test::Sample;

constexpr int kSize = 100;  // of RapidCheck's values

void write(std::string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  for (int shift = 0; shift < 32; shift += 8) std::putchar(static_cast<int>(size >> shift & 0xff));
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void write_sample(Sample (*make)(), OtlpSignal signal, const rc::Random& random) {
  const Sample sample = rc::gen::exec(make)(random, kSize).value();
  std::string json;
  if (!append_otlp_json(json, signal, sample.request)) {
    std::fputs("a request is not protobuf\n", stderr);
    std::exit(1);
  }
  write(sample.description.dump());
  write(sample.request);
  write(json);
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 100;
  const std::uint64_t seed =
      argc > 2 ? std::strtoull(argv[2], nullptr, 10) : std::random_device()();
  std::fprintf(stderr, "seed %llu\n", static_cast<unsigned long long>(seed));
  rc::Random random(seed);
  for (int i = 0; i < count; ++i) {
    write_sample(waybill::test::random_spans, OtlpSignal::kTraces, random.split());
    write_sample(waybill::test::random_logs, OtlpSignal::kLogs, random.split());
    write_sample(waybill::test::random_metrics, OtlpSignal::kMetrics, random.split());
  }
}
