#include <algorithm>
#include <fstream>
#include <string_view>
#include <system_error>

#include <waybill/core/hex.h>
#include <waybill/repro/code_version.h>

namespace waybill {
namespace {

namespace fs = std::filesystem;

// Longer lines are no refs.
constexpr std::size_t kLongestLine = 4096;

// The next line, without its end; what is too long is cut. False at the end.
bool read_line(std::istream& in, std::string& line) {
  line.clear();
  for (int c; (c = in.get()) != std::istream::traits_type::eof();) {
    if (c == '\n') return true;
    if (line.size() < kLongestLine) line.push_back(static_cast<char>(c));
  }
  return !line.empty();
}

std::string first_line(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return {};
  std::ifstream in(file, std::ios::binary);
  std::string line;
  read_line(in, line);
  while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.pop_back();
  return line;
}

bool is_commit(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         std::ranges::all_of(text, [](char c) { return hex::lowercase_digit(c) >= 0; });
}

// As git checks names: nothing that leaves the folder.
bool is_ref(std::string_view name) {
  return name.starts_with("refs/") && name.find("..") == name.npos && name.find('\0') == name.npos;
}

// The folder that .git is, or that the file .git refers to.
fs::path git_folder_of(fs::path folder) {
  std::error_code error;
  folder = fs::absolute(folder, error).lexically_normal();
  for (;; folder = folder.parent_path()) {
    const fs::path git = folder / ".git";
    if (fs::is_directory(git, error)) return git;
    constexpr std::string_view kPointer = "gitdir: ";
    const std::string line = first_line(git);
    if (line.starts_with(kPointer)) return folder / line.substr(kPointer.size());
    if (folder == folder.parent_path()) return {};
  }
}

// What all worktrees of a repository share.
fs::path common_folder_of(const fs::path& git) {
  const std::string line = first_line(git / "commondir");
  return line.empty() ? git : git / line;
}

std::string find_packed(const fs::path& file, std::string_view ref) {
  std::ifstream in(file, std::ios::binary);
  for (std::string line; in && read_line(in, line);) {
    const std::string_view text = line;
    const std::size_t space = text.find(' ');
    if (space != text.npos && text.substr(space + 1) == ref && is_commit(text.substr(0, space))) {
      return line.substr(0, space);
    }
  }
  return {};
}

std::string resolve(const fs::path& git, const std::string& ref) {
  const fs::path common = common_folder_of(git);
  for (const fs::path& folder : {git, common}) {
    if (std::string commit = first_line(folder / ref); is_commit(commit)) return commit;
  }
  return find_packed(common / "packed-refs", ref);
}

}  // namespace

CodeVersion read_code_version(const fs::path& folder) {
  const fs::path git = git_folder_of(folder);
  if (git.empty()) return {};
  const std::string head = first_line(git / "HEAD");
  if (is_commit(head)) return {.commit = head, .branch = {}};
  constexpr std::string_view kSymbolic = "ref: ";
  constexpr std::string_view kBranches = "refs/heads/";
  if (!head.starts_with(kSymbolic)) return {};
  const std::string ref = head.substr(kSymbolic.size());
  if (!is_ref(ref)) return {};
  CodeVersion version{.commit = resolve(git, ref), .branch = {}};
  if (!version.commit.empty() && ref.starts_with(kBranches)) {
    version.branch = ref.substr(kBranches.size());
  }
  return version;
}

}  // namespace waybill
