#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/metrics/internal/attribute_set.h>

namespace waybill::internal {
namespace {

TEST(AttributeSet, KnowsNamesOfTraces) {
  for (const char* key :
       {"trace_id", "span_id", "traceId", "SpanID", "trace.id", "span-id", "parent_span_id",
        "traceparent", "X-Trace-ID", "dd.trace_id", "X-B3-TraceId"}) {
    EXPECT_TRUE(names_a_trace(key)) << key;
  }
  for (const char* key : {"trace", "span.name", "id", "trace_identity", "retrace_id", "task_id",
                          "a_key_that_is_rather_long_trace_id", ""}) {
    EXPECT_FALSE(names_a_trace(key)) << key;
  }
}

struct OwnedFields {
  std::vector<std::pair<std::string, std::string>> texts;
  std::vector<Field> fields;
  explicit OwnedFields(std::vector<std::pair<std::string, std::string>> given)
      : texts(std::move(given)) {
    for (const auto& [key, value] : texts) fields.push_back({key, std::string_view(value)});
  }
  Fields all() const { return {fields.data(), fields.size()}; }
};

// Texts of few letters, so that some are alike.
rc::Gen<OwnedFields> some_fields() {
  const auto text = rc::gen::element<std::string>("", "a", "b", "ab", "ba", "aa", "a longer text");
  return rc::gen::map(rc::gen::container<std::vector<std::pair<std::string, std::string>>>(
                          rc::gen::pair(text, text)),
                      [](auto texts) { return OwnedFields(std::move(texts)); });
}

RC_GTEST_PROP(AttributeSet, HashesAsItCompares, ()) {
  const OwnedFields a = *some_fields();
  const OwnedFields b = *some_fields();
  const OwnedFields copy(a.texts);
  RC_ASSERT(same_spelling(a.all(), copy.all()));
  RC_ASSERT(hash_of(a.all()) == hash_of(copy.all()));
  RC_ASSERT(same_spelling(a.all(), b.all()) == (a.texts == b.texts));
  RC_ASSERT((hash_of(a.all()) == hash_of(b.all())) == (a.texts == b.texts));
}

RC_GTEST_PROP(AttributeSet, IsCanonicalOnce, ()) {
  const OwnedFields given = *some_fields();
  const CanonicalAttributes once(given.all());
  const CanonicalAttributes twice(once.fields());
  RC_ASSERT(same_spelling(once.fields(), twice.fields()));
  for (std::size_t i = 1; i < once.fields().size(); ++i) {
    RC_ASSERT(once.fields()[i - 1].key < once.fields()[i].key);
  }
  for (const Field& field : given.all()) {
    RC_ASSERT(field.key.empty() == (once.fields().find(field.key) == nullptr));
  }
}

TEST(AttributeSet, TellsTypesAndBitsApart) {
  const std::vector<FieldValue> values = {1, 2, "1", 1.0, true, false, 0, 0.0, -0.0, "", 1U};
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = 0; j < values.size(); ++j) {
      const Field a{"k", values[i]};
      const Field b{"k", values[j]};
      EXPECT_EQ(same_spelling({&a, 1}, {&b, 1}), i == j);
      EXPECT_EQ(hash_of({&a, 1}) == hash_of({&b, 1}), i == j) << i << ' ' << j;
    }
  }
}

}  // namespace
}  // namespace waybill::internal
