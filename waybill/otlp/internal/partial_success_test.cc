#include <gtest/gtest.h>
#include <protozero/pbf_writer.hpp>

#include <waybill/otlp/internal/partial_success.h>

namespace waybill::internal {
namespace {

std::string response(std::int64_t rejected, const std::string& message) {
  std::string bytes;
  protozero::pbf_writer writer(bytes);
  {
    protozero::pbf_writer partial(writer, 1);
    partial.add_int64(1, rejected);
    partial.add_string(2, message);
  }
  return bytes;
}

TEST(PartialSuccess, IsReadFromProtobuf) {
  const auto partial = parse_partial_success(response(3, "too old"), Encoding::kProtobuf);
  EXPECT_EQ(partial.rejected, 3U);
  EXPECT_EQ(partial.message, "too old");
}

TEST(PartialSuccess, IsReadFromJsonOfAllSignals) {
  for (const std::string name : {"rejectedSpans", "rejectedDataPoints", "rejectedLogRecords"}) {
    for (const std::string number : {"3", "\"3\""}) {
      const auto partial = parse_partial_success(
          R"({"partialSuccess":{")" + name + "\":" + number + R"(,"errorMessage":"too old"}})",
          Encoding::kJson);
      EXPECT_EQ(partial.rejected, 3U) << name << number;
      EXPECT_EQ(partial.message, "too old");
    }
  }
}

TEST(PartialSuccess, IsNotThereInWhatCannotBeRead) {
  const std::string whole = response(3, "too old");
  for (const std::string& body :
       {std::string(), whole.substr(0, whole.size() - 1), std::string("\xff\xff\xff"),
        std::string("<html>"), std::string(60'000, '['), std::string(R"({"partialSuccess":7})"),
        std::string(R"({"partialSuccess":{"rejectedSpans":-3}})"),
        std::string(R"({"partialSuccess":{"rejectedSpans":"3x","errorMessage":7}})")}) {
    for (const Encoding encoding : {Encoding::kProtobuf, Encoding::kJson}) {
      const auto partial = parse_partial_success(body, encoding);
      EXPECT_EQ(partial.rejected, 0U);
      EXPECT_EQ(partial.message, "");
    }
  }
  EXPECT_EQ(parse_partial_success(response(-3, ""), Encoding::kProtobuf).rejected, 0U);
}

TEST(PartialSuccess, CutsAMessageThatIsTooLong) {
  const std::string text(10'000, 'x');
  EXPECT_EQ(parse_partial_success(response(0, text), Encoding::kProtobuf).message.size(),
            kLongestMessage);
}

TEST(StatusMessage, IsReadFromBothForms) {
  std::string bytes;
  protozero::pbf_writer writer(bytes);
  writer.add_int32(1, 3);
  writer.add_string(2, "bad data");
  EXPECT_EQ(parse_status_message(bytes, Encoding::kProtobuf), "bad data");
  EXPECT_EQ(parse_status_message(R"({"code":3,"message":"bad data"})", Encoding::kJson),
            "bad data");
  EXPECT_EQ(parse_status_message("<html>Bad Gateway</html>", Encoding::kProtobuf), "");
  EXPECT_EQ(parse_status_message("<html>Bad Gateway</html>", Encoding::kJson), "");
}

}  // namespace
}  // namespace waybill::internal
