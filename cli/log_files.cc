#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <utility>

#include <sys/stat.h>

#include <cli/log_files.h>
#include <waybill/core/error.h>

namespace waybill::cli {

namespace fs = std::filesystem;

namespace {

bool is_log_name(const fs::path& path) {
  constexpr std::array<std::string_view, 4> kExtensions = {".log", ".json", ".jsonl", ".ndjson"};
  return std::ranges::find(kExtensions, path.extension().string()) != kExtensions.end();
}

std::vector<std::string> files_under(const fs::path& folder, std::vector<std::string>& unreadable) {
  std::vector<std::string> found;
  std::vector<fs::path> folders = {folder};
  while (!folders.empty()) {
    const fs::path next = std::move(folders.back());
    folders.pop_back();
    std::error_code error;
    fs::directory_iterator entries(next, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
      std::error_code unknown;
      if (entries->is_directory(unknown)) {
        if (!entries->is_symlink(unknown)) folders.push_back(entries->path());
      } else if (entries->is_regular_file(unknown) && is_log_name(entries->path())) {
        found.push_back(entries->path().string());
      }
    }
    if (error) unreadable.push_back(next.string() + ": " + error.message());
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace

LogFile log_file(std::string path) {
  if (path == "-") return {std::move(path), "stdin"};
  std::string name = fs::path(path).filename().string();
  name.resize(std::min(name.find('.', 1), name.size()));
  return {std::move(path), std::move(name)};
}

std::vector<LogFile> find_log_files(const std::vector<std::string>& paths,
                                    std::vector<std::string>& unreadable) {
  std::vector<LogFile> files;
  std::set<std::pair<dev_t, ino_t>> seen;
  bool stdin_seen = false;
  const auto add = [&](const std::string& path) {
    struct stat status {};
    if (stat(path.c_str(), &status) == 0 && !seen.emplace(status.st_dev, status.st_ino).second) {
      return;
    }
    files.push_back(log_file(path));
  };
  for (const std::string& path : paths) {
    std::error_code error;
    const fs::file_status status = path == "-" ? fs::file_status() : fs::status(path, error);
    if (path == "-") {
      if (!std::exchange(stdin_seen, true)) files.push_back(log_file(path));
    } else if (!fs::exists(status)) {
      throw Error("'" + path + "': " + (error ? error.message() : "no such file or directory"));
    } else if (fs::is_directory(status)) {
      std::ranges::for_each(files_under(path, unreadable), add);
    } else {
      add(path);
    }
  }
  return files;
}

}  // namespace waybill::cli
