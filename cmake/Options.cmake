# How every target of ours is compiled: C++20, warnings as errors for developers, sanitizers.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# -O2 with symbols for lines only: full debug information would triple the build folder.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # Base folder and no directory hash: another clone of the same sources hits the same cache.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_NOHASHDIR=1
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} ${CCACHE_PROGRAM})
endif()

find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_link_options(-fuse-ld=mold)
endif()

add_library(crossfade_options INTERFACE)
# No fused multiply-add by the compiler's choice: results do not depend on how code is inlined.
target_compile_options(crossfade_options INTERFACE -ffp-contract=off)
target_include_directories(crossfade_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_definitions(crossfade_options INTERFACE CROSSFADE_VERSION="${PROJECT_VERSION}")
if(CROSSFADE_DEVELOPER)
  target_compile_options(crossfade_options INTERFACE -Wall -Wextra -Wshadow -Werror)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 sees overlapping copies inside std::string that are not there (GCC bug 105329).
    target_compile_options(crossfade_options INTERFACE -Wno-restrict)
  endif()
endif()
if(CROSSFADE_SANITIZE)
  target_compile_options(crossfade_options INTERFACE -fsanitize=${CROSSFADE_SANITIZE}
                         -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(crossfade_options INTERFACE -fsanitize=${CROSSFADE_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # With the sanitizers' branches g++ 12 loses track of which member of a std::variant is set.
    target_compile_options(crossfade_options INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()
