# Installs the build into a fresh prefix, moves that, and has the consumers use it where it is then.
include(${SOURCE_DIR}/tests/install/consumer.cmake)

set(work ${BUILD_DIR}/install-test)
file(REMOVE_RECURSE ${work})
run(${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${work}/first-prefix)
file(RENAME ${work}/first-prefix ${work}/prefix)

test_cmake_consumer(${work}/prefix ${work})
file(GLOB_RECURSE core ${work}/prefix/*/waybill-core.pc)
cmake_path(GET core PARENT_PATH folder)
test_pkg_config_consumer(${folder} ${work})
run(${work}/prefix/bin/waybill --version)

file(GLOB_RECURSE private RELATIVE ${work}/prefix ${work}/prefix/include/*/internal/*)
if(private)
  message(FATAL_ERROR "private headers were installed: ${private}")
endif()
