#pragma once
// Levels of significance: how often chance alone (loss, or which of several equal ways a flow met)
// may look like what a conclusion says. A diagnosis comes to each question at most once, so a level
// is the share of wrong conclusions in networks where nothing but chance is at work. Lower ones
// would need more probes than courtesy allows, and miss true faults.

namespace hopblame::level {

// Where. Wrong, an interval is too narrow; the cause stays the same.
inline constexpr double place = 0.01;   ///< answers that chance cannot all have taken end a place
inline constexpr double nearer = 0.05;  ///< a rule of measured share that let all pass lies beyond

// What is struck off the list: a possible cause would be missing, so rarer.
inline constexpr double excluded = 0.001;

// Now and then, by time or number: `intermittent`, with a limit or a ban instead of loss.
inline constexpr double limit_or_ban = 0.01;
inline constexpr double after_a_pair = 0.001;  ///< the same although two of a burst came through
inline constexpr double limit_on_all = 0.001;  ///< of all that pass a hop: many more are looked at
inline constexpr double shut = 0.001;          ///< silence for good, that began while asking

// Now and then, by what the SYN looks like.
inline constexpr double by_hop_limit = 0.001;  ///< silence, which loss brings as well
inline constexpr double by_few_hops = 0.005;   ///< turned away: loss does not, two ways might
/// Six flows against four; of two equal ways one is met by all of either kind as rarely. Fewer than
/// eight cannot be split improbably.
inline constexpr double by_form = 0.005;
inline constexpr double by_connect = 0.02;  ///< the kernel's own SYNs, few, are silent alone
/// One connect() that is turned away where ten flows or more get through. That it met the one of
/// many machines or ways which does so is possible; but some devices answer SYNs that ask for ECN
/// with a RST or drop them (RFC 3168 section 6.1.1.1).
inline constexpr double by_ecn = 0.1;

// Now and then, by flow: a divided path, or several machines behind the address.
inline constexpr double by_flow = 0.0003;  ///< silent flows, which loss explains so easily
inline constexpr double leans_to_flow = 0.1;
inline constexpr double flow_in_loss = 0.003;  ///< where nothing else speaks against chance
inline constexpr double against_flow = 0.1;    ///< odds: below it the answers speak for chance
inline constexpr double silent_beside = 0.01;  ///< a flow that is silent where others are refused

// Now and then, by who asks.
inline constexpr double by_client = 0.01;  ///< one of many clients, alone in its two failures

// The planner asks on while chance is neither excluded nor likely.
inline constexpr double asks_from = 0.0005, asks_to = 0.3;
inline constexpr double asks_for_limit = 0.005;

}  // namespace hopblame::level
