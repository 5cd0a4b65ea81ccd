#include <string>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <waybill/core/error.h>
#include <waybill/core/sha256.h>
#include <waybill/repro/fingerprint.h>
#include <waybill/repro/internal/temporary_folder.h>

namespace waybill {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Property;

TEST(Fingerprint, IsThatOfSha256sum) {
  const internal::TemporaryFolder folder;
  const auto file = folder.write("abc.txt", "abc");
  const InputFingerprint result = fingerprint(file);
  EXPECT_EQ(result.path, file.string());
  EXPECT_EQ(result.size, 3u);
  EXPECT_EQ(result.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(fingerprint(folder.write("empty", "")).sha256,
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Fingerprint, OfAFileOfManyPieces) {
  const internal::TemporaryFolder folder;
  std::string content;
  for (int i = 0; i < 1'000'001; ++i) content.push_back(static_cast<char>(i * 31 >> 3));
  const InputFingerprint result = fingerprint(folder.write("large", content));
  EXPECT_EQ(result.size, content.size());
  EXPECT_EQ(result.sha256, to_hex(sha256(content)));
}

// Reads come back short.
TEST(Fingerprint, OfAPipe) {
  const internal::TemporaryFolder folder;
  const auto pipe = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::string content(300'000, 'x');
  std::thread writer([&] {
    const int descriptor = ::open(pipe.c_str(), O_WRONLY);
    for (std::size_t at = 0; at < content.size();) {
      const auto written = ::write(descriptor, content.data() + at,
                                   std::min<std::size_t>(1000, content.size() - at));
      if (written <= 0) break;
      at += static_cast<std::size_t>(written);
    }
    ::close(descriptor);
  });
  const InputFingerprint result = fingerprint(pipe);
  writer.join();
  EXPECT_EQ(result.size, content.size());
  EXPECT_EQ(result.sha256, to_hex(sha256(content)));
}

TEST(Fingerprint, NamesTheFileThatCannotBeRead) {
  const internal::TemporaryFolder folder;
  const auto what = [](const std::filesystem::path& file) -> std::string {
    try {
      fingerprint(file);
      return "";
    } catch (const Error& error) {
      return error.what();
    }
  };
  EXPECT_THAT(what(folder.path() / "none.csv"),
              AllOf(HasSubstr("none.csv' cannot be read"), HasSubstr("No such file")));
  EXPECT_THAT(what(folder.path()), HasSubstr("Is a directory"));
}

TEST(ConfigurationHash, OfJsonIsOfWhatItSays) {
  const std::string hash = configuration_hash(R"({"a":1,"b":[true,null,"x"],"c":{"d":2.5}})");
  EXPECT_EQ(hash, to_hex(sha256(R"({"a":1,"b":[true,null,"x"],"c":{"d":2.5}})")));
  EXPECT_EQ(
      configuration_hash("{ \"c\": {\"d\": 2.50},\n \"b\": [true, null, \"\\u0078\"], \"a\": 1 }"),
      hash);
  EXPECT_NE(configuration_hash(R"({"a":2,"b":[true,null,"x"],"c":{"d":2.5}})"), hash);
  EXPECT_NE(configuration_hash(R"({"a":1,"b":[null,true,"x"],"c":{"d":2.5}})"), hash);
}

TEST(ConfigurationHash, OfOtherTextIsOfItsBytes) {
  EXPECT_EQ(configuration_hash("fast=10\nslow=50\n"), to_hex(sha256("fast=10\nslow=50\n")));
  EXPECT_NE(configuration_hash("fast=10\nslow=50\n"), configuration_hash("fast=10\nslow=50"));
  const std::string deep(100'000, '[');
  EXPECT_EQ(configuration_hash(deep), to_hex(sha256(deep)));
  const std::string closed = std::string(200, '[') + std::string(200, ']');
  EXPECT_EQ(configuration_hash(closed), to_hex(sha256(closed)));
}

}  // namespace
}  // namespace waybill
