#pragma once
// What shows where a box stands that copies the probe's hop limit into its RST.

#include "analysis/verdict/resets.hpp"

namespace hopblame {

/// Two RSTs that follow their probes, and the sum that places whoever made them. Nothing where the
/// RSTs follow none.
void add_copied(const Case& the_case, const Resets& resets, std::vector<Evidence>& because);

}  // namespace hopblame
