#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/core.h>
#include <waybill/log/log.h>
#include <waybill/metrics/internal/snapshot_lookup.h>
#include <waybill/metrics/log_metrics.h>
#include <waybill/pipeline/pipeline.h>

namespace waybill {
namespace {

using internal::numbers_of;
using testing::ElementsAre;

TEST(LogMetrics, CountsByLevelAndLogger) {
  configure_logging({.outputs = {{.records = log_metrics_sink()}}});
  const auto log = logger("web");
  log.info("one");
  log.info("two");
  logger("db").warn("three");
  const Context context = Context::new_trace();
  const Context dropped = Context::new_trace().with_sampling(Sampling::kDropped);
  {
    const Scope scope{context};
    log.error("four");
  }
  {
    const Scope scope{dropped};
    log.fatal("five");
  }
  ASSERT_TRUE(flush());
  EXPECT_THAT(numbers_of("waybill.log_metrics", "log.records"),
              ElementsAre("log.level=ERROR,log.logger=web: 1", "log.level=FATAL,log.logger=web: 1",
                          "log.level=INFO,log.logger=web: 2", "log.level=WARN,log.logger=db: 1"));
  for (const auto& point : internal::points_of<NumberPoint>("waybill.log_metrics", "log.records")) {
    const bool in_trace = internal::text_of(point.attributes) == "log.level=ERROR,log.logger=web";
    ASSERT_EQ(point.exemplars.size(), in_trace ? 1U : 0U);
    if (in_trace) {
      EXPECT_EQ(point.exemplars[0].trace_id, context.trace_id());
    }
  }
  configure_logging({});
}

}  // namespace
}  // namespace waybill
