# waybill_room(NAME [USES room...] [LINK target...] [PRIVATE_LINK target...] [PACKAGES name...])
#
# Declares one room of the library from the folder that calls it: every x.cc is compiled into the
# target waybill::NAME, every x_test.cc into the test program NAME_test, and every header is
# installed but those under internal/. A room with headers alone becomes an INTERFACE target.
#
#   USES          rooms this one builds on; the architecture page fixes who may use whom
#   LINK          third-party targets that appear in the room's public headers
#   PRIVATE_LINK  third-party targets that do not
#   PACKAGES      find_package() names that a user of the installed room needs for them
function(waybill_room name)
  cmake_parse_arguments(ROOM "" "" "USES;LINK;PRIVATE_LINK;PACKAGES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cc internal/*.cc)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")

  set(target waybill_${name})
  list(TRANSFORM ROOM_USES PREPEND waybill_)
  if(sources)
    add_library(${target} ${sources})
    target_link_libraries(${target} PUBLIC ${ROOM_USES} ${ROOM_LINK} PRIVATE ${ROOM_PRIVATE_LINK}
                                    PRIVATE $<BUILD_INTERFACE:waybill_warnings>)
    # What one file of a room calls in itself is that, in a shared library too: nobody replaces it from outside, and
    # GCC may inline it. Clang takes that for granted.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-semantic-interposition>)
    set(scope PUBLIC)
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE ${ROOM_USES} ${ROOM_LINK})
    set(scope INTERFACE)
  endif()
  add_library(waybill::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name} VERSION ${PROJECT_VERSION}
                                             SOVERSION ${PROJECT_VERSION_MAJOR})
  target_compile_features(${target} ${scope} cxx_std_20)
  target_include_directories(${target} ${scope} $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                                                $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)

  install(TARGETS ${target} EXPORT waybill COMPONENT ${name})
  install(DIRECTORY . DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/waybill/${name} COMPONENT ${name}
          FILES_MATCHING PATTERN "*.h" PATTERN internal EXCLUDE
          PATTERN tracking EXCLUDE PATTERN standalone EXCLUDE PATTERN parallel_runtimes EXCLUDE)

  # For the package config: the packages of a room are its own and those of the rooms it uses.
  set(packages ${ROOM_PACKAGES})
  foreach(used IN LISTS ROOM_USES)
    get_property(inherited GLOBAL PROPERTY WAYBILL_PACKAGES_${used})
    list(APPEND packages ${inherited})
  endforeach()
  list(REMOVE_DUPLICATES packages)
  set_property(GLOBAL PROPERTY WAYBILL_PACKAGES_${target} "${packages}")
  set_property(GLOBAL APPEND PROPERTY WAYBILL_ROOMS ${name})
  set_property(GLOBAL APPEND_STRING PROPERTY WAYBILL_ROOM_PACKAGES
               "set(_waybill_packages_${name} ${packages})\n")

  if(tests AND WAYBILL_BUILD_TESTS)
    waybill_test(${name}_test SOURCES ${tests} LINK ${target} LABEL ${name})
  endif()
endfunction()

# waybill_test(NAME SOURCES file... [LINK target...] [LABEL label])
# One GoogleTest program; each of its tests becomes a CTest test. The target LABEL_tests builds all programs of a
# label.
function(waybill_test name)
  cmake_parse_arguments(TEST "" "LABEL" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE ${TEST_LINK} GTest::gtest GTest::gmock GTest::gtest_main rapidcheck
                                        waybill_warnings)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  gtest_discover_tests(${name} TEST_PREFIX "${TEST_LABEL}." PROPERTIES LABELS "${TEST_LABEL}" TIMEOUT 300
                       DISCOVERY_MODE PRE_TEST)
  # What scripts/test builds for a label.
  if(NOT TARGET ${TEST_LABEL}_tests)
    add_custom_target(${TEST_LABEL}_tests)
  endif()
  add_dependencies(${TEST_LABEL}_tests ${name})
endfunction()
