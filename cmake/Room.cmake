# crossfade_room(NAME SOURCES ... TESTS ... BENCHES ... USES ... LINKS ...)
#
# One room of the house: a static library crossfade_NAME of its SOURCES, one test program of its
# TESTS, one benchmark program of its BENCHES. USES names the rooms above that it includes; LINKS
# names outside libraries, which stay private to the room. Test programs are enrolled in ctest; those
# of a room marked SANITIZED (it reads what strangers wrote) also belong to the target
# sanitized_tests and carry that label, for ./dev test to run them under sanitizers. All are linked
# with crossfade_gtest (tests/CMakeLists.txt).
add_custom_target(sanitized_tests)

function(crossfade_room name)
  cmake_parse_arguments(ROOM "SANITIZED" "" "SOURCES;TESTS;BENCHES;USES;LINKS;TEST_USES" ${ARGN})
  list(TRANSFORM ROOM_USES PREPEND crossfade_)
  list(TRANSFORM ROOM_TEST_USES PREPEND crossfade_)
  if(ROOM_SOURCES)
    add_library(crossfade_${name} STATIC ${ROOM_SOURCES})
    target_link_libraries(crossfade_${name} PUBLIC crossfade_options ${ROOM_USES}
                          PRIVATE ${ROOM_LINKS})
  else()
    add_library(crossfade_${name} INTERFACE)
    target_link_libraries(crossfade_${name} INTERFACE crossfade_options ${ROOM_USES} ${ROOM_LINKS})
  endif()
  if(CROSSFADE_DEVELOPER AND ROOM_TESTS)
    add_executable(crossfade_${name}_test ${ROOM_TESTS})
    target_link_libraries(crossfade_${name}_test PRIVATE crossfade_${name} ${ROOM_TEST_USES}
                          ${ROOM_LINKS} crossfade_gtest)
    if(ROOM_SANITIZED)
      add_dependencies(sanitized_tests crossfade_${name}_test)
      set(labels PROPERTIES LABELS sanitized)
    endif()
    gtest_discover_tests(crossfade_${name}_test DISCOVERY_MODE PRE_TEST ${labels})
  endif()
  if(CROSSFADE_BENCH AND ROOM_BENCHES)
    add_executable(crossfade_${name}_bench ${ROOM_BENCHES})
    target_link_libraries(crossfade_${name}_bench PRIVATE crossfade_${name} ${ROOM_LINKS}
                          benchmark::benchmark benchmark::benchmark_main)
  endif()
endfunction()
