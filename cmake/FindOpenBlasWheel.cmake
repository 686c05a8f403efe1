# OpenBLAS from the scipy-openblas32 wheel: current kernels, and every symbol carries the prefix
# scipy_, so it cannot meet another BLAS in the same process. Defines OpenBlasWheel::openblas.
execute_process(
  COMMAND ${CROSSFADE_VENV}/bin/python -c
    "import scipy_openblas32 as o; print(o.get_include_dir(), o.get_lib_dir(), o.get_library(), sep=';', end='')"
  OUTPUT_VARIABLE _openblas RESULT_VARIABLE _openblas_status ERROR_VARIABLE _openblas_error)
if(NOT _openblas_status EQUAL 0)
  message(FATAL_ERROR "No scipy-openblas32 in ${CROSSFADE_VENV}. Run ./dev setup. "
                      "(${_openblas_error})")
endif()
list(GET _openblas 0 _openblas_include)
list(GET _openblas 1 _openblas_folder)
list(GET _openblas 2 _openblas_name)
add_library(OpenBlasWheel::openblas SHARED IMPORTED GLOBAL)
set_target_properties(OpenBlasWheel::openblas PROPERTIES
  IMPORTED_LOCATION ${_openblas_folder}/lib${_openblas_name}.so
  IMPORTED_SONAME lib${_openblas_name}.so
  INTERFACE_INCLUDE_DIRECTORIES ${_openblas_include}
  INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${_openblas_include}
  INTERFACE_COMPILE_DEFINITIONS BLAS_SYMBOL_PREFIX=scipy_)
set(OpenBlasWheel_FOUND TRUE)
