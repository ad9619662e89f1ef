#include "analysis/compare/caveats.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/compare/sight.hpp"

namespace hopblame::compare {
namespace {

std::string clock_text(const Clock& clock) {
  return fmt::format("{:+.3f} s", seconds(*clock.offset));
}

const char* const alone_text =
    " So it proves nothing about the way, and the verdict is what the client's capture says alone.";

/// Why packets that the server's capture lacks need not be lost: it shows nothing of them all.
std::string blind_server(const Comparison& comparison, const std::string& target) {
  const auto& sight = comparison.at_server;
  if (sight.packets == 0)
    return "The server's capture is empty. Either nothing reached the server, or the capture did "
           "not look where it came in: another interface, another time, a filter.";
  if (!sight.there.any && !sight.back.any)
    return fmt::format(
        "None of the {} packets in the server's capture goes to or comes from {}. Either nothing "
        "reached the server, or the capture was taken on another interface, under another address "
        "behind a NAT, or with a filter.",
        sight.packets, target);
  if (!sight.there.any)
    return fmt::format(
        "The server's capture shows no packet that goes to {}: one direction only was captured, or "
        "nothing reached the server.",
        target);
  if (!sight.back.any)
    return fmt::format(
        "The server's capture shows no packet that {} sends: one direction only was captured, or "
        "the server never says anything.",
        target);
  return {};
}

std::string blind_to_icmp(const OneWay& back, const std::string& target) {
  if (back.cut)
    return fmt::format(
        "ICMP messages from {} are cut in the server's capture before the numbers that they quote "
        "(its snap length).",
        target);
  return fmt::format(
      "The server's capture shows no ICMP message from {}, whoever it is for: a filter on TCP "
      "hides those that the server sends.",
      target);
}

/// Empty: this capture shows what makes up a connection.
std::string blind_to_tcp(const char* whose, const Sight& sight, std::uint16_t port) {
  if (sight.there.cut_tcp || sight.back.cut_tcp)
    return fmt::format(
        "Segments of port {} are cut in the {} capture before their flags (its snap length: 96 "
        "bytes are enough).",
        port, whose);
  if (shows_answers_only(sight))
    return fmt::format(
        "The {} capture shows no TCP to port {}, of anybody, though some comes from it: a filter "
        "on the direction hides it.",
        whose, port);
  if (hides_plain(sight))
    return fmt::format(
        "Of port {} the {} capture shows only segments with {}, of anybody: a filter on the flags "
        "hides the rest.",
        port, whose, sight.there.ends || sight.back.ends ? "SYN, FIN or RST" : "SYN");
  if (sight.there.service && !sight.back.service)
    return fmt::format(
        "The {} capture shows no TCP from port {}, of anybody: a filter on the direction hides "
        "it, or nothing there answers.",
        whose, port);
  return {};
}

std::string blind(const Comparison& comparison, const Endpoint& target, bool asks_for_icmp) {
  const auto& client = comparison.at_client;
  const auto& server = comparison.at_server;
  const auto address = to_string(target.address);
  if (!client.back.any && server.back.any)
    return fmt::format(
        "The client's capture shows no packet that comes from {}: one direction only was captured, "
        "or nothing comes back.",
        address);
  // What is cut is there, and says nothing of a filter.
  const bool cut = !asks_for_icmp && (server.there.cut_tcp || server.back.cut_tcp);
  if (auto text = blind_server(comparison, address); !text.empty() && !cut) return text;
  if (asks_for_icmp) return blind_to_icmp(server.back, address);
  auto text = blind_to_tcp("server's", server, target.port);
  if (text.empty()) text = blind_to_tcp("client's", client, target.port);
  return text.empty() ? blind_to_icmp(server.back, address) : text;
}

/// Which packets a filter may have left out of the server's capture.
const char* hidden_kind(const AttemptFinding& finding, const Sight& server) {
  if (finding.finding == Finding::reset_injected) return "no segment without SYN from";
  return server.there.service ? "no TCP from" : "no TCP to";
}

std::string filter_text(const AttemptFinding& finding, const Comparison& comparison,
                        std::uint16_t port) {
  if (finding.finding == Finding::answer_lost)
    return "The client's capture shows no packet from the server at all: a capture of one "
           "direction would look the same. How it was taken settles that.";
  if (finding.mute)
    return fmt::format(
        "The server's capture shows no packet that goes back, of any kind{}. A capture of one "
        "direction would look the same, and one beside the way back. How it was taken settles "
        "that.",
        finding.leaves_out ? ", though the client hears from the address it asked" : "");
  if (finding.finding == Finding::reset_injected && finding.way == Way::there)
    return fmt::format(
        "The client's capture shows no segment without SYN to port {} at all: a filter that "
        "leaves them out would look the same. How it was taken settles that.",
        port);
  return fmt::format(
      "The server's capture shows {} port {} at all, of anybody: a filter that leaves it "
      "out would look the same. How it was taken settles that.",
      hidden_kind(finding, comparison.at_server), port);
}

std::string uncovered_text(const Comparison& comparison, std::ptrdiff_t uncovered) {
  return fmt::format(
      "{} of {} attempts fall{} outside the time in which both captures ran for certain: what is "
      "missing there is not read as lost. What the client's capture tells alone: hopblame read.",
      uncovered, comparison.attempts.size(), uncovered == 1 ? "s" : "");
}

class Caveats {
 public:
  void add_if(bool holds, CaveatId id, std::string text) {
    if (!holds) return;
    std::erase_if(list, [&](const Caveat& caveat) { return caveat.id == id; });
    list.push_back({id, std::move(text)});
  }
  std::vector<Caveat> list;
};

bool ended_by_icmp(const AttemptFinding& attempt) {
  return attempt.outcome == Outcome::rejected || attempt.outcome == Outcome::unreachable;
}

const char* shows_midway(const Comparison& comparison) {
  if (comparison.forwards) return "it shows packets come in and go out again with a hop less";
  if (std::ranges::any_of(comparison.attempts, &AttemptFinding::rejected_beyond))
    return "it shows a router reject what goes to the server";
  return "what comes from the server had passed routers there";
}

std::string midway_text(const Comparison& comparison) {
  return fmt::format(
      "The second capture was not taken on the server but on the way to it{}: {}. What is said of "
      "the way holds up to there; what lies beyond was not seen.",
      comparison.distance ? fmt::format(", at hop {}", *comparison.distance) : "",
      shows_midway(comparison));
}

/// One of them at most: the first says most.
void add_coverage(Caveats& caveats, const Comparison& comparison, const Endpoint& target,
                  const AttemptFinding* best) {
  const auto count = [&](Finding finding) {
    return std::ranges::count(comparison.attempts, finding, &AttemptFinding::finding);
  };
  const auto uncovered = count(Finding::not_covered);
  const auto unshown =
      std::ranges::find(comparison.attempts, Finding::not_shown, &AttemptFinding::finding);
  if (comparison.elsewhere)
    return caveats.add_if(
        true, CaveatId::not_covered,
        fmt::format("Other ports of {} are passed on to the machine of the second capture, which "
                    "has another address; nothing shows that port {} goes there too.",
                    to_string(target.address), target.port) +
            alone_text);
  if (unshown != comparison.attempts.end())
    return caveats.add_if(true, CaveatId::not_covered,
                          blind(comparison, target, ended_by_icmp(*unshown)) + alone_text);
  if (uncovered > 0)
    return caveats.add_if(true, CaveatId::not_covered, uncovered_text(comparison, uncovered));
  if (best && filter_fits(*best, comparison))
    caveats.add_if(true, CaveatId::not_covered, filter_text(*best, comparison, target.port));
}

void add_clock(Caveats& caveats, const Comparison& comparison) {
  const auto& clock = comparison.clock;
  caveats.add_if(!clock.offset && comparison.at_server.packets > 0, CaveatId::clocks_not_compared,
                 "No packet was seen at both ends, so the two clocks could not be compared; they "
                 "are taken to agree. Ping the server once while both captures run.");
  caveats.add_if(
      !clock.consistent, CaveatId::clocks_not_compared,
      fmt::format("The clocks differ by {}, but neither always by the same nor by one that "
                  "grows evenly: one was set, or changed its speed.",
                  clock.offset ? clock_text(clock) : ""));
}

/// Below one in a hundred TCP loses packets by itself, where it looks for how fast a path is; and
/// of few packets no rate can be told.
bool is_lossy(const Comparison& comparison) {
  constexpr std::size_t enough = 20, few = 3, one_in = 100;
  const std::size_t lost = comparison.lost_there + comparison.lost_back;
  return comparison.paired >= enough && lost >= few && lost * one_in >= lost + comparison.paired;
}

std::string loss_text(const Comparison& comparison) {
  const auto lost = comparison.lost_there + comparison.lost_back;
  return fmt::format(
      "Of {} packets of these connections that left one end {} never arrived at the other, {} on "
      "the way there and {} on the way back; or the captures missed "
      "them.",
      lost + comparison.paired, lost, comparison.lost_there, comparison.lost_back);
}

bool shows_syns_at_most(const OneWay& way) { return !way.plain && !way.ends; }

/// What the capture beside the alleged sender shows of it.
const OneWay& sender_of(const AttemptFinding& finding, const Comparison& comparison) {
  return finding.way == Way::there ? comparison.at_client.there : comparison.at_server.back;
}

}  // namespace

bool filter_fits(const AttemptFinding& finding, const Comparison& comparison) {
  const auto &client = comparison.at_client, &server = comparison.at_server;
  switch (finding.finding) {
    // A filter on the port; had it let the SYN through, it would have let it be seen.
    case Finding::request_lost:
    case Finding::reset_instead: return !server.there.service;
    case Finding::answer_invented:
      return !server.there.service || !server.back.service ||
             !(server.there.syns || server.back.syns);
    // A filter on the flags, SYN: it hides a RST, but not that the SYN was answered otherwise.
    case Finding::reset_injected:
      return finding.outcome != Outcome::refused &&
             shows_syns_at_most(sender_of(finding, comparison));
    // A filter on the destination port.
    case Finding::unanswered: return !server.back.service && !comparison.midway;
    case Finding::answer_lost: return !client.back.any;
    default: return false;
  }
}

std::vector<Caveat> caveats_of(const Comparison& comparison, const Side& client, const Side& server,
                               const Endpoint& target, const AttemptFinding* best,
                               const Analysis& alone) {
  Caveats caveats{alone.verdict.caveats};
  // Of the client's capture alone these were true.
  std::erase_if(caveats.list, [&](const Caveat& caveat) {
    return (caveat.id == CaveatId::one_direction && !comparison.one_place) ||
           (caveat.id == CaveatId::no_walk && comparison.server_distance());
  });
  caveats.add_if(
      comparison.swapped, CaveatId::captures_swapped,
      "Every packet has more hops left where it arrives than where it was sent, or arrives before "
      "it is sent, whatever the clocks differ: the connections to this target go from the machine "
      "of the second capture to that of the first (a call-back, FTP in active mode), or the two "
      "were taken for each other. Give them the other way round.");
  caveats.add_if(
      comparison.turned && !comparison.swapped, CaveatId::captures_swapped,
      "The connections to this target go from the machine of the second capture to that of the "
      "first: a call-back (FTP in active mode), or the two were given the other way round. So what "
      "is called the client's here is the second file, and the server's the first.");
  caveats.add_if(comparison.one_place, CaveatId::captures_of_one_place,
                 fmt::format("All {} packets that both captures have take the same time there as "
                             "back and meet no router: both were taken at one place, or are the "
                             "same file. So they prove nothing about the way.",
                             comparison.clock.packets));
  const bool known = std::ranges::count(caveats.list, CaveatId::captured_midway, &Caveat::id) > 0;
  caveats.add_if(comparison.client_forwards && !known, CaveatId::captured_midway,
                 "The client's capture was not taken on the client but at a router beside it: it "
                 "shows packets come in and go out again with a hop less. What happens between the "
                 "two was not seen.");
  caveats.add_if(comparison.midway, CaveatId::captured_midway, midway_text(comparison));
  if (!comparison.one_place && !comparison.swapped) add_coverage(caveats, comparison, target, best);
  if (!comparison.swapped) add_clock(caveats, comparison);
  caveats.add_if(comparison.unsure, CaveatId::unmatched,
                 "The server's capture holds an attempt that the client's does not: it may be the "
                 "client's, with everything rewritten by a proxy. Where that cannot be ruled out, "
                 "the verdict is what the client's capture says alone.");
  caveats.add_if(best && best->finding == Finding::answered && is_lossy(comparison),
                 CaveatId::path_loss, loss_text(comparison));
  const auto dropped = client.dropped + server.dropped;
  caveats.add_if(dropped > 0, CaveatId::capture_drops,
                 fmt::format("The captures lost {} packets: some of what looks lost on the way may "
                             "be only that.",
                             dropped));
  caveats.add_if(client.truncated || server.truncated, CaveatId::capture_truncated,
                 "A capture file is damaged, or ends in the middle of a packet.");
  return std::move(caveats.list);
}

}  // namespace hopblame::compare
