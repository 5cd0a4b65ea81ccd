// Tells of appenders that are attached to loggers, to give them the filter.
#pragma once

#include <memory>

#include <log4cxx/appender.h>
#include <log4cxx/helpers/object.h>
#include <log4cxx/spi/hierarchyeventlistener.h>
#include <log4cxx/spi/loggerrepository.h>

#include <waybill/bridges/log4cxx/context_filter.h>

namespace waybill::log4cxx_bridge::detail {

class NewAppenders final : public ::log4cxx::spi::HierarchyEventListener {
 public:
  static void watch(::log4cxx::spi::LoggerRepository& repository) {
    // Once: the repository warns of a listener that it has already.
    [[maybe_unused]] static const bool watching = [&repository] {
      repository.addHierarchyEventListener(std::make_shared<NewAppenders>());
      return true;
    }();
  }

  void addAppenderEvent(const ::log4cxx::Logger* /*logger*/,
                        const ::log4cxx::Appender* appender) override {
    // Const in this signature alone: whoever attaches an appender can change it.
    put_filter_first(*const_cast<::log4cxx::Appender*>(appender));
  }
  void removeAppenderEvent(const ::log4cxx::Logger* /*logger*/,
                           const ::log4cxx::Appender* /*appender*/) override {}

  // What log4cxx asks of each of its objects.
  const ::log4cxx::helpers::Class& getClass() const override {
    return ::log4cxx::helpers::Object::getStaticClass();
  }
  const void* cast(const ::log4cxx::helpers::Class& type) const override {
    return &type == &getClass() ? static_cast<const ::log4cxx::helpers::Object*>(this) : nullptr;
  }
  bool instanceof (const ::log4cxx::helpers::Class& type) const override {
    return cast(type) != nullptr;
  }
};

}  // namespace waybill::log4cxx_bridge::detail
