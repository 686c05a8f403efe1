// The instruction set that every kernel of this room runs on, chosen once, at program start.
//
// Kernels are compiled for several instruction sets by Highway (github.com/google/highway) and the
// best one that the CPU has is taken at run time. Results are the same bytes on the same
// instruction set and agree within rounding across them, so its name belongs to the provenance of a
// result. The portable "scalar" code is always there and is the oracle of the tests.
//
// Highway keeps the choice in a process-wide variable: this is the one such variable of the
// project.
#pragma once

#include <string>
#include <vector>

#include "crossfade/base/status.h"

namespace crossfade::kernels {

// Takes the instruction set called `forced`, or the best of this CPU if it is null or empty.
// Programs call it first of all with getenv("CROSSFADE_ISA"). Names: scalar, sse4, avx2, avx3
// (AVX-512), avx3_dl (AVX-512 of Ice Lake with VNNI). Errors (usage): an unknown name, or one that
// this CPU lacks. Not to be called while kernels run in other threads.
Status choose_isa(const char* forced);

// The instruction set that kernels use now, for provenance: "avx2".
std::string isa_name();

// Everything choose_isa would take on this CPU, best first, "scalar" last; whatever is chosen now.
std::vector<std::string> supported_isas();

}  // namespace crossfade::kernels
