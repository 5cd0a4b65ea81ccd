// Sanitizers want more address space than there is, and end the process when they do not get it.
#include <waybill/core/sanitizers.h>

#if !WAYBILL_ADDRESS_SANITIZER && !WAYBILL_THREAD_SANITIZER

#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <waybill/otlp/internal/request_groups.h>
#include <waybill/otlp/internal/request_json.h>

namespace waybill::internal {
namespace {

constexpr std::size_t kMuch = std::size_t{256} << 20;

// While it lives, there is not much memory.
class LittleMemory {
 public:
  LittleMemory() {
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    getrlimit(RLIMIT_AS, &before_);
    rlimit less = before_;
    less.rlim_cur = pages * static_cast<std::size_t>(getpagesize()) + kMuch / 4;
    setrlimit(RLIMIT_AS, &less);
  }
  LittleMemory(const LittleMemory&) = delete;
  LittleMemory& operator=(const LittleMemory&) = delete;
  ~LittleMemory() { setrlimit(RLIMIT_AS, &before_); }

 private:
  rlimit before_ = {};
};

// It takes a copy to mend a text that is not UTF-8.
TEST(RequestGroups, AppendsNothingWithoutMemory) {
  std::string text(kMuch, 'x');
  text.front() = '\xff';
  const Resource plain{.service_name = "plain"};
  Resource large{.service_name = "large"};
  large.attributes = {{"first", "1"}, {"second", text}};
  WireBuffer request;
  RequestGroups groups;
  ASSERT_TRUE(groups.open(request, plain, {"before", ""}));
  const std::size_t before = request.size();
  {
    const LittleMemory until_here;
    EXPECT_FALSE(groups.open(request, large, {"lib", ""}));
    EXPECT_EQ(request.size(), before);
    EXPECT_FALSE(groups.open(request, {.service_name = "other"}, {text, ""}));
    EXPECT_EQ(request.size(), before);
  }
  ASSERT_TRUE(groups.open(request, plain, {"after", ""}));
  groups.close(request);
  const nlohmann::json all = test::json_of(OtlpSignal::kTraces, request.view()).at("resourceSpans");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].at("/scopeSpans/0/scope/name"_json_pointer), "before");
  EXPECT_EQ(all[1].at("/scopeSpans/0/scope/name"_json_pointer), "after");
}

}  // namespace
}  // namespace waybill::internal

#endif
