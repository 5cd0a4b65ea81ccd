// In what two runs differ, in words.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <waybill/repro/repro_context.h>

namespace waybill {
namespace {

std::string shown(const std::string& text) {
  return text.empty() ? "not known" : text;
}

// As many digits as people compare.
std::string shown_hash(const std::string& hash) {
  return shown(hash.size() > 12 ? hash.substr(0, 12) : hash);
}

class Differences {
 public:
  void add(std::string_view what, const std::string& mine, const std::string& other) {
    std::string& text = found_.emplace_back(what);
    text.append(": ").append(mine).append(", other run: ").append(other);
  }
  void compare(std::string_view what, const std::string& mine, const std::string& other) {
    if (mine != other) add(what, shown(mine), shown(other));
  }
  void compare_hash(std::string_view what, const std::string& mine, const std::string& other) {
    if (mine == other) return;
    const bool told_apart = shown_hash(mine) != shown_hash(other);
    add(what, told_apart ? shown_hash(mine) : mine, told_apart ? shown_hash(other) : other);
  }
  std::vector<std::string> take() { return std::move(found_); }

 private:
  std::vector<std::string> found_;
};

using Inputs = std::vector<InputFingerprint>;

const InputFingerprint* find(const Inputs& inputs, std::string_view path) {
  const auto found = std::ranges::find(inputs, path, &InputFingerprint::path);
  return found != inputs.end() ? &*found : nullptr;
}

std::string described(const InputFingerprint* input) {
  return input == nullptr
             ? "not an input"
             : std::to_string(input->size) + " bytes, SHA-256 " + shown_hash(input->sha256);
}

// The order does not matter. The same path may be there more than once.
void compare_inputs(Differences& found, const Inputs& mine, const Inputs& others) {
  const auto is_in = [](const Inputs& inputs, const InputFingerprint& input) {
    return std::ranges::find(inputs, input) != inputs.end();
  };
  for (const InputFingerprint& input : mine) {
    if (is_in(others, input)) continue;
    found.add("input '" + input.path + "'", described(&input), described(find(others, input.path)));
  }
  for (const InputFingerprint& input : others) {
    if (is_in(mine, input)) continue;
    const InputFingerprint* same_path = find(mine, input.path);
    const bool is_told = same_path != nullptr && !is_in(others, *same_path);
    if (!is_told) found.add("input '" + input.path + "'", described(same_path), described(&input));
  }
}

void compare_versions(Differences& found, const std::map<std::string, std::string>& mine,
                      const std::map<std::string, std::string>& others) {
  std::map<std::string, std::string> all = mine;
  all.insert(others.begin(), others.end());
  const auto version = [](const std::map<std::string, std::string>& versions,
                          const std::string& name) {
    const auto entry = versions.find(name);
    return entry != versions.end() ? entry->second : std::string();
  };
  for (const auto& [name, ignored] : all) {
    found.compare("version of " + name, version(mine, name), version(others, name));
  }
}

}  // namespace

std::vector<std::string> ReproContext::differences(const ReproContext& other) const {
  Differences found;
  found.compare("seed", std::to_string(seed), std::to_string(other.seed));
  found.compare_hash("code, commit", code.commit, other.code.commit);
  found.compare("code, branch", code.branch, other.code.branch);
  found.compare_hash("configuration, SHA-256", configuration_hash, other.configuration_hash);
  compare_inputs(found, inputs, other.inputs);
  compare_versions(found, versions, other.versions);
  found.compare("host, name", host.name, other.host.name);
  found.compare("host, system", host.system, other.host.system);
  found.compare("host, machine", host.machine, other.host.machine);
  found.compare("host, processors", std::to_string(host.processors),
                std::to_string(other.host.processors));
  return found.take();
}

}  // namespace waybill
