# Arrow and Parquet: a system Arrow if CMake finds one, else the libraries inside the pyarrow wheel
# of the project's Python environment. Defines ArrowWheel::arrow and ArrowWheel::parquet.
find_package(Arrow CONFIG QUIET)
find_package(Parquet CONFIG QUIET)
if(Arrow_FOUND AND Parquet_FOUND)
  add_library(ArrowWheel::arrow ALIAS Arrow::arrow_shared)
  add_library(ArrowWheel::parquet ALIAS Parquet::parquet_shared)
  set(ArrowWheel_FOUND TRUE)
  return()
endif()

execute_process(
  COMMAND ${CROSSFADE_VENV}/bin/python -c
    "import pyarrow as a; print(a.get_include(), a.get_library_dirs()[0], a.cpp_build_info.so_version, sep=';', end='')"
  OUTPUT_VARIABLE _arrow_wheel RESULT_VARIABLE _arrow_status ERROR_VARIABLE _arrow_error)
if(NOT _arrow_status EQUAL 0)
  message(FATAL_ERROR "No Arrow: neither a system package nor pyarrow in ${CROSSFADE_VENV}. "
                      "Run ./dev setup. (${_arrow_error})")
endif()
list(GET _arrow_wheel 0 _arrow_include)
list(GET _arrow_wheel 1 _arrow_folder)
list(GET _arrow_wheel 2 _arrow_so)

function(_arrow_library name file)
  add_library(ArrowWheel::${name} SHARED IMPORTED GLOBAL)
  set_target_properties(ArrowWheel::${name} PROPERTIES
    IMPORTED_LOCATION ${_arrow_folder}/${file}.so.${_arrow_so}
    IMPORTED_SONAME ${file}.so.${_arrow_so}
    INTERFACE_INCLUDE_DIRECTORIES ${_arrow_include}
    INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${_arrow_include})
  if(ARGN)
    set_target_properties(ArrowWheel::${name} PROPERTIES INTERFACE_LINK_LIBRARIES "${ARGN}")
  endif()
endfunction()
_arrow_library(arrow libarrow)
_arrow_library(parquet libparquet ArrowWheel::arrow)
set(ArrowWheel_FOUND TRUE)
