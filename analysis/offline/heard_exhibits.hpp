#pragma once
// What the host answers, or does not, by other ways while a port keeps silent, as exhibits.

#include "analysis/offline/exhibits.hpp"

namespace hopblame::offline {

/// `dropped`: the port keeps silent itself; else a router turns it away.
void add_heard(Exhibits& exhibits, const Book& book, const Target& target, const Span& silence,
               bool dropped);

}  // namespace hopblame::offline
