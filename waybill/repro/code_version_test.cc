#include <string>

#include <gtest/gtest.h>

#include <waybill/repro/code_version.h>
#include <waybill/repro/internal/temporary_folder.h>

namespace waybill {
namespace {

const std::string kCommit = "5984ae9c0ffee0123456789abcdef0123456789a";
const std::string kOther = "0123456789abcdef0123456789abcdef01234567";

class CodeVersionTest : public testing::Test {
 protected:
  CodeVersion read(const std::filesystem::path& below = "") {
    return read_code_version(folder_.path() / below);
  }
  internal::TemporaryFolder folder_;
};

TEST_F(CodeVersionTest, IsTheBranchsCommit) {
  folder_.write(".git/HEAD", "ref: refs/heads/feature/fast\n");
  folder_.write(".git/refs/heads/feature/fast", kCommit + "\n");
  EXPECT_EQ(read(), (CodeVersion{.commit = kCommit, .branch = "feature/fast"}));
}

TEST_F(CodeVersionTest, IsFoundFromFoldersBelow) {
  folder_.write(".git/HEAD", kCommit + "\n");
  folder_.write("src/deep/main.cc", "");
  EXPECT_EQ(read("src/deep"), (CodeVersion{.commit = kCommit, .branch = ""}));
}

TEST_F(CodeVersionTest, IsFoundAmongPackedRefs) {
  folder_.write(".git/HEAD", "ref: refs/heads/main\n");
  folder_.write(".git/packed-refs", "# pack-refs with: peeled fully-peeled sorted\n" + kOther +
                                        " refs/heads/main-2\n" + kCommit + " refs/heads/main\n^" +
                                        kOther + "\n");
  EXPECT_EQ(read(), (CodeVersion{.commit = kCommit, .branch = "main"}));
  folder_.write(".git/refs/heads/main", kOther + "\n");  // newer than what was packed
  EXPECT_EQ(read().commit, kOther);
}

TEST_F(CodeVersionTest, OfAWorktreeIsItsOwn) {
  folder_.write("main/.git/HEAD", "ref: refs/heads/main\n");
  folder_.write("main/.git/refs/heads/main", kOther + "\n");
  folder_.write("main/.git/refs/heads/side", kCommit + "\n");
  folder_.write("main/.git/worktrees/side/HEAD", "ref: refs/heads/side\n");
  folder_.write("main/.git/worktrees/side/commondir", "../..\n");
  folder_.write("side/.git",
                "gitdir: " + (folder_.path() / "main/.git/worktrees/side").string() + "\n");
  EXPECT_EQ(read("side"), (CodeVersion{.commit = kCommit, .branch = "side"}));
}

TEST_F(CodeVersionTest, OfASubmoduleIsItsOwn) {
  folder_.write(".git/HEAD", kOther + "\n");
  folder_.write(".git/modules/lib/HEAD", kCommit + "\n");
  folder_.write("lib/.git", "gitdir: ../.git/modules/lib\n");
  EXPECT_EQ(read("lib"), (CodeVersion{.commit = kCommit, .branch = ""}));
}

TEST_F(CodeVersionTest, OfWhatIsNoRepositoryIsNotKnown) {
  const CodeVersion none;
  EXPECT_EQ(read("not/there"), none);
  folder_.write(".git/refs/heads/other", kOther + "\n");
  for (const std::string head : {"", "ref: refs/heads/unborn\n", "ref: ../../etc/passwd\n",
                                 "ref: refs/../../secret\n", "ref: refs/heads/.invalid\n",
                                 "not a commit\n", "5984AE9C0FFEE0123456789ABCDEF0123456789A\n"}) {
    folder_.write(".git/HEAD", head);
    folder_.write("secret", kCommit + "\n");
    EXPECT_EQ(read(), none) << head;
  }
  folder_.write(".git/HEAD", std::string(10'000'000, 'a'));
  EXPECT_EQ(read(), none);
}

}  // namespace
}  // namespace waybill
