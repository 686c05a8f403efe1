# libtorch from the torch wheel, in a Python environment of its own, because only crossfade-neural
# needs it. Defines TorchWheel::torch, or leaves TorchWheel_FOUND false. Nothing is asked of the
# wheel's own CMake files: they look for libraries that a user of the CPU part does not need.
file(GLOB _torch_folder ${CROSSFADE_TORCH}/lib/python3*/site-packages/torch)
if(NOT _torch_folder OR NOT EXISTS ${_torch_folder}/lib/libtorch_cpu.so)
  set(TorchWheel_FOUND FALSE)
  return()
endif()

function(_torch_library name)
  add_library(TorchWheel::${name} SHARED IMPORTED GLOBAL)
  set_target_properties(TorchWheel::${name} PROPERTIES
    IMPORTED_LOCATION ${_torch_folder}/lib/lib${name}.so
    IMPORTED_SONAME lib${name}.so
    INTERFACE_INCLUDE_DIRECTORIES ${_torch_folder}/include
    INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${_torch_folder}/include)
  if(ARGN)
    set_target_properties(TorchWheel::${name} PROPERTIES INTERFACE_LINK_LIBRARIES "${ARGN}")
  endif()
endfunction()
_torch_library(c10)
_torch_library(torch_cpu TorchWheel::c10)
if(EXISTS ${_torch_folder}/lib/libtorch_cuda.so)
  # Nothing of ours names its symbols; it registers itself when it is loaded.
  _torch_library(c10_cuda TorchWheel::c10)
  _torch_library(torch_cuda TorchWheel::c10_cuda)
  _torch_library(torch "-Wl,--push-state,--no-as-needed" TorchWheel::torch_cuda
    "-Wl,--pop-state" TorchWheel::torch_cpu)
else()
  _torch_library(torch TorchWheel::torch_cpu)
endif()
set(TorchWheel_FOUND TRUE)
