#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unistd.h>

#include <cli/line_reader.h>

namespace waybill::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Read {
  std::vector<std::string> lines;
  std::uint64_t too_long = 0;
};

Read read_lines(const std::string& content, std::size_t piece = LineReader::kDefaultPiece) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), &std::fclose);
  std::fwrite(content.data(), 1, content.size(), file.get());
  std::rewind(file.get());
  LineReader reader(::fileno(file.get()), piece);
  Read read;
  for (std::string_view line; reader.next(line);) read.lines.emplace_back(line);
  EXPECT_EQ(reader.error(), 0);
  read.too_long = reader.too_long();
  return read;
}

TEST(LineReader, EndsLinesAtNewlines) {
  EXPECT_THAT(read_lines("a\nb\n\nc\n").lines, ElementsAre("a", "b", "", "c"));
  EXPECT_THAT(read_lines("").lines, IsEmpty());
}

TEST(LineReader, TakesALastLineWithoutEnd) {
  EXPECT_THAT(read_lines("a\nlast").lines, ElementsAre("a", "last"));
}

TEST(LineReader, DropsCarriageReturnsAndAByteOrderMark) {
  EXPECT_THAT(read_lines("\xef\xbb\xbf{}\r\nb\r\n").lines, ElementsAre("{}", "b"));
}

TEST(LineReader, ReadsLinesLongerThanItsPiece) {
  const std::string longer(1000, 'x');
  EXPECT_THAT(read_lines("a\n" + longer + "\nb\n", 16).lines, ElementsAre("a", longer, "b"));
}

TEST(LineReader, SkipsAndCountsLinesThatAreTooLong) {
  const std::string longest(LineReader::kLongestLine, 'x');
  for (const std::size_t piece : {std::size_t{64}, LineReader::kDefaultPiece}) {
    const Read read = read_lines(
        "a\n" + longest + "y\n" + longest + "\nb\n" + longest + longest + longest, piece);
    EXPECT_THAT(read.lines, ElementsAre("a", longest, "b"));
    EXPECT_EQ(read.too_long, 2U);
  }
}

RC_GTEST_PROP(LineReader, GivesEveryLineBack, ()) {
  const auto lines = *rc::gen::container<std::vector<std::string>>(
      rc::gen::container<std::string>(rc::gen::inRange('a', 'e')));
  const auto piece = *rc::gen::inRange<std::size_t>(1, 40);
  std::string content;
  for (const std::string& line : lines) content += line + "\n";
  RC_ASSERT(read_lines(content, piece).lines == lines);
}

TEST(LineReader, GivesALineBeforeThePipeEnds) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::write(ends[1], "a\nb", 3), 3);
  LineReader reader(ends[0]);
  std::string_view line;
  ASSERT_TRUE(reader.next(line));
  EXPECT_EQ(line, "a");
  ::close(ends[1]);
  ASSERT_TRUE(reader.next(line));
  EXPECT_EQ(line, "b");
  EXPECT_FALSE(reader.next(line));
  ::close(ends[0]);
}

TEST(LineReader, ReportsWhyReadingFailed) {
  const int folder = ::open("/", O_RDONLY | O_DIRECTORY);
  LineReader reader(folder);
  std::string_view line;
  EXPECT_FALSE(reader.next(line));
  EXPECT_EQ(reader.error(), EISDIR);
  ::close(folder);
}

}  // namespace
}  // namespace waybill::cli
