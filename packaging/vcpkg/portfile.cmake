# An overlay port, for a checkout: vcpkg install waybill --overlay-ports=packaging/vcpkg
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)

vcpkg_check_features(OUT_FEATURE_OPTIONS options FEATURES
  asio-tracking WAYBILL_ASIO_TRACKING
  cli           WAYBILL_BUILD_CLI)
# Each optional room is a feature.
set(without)
foreach(room otlp_grpc queue_redis queue_nats queue_kafka outbox_postgres)
  string(REPLACE "_" "-" feature ${room})
  if(NOT feature IN_LIST FEATURES)
    list(APPEND without ${room})
  endif()
endforeach()
list(JOIN without "," without)

vcpkg_cmake_configure(SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS ${options} "-DWAYBILL_WITHOUT=${without}" -DWAYBILL_BUILD_TESTS=OFF -DWAYBILL_BUILD_BENCH=OFF
          -DWAYBILL_BUILD_EXAMPLES=OFF -DWAYBILL_X86_64_V2=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH lib/cmake/waybill)
vcpkg_fixup_pkgconfig()
if("cli" IN_LIST FEATURES)
  vcpkg_copy_tools(TOOL_NAMES waybill AUTO_CLEAN)
endif()
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE" "${SOURCE_PATH}/NOTICE")
