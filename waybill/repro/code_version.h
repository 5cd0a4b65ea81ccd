// CodeVersion: which commit the sources are at.
//
// Read from the repository's files, without running git, when the program runs. What it cannot know
// is whether files have been changed since that commit, or whether the program was built from it:
// a build that is to say so can ask git and hand the answer over in its own words:
//
//   execute_process(COMMAND git describe --always --dirty --abbrev=40
//                   WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
//                   OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE)
//   target_compile_definitions(backtest PRIVATE CODE_VERSION="${version}")
//
//   waybill::ReproContext::begin({..., .code = waybill::CodeVersion{.commit = CODE_VERSION}});
#pragma once

#include <filesystem>
#include <string>

namespace waybill {

struct CodeVersion {
  std::string commit;  // 40 or 64 hex digits, or what the build said; empty: not known
  std::string branch;  // "main"; empty where the commit is checked out by itself

  friend bool operator==(const CodeVersion&, const CodeVersion&) = default;
};

// Of the repository that `folder` lies in, a worktree or a submodule too. Empty where there is
// none, or one that has no commit or is stored in a way that is not known here (reftable).
CodeVersion read_code_version(const std::filesystem::path& folder);

}  // namespace waybill
