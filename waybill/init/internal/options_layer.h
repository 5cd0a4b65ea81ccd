// OptionsLayer: what one source of options (code, the file, the environment) has to say, checked as
// far as that can be done without the others.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <waybill/init/init_options.h>
#include <waybill/init/internal/named_levels.h>
#include <waybill/init/internal/resource_attributes.h>
#include <waybill/init/internal/setting_value.h>

namespace waybill::internal {

class OptionsLayer {
 public:
  // Each throws Error for what is wrong by itself.
  static OptionsLayer of_code(const InitOptions& options);
  static OptionsLayer of_tree(SettingValue tree);

  const InitOptions& options() const noexcept { return options_; }
  const NamedLevels& levels() const noexcept { return levels_; }
  // Without service.name, which is options().service.
  const ResourceAttributes& resource() const noexcept { return resource_; }
  // log.output, a list of tables, or null.
  const SettingValue* outputs() const noexcept;
  bool has_place() const noexcept;  // where records go

  // Where the option was set: "in code", "waybill.toml:3".
  std::string place_of(std::string_view option) const;

 private:
  OptionsLayer(InitOptions options, SettingValue tree)
      : options_(std::move(options)), tree_(std::move(tree)) {}

  void take_service();
  void check_log() const;
  void check_propagation() const;
  void check_pipeline() const;
  const SettingValue* find(std::string_view option) const noexcept;

  InitOptions options_;
  NamedLevels levels_ = {};
  ResourceAttributes resource_ = {};
  SettingValue tree_;
};

}  // namespace waybill::internal
