#pragma once
// The address answers pings itself, and some of its ports come from farther back: it passes ports
// on to hosts behind it (Docker, a balancer, a router with port forwarding), perhaps this one too.

#include "analysis/model/verdict.hpp"
#include "analysis/offline/exhibits.hpp"

namespace hopblame::offline {

/// Of a port that does not answer: whoever stands behind the address may be the one who is silent.
void look_behind(Verdict& verdict, const Exhibits& exhibits);

}  // namespace hopblame::offline
