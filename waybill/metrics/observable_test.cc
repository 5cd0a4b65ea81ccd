#include <atomic>
#include <latch>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/metrics/internal/metric_collector.h>
#include <waybill/metrics/internal/snapshot_lookup.h>
#include <waybill/metrics/meter.h>
#include <waybill/metrics/prometheus.h>

namespace waybill {
namespace {

using internal::numbers_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Observable, IsAskedAtEachCollection) {
  int value = 1;
  const auto handle =
      Meter("observable.asked").observable_counter("c", {}, [&value](Observer& observer) {
        observer.observe(value++);
      });
  EXPECT_THAT(numbers_of("observable.asked", "c"), ElementsAre(": 1"));
  EXPECT_THAT(numbers_of("observable.asked", "c"), ElementsAre(": 2"));
}

TEST(Observable, HasPointsOfWhatIsObserved) {
  const Meter meter("observable.points");
  bool both = true;
  const auto gauge = meter.observable_gauge("g", {}, [&both](Observer& observer) {
    observer.observe(0.5, {{"b", 1}, {"a", "x"}});
    observer.observe(1.5, {{"a", "x"}, {"b", 1}});  // the same: the last one counts
    if (both) observer.observe(2U, {{"a", "y"}});
    observer.observe(3, {{"trace_id", "abc"}});
  });
  const auto sum =
      meter.observable_up_down_counter("u", {}, [](Observer& observer) { observer.observe(-1); });
  EXPECT_THAT(numbers_of("observable.points", "g"), ElementsAre(": 3", "a=x,b=1: 1.5", "a=y: 2"));
  EXPECT_THAT(numbers_of("observable.points", "u"), ElementsAre(": -1"));
  both = false;
  EXPECT_THAT(numbers_of("observable.points", "g"), ElementsAre(": 3", "a=x,b=1: 1.5"));
}

TEST(Observable, MayHaveSeveralCallbacks) {
  const Meter meter("observable.several");
  const auto observe = [&meter](std::string pool) {
    return meter.observable_gauge("g", {}, [pool = std::move(pool)](Observer& observer) {
      observer.observe(1, {{"pool", pool}});
    });
  };
  const auto first = observe("a");
  {
    const auto second = observe("b");
    EXPECT_THAT(numbers_of("observable.several", "g"), ElementsAre("pool=a: 1", "pool=b: 1"));
  }
  EXPECT_THAT(numbers_of("observable.several", "g"), ElementsAre("pool=a: 1"));
}

TEST(Observable, EndsWithItsHandle) {
  const Meter meter("observable.ends");
  const auto callback = [](Observer& observer) { observer.observe(1); };
  ObservableHandle moved;
  {
    ObservableHandle handle = meter.observable_gauge("g", {}, callback);
    meter.observable_gauge("kept", {}, callback).keep();
    moved = std::move(handle);
  }
  EXPECT_THAT(numbers_of("observable.ends", "g"), ElementsAre(": 1"));
  moved = ObservableHandle();
  EXPECT_THAT(numbers_of("observable.ends", "g"), IsEmpty());
  EXPECT_THAT(numbers_of("observable.ends", "kept"), ElementsAre(": 1"));
}

TEST(Observable, EndingWaitsForACallThatIsUnderWay) {
  std::latch called(1);
  std::atomic<bool> ended = false;
  std::atomic<bool> may_return = false;
  auto handle = Meter("observable.waits").observable_gauge("g", {}, [&](Observer&) {
    called.count_down();
    while (!may_return) std::this_thread::yield();
    EXPECT_FALSE(ended);
  });
  std::thread collecting([] { collect(); });
  called.wait();
  std::thread ending([&] {
    handle = ObservableHandle();
    ended = true;
  });
  may_return = true;
  collecting.join();
  ending.join();
  EXPECT_TRUE(ended);
}

TEST(Observable, SurvivesExceptions) {
  const std::uint64_t before = metric_counts().failed_callbacks;
  const auto handle = Meter("observable.throws").observable_gauge("g", {}, [](Observer& observer) {
    observer.observe(1);
    throw std::runtime_error("no");
  });
  EXPECT_THAT(numbers_of("observable.throws", "g"), ElementsAre(": 1"));
  EXPECT_EQ(metric_counts().failed_callbacks, before + 1);
}

TEST(Observable, RefusesValuesThatAreNone) {
  const std::uint64_t before = metric_counts().refused_values;
  const auto handle =
      Meter("observable.refuses").observable_counter("c", {}, [](Observer& observer) {
        observer.observe(-1);
        observer.observe(std::numeric_limits<double>::quiet_NaN(), {{"a", 1}});
      });
  EXPECT_THAT(numbers_of("observable.refuses", "c"), IsEmpty());
  EXPECT_EQ(metric_counts().refused_values, before + 2);
}

TEST(Observable, SumsUpWhatIsBeyondTheLimit) {
  int users = 5;
  const auto handle =
      Meter("observable.limit")
          .observable_counter("c", {.cardinality_limit = 3}, [&users](Observer& observer) {
            for (int i = 0; i < users; ++i) {
              observer.observe(1, {{"user", i}});
            }
          });
  for (int round = 0; round < 2; ++round) {
    EXPECT_THAT(numbers_of("observable.limit", "c"),
                ElementsAre("otel.metric.overflow=true: 3", "user=0: 1", "user=1: 1"));
  }
  users = 1;  // what is not observed takes no place
  EXPECT_THAT(numbers_of("observable.limit", "c"), ElementsAre("user=0: 1"));
}

TEST(Observable, CountsOnlyWhatIsObservedAgainstTheLimit) {
  std::vector<int> users = {0, 1};
  const auto handle =
      Meter("observable.others")
          .observable_counter("c", {.cardinality_limit = 3}, [&users](Observer& observer) {
            for (const int user : users) observer.observe(1, {{"user", user}});
          });
  const std::uint64_t before = metric_counts().overflowed;
  EXPECT_THAT(numbers_of("observable.others", "c"), ElementsAre("user=0: 1", "user=1: 1"));
  users = {2, 3};
  EXPECT_THAT(numbers_of("observable.others", "c"), ElementsAre("user=2: 1", "user=3: 1"));
  EXPECT_EQ(metric_counts().overflowed, before);
  users = {4, 5, 2, 4};  // the first ones have a place
  EXPECT_THAT(numbers_of("observable.others", "c"),
              ElementsAre("otel.metric.overflow=true: 1", "user=4: 1", "user=5: 1"));
  EXPECT_EQ(metric_counts().overflowed, before + 1);
}

// Calls act(), tells what it threw.
template <class Act>
std::string error_of(Act&& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Observable, IsNotAskedByACallback) {
  const Meter meter("observable.nested");
  std::string collecting;
  std::string making;
  int status = 0;
  const auto handle = meter.observable_gauge("g", {}, [&](Observer& observer) {
    collecting = error_of([] { collect(); });
    making = error_of([&] { meter.observable_gauge("other", {}, [](Observer&) {}).keep(); });
    status = prometheus_exposition().status;
    observer.observe(1);
  });
  EXPECT_THAT(numbers_of("observable.nested", "g"), ElementsAre(": 1"));
  EXPECT_THAT(collecting, HasSubstr("from a callback"));
  EXPECT_THAT(making, HasSubstr("from a callback"));
  EXPECT_EQ(status, 500);
  EXPECT_EQ(prometheus_exposition().status, 200);
}

TEST(Observable, HasDifferencesToo) {
  int value = 5;
  const auto handle =
      Meter("observable.differences").observable_counter("c", {}, [&value](Observer& observer) {
        observer.observe(value);
      });
  const auto difference = [] {
    MetricSnapshot snapshot;
    snapshot.metrics = internal::MetricCollector::get().collect(true).differences;
    const auto points = internal::points_in<NumberPoint>(snapshot, "observable.differences", "c");
    return points.empty() ? std::string("none") : internal::text_of(points[0]);
  };
  EXPECT_EQ(difference(), ": 5");
  value = 7;
  EXPECT_EQ(difference(), ": 2");
  EXPECT_EQ(difference(), "none");
  value = 3;  // what is counted has begun anew
  EXPECT_EQ(difference(), ": 3");
}

}  // namespace
}  // namespace waybill
