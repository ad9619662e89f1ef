// What limits a verdict.
#include "src/report/knowledge_tables.hpp"

namespace hopblame::knowledge {
namespace {

struct Entry {
  CaveatId id;
  Article article;
};

constexpr std::string_view nobody = "Nobody needs to: it limits how much the packets can tell.";

const Entry entries[] = {
    {CaveatId::icmp_rate_limited,
     {"a router answers only some of the probes",
      "Routers send only a few ICMP messages per second. A missing answer from one is no sign of a "
      "fault.",
      "Some probes to a hop are answered, others of the same kind are not.", nobody,
      "Ask again at a lower rate: --rate 5."}},
    {CaveatId::no_icmp,
     {"no ICMP message came back at all",
      "Without time exceeded messages the path stays dark, and hops can only be told by the "
      "answers themselves.",
      "No ICMP in the whole capture.", "A network team that drops ICMP could let it pass.",
      "Ping a known host from here: does any ICMP come in?"}},
    {CaveatId::path_loss,
     {"packets are lost at random",
      "Some packets are lost whatever their port. The verdict takes that into account.",
      "Missing answers are spread over all flows.", "The network team.",
      "Measure over a longer time, for example with mtr."}},
    {CaveatId::unexpected_service,
     {"another service than expected answers",
      "The port is open, but what answers does not speak the protocol that this port usually "
      "carries.",
      "The first line is not that of the expected protocol.", "The owner of the service.",
      "See on the host which program listens on the port: ss -ltnp."}},
    {CaveatId::no_handshake,
     {"no connection was completed",
      "No real connection was made, so nothing is known about what happens after the handshake.",
      "No ACK completes a handshake.",
      "The user, by leaving out --no-handshake, or by recording an ordinary connection.",
      "Run again without --no-handshake."}},
    {CaveatId::control_silent,
     {"the comparison port is silent too",
      "The second port, used for comparison, got no answer. So it is not known whether only this "
      "port or the whole host is filtered.",
      "Probes to the comparison port stay unanswered.", nobody,
      "Choose another one with --control-port, best one that is known to be closed and not "
      "filtered."}},
    {CaveatId::control_open,
     {"the comparison port is open",
      "The second port, expected to be closed, accepts connections. It cannot show how this host "
      "refuses.",
      "A SYN/ACK from the comparison port.", nobody, "Choose another one with --control-port."}},
    {CaveatId::class_not_echoed,
     {"the type of service does not come back",
      "The host, or a device on the way, resets the type of service field. So a closed port and a "
      "firewall's reset cannot be told apart by it.",
      "Answers carry a type of service of 0, also from the comparison port.", nobody,
      "Look on the host itself: ss -ltnp and the firewall rules."}},
    {CaveatId::capture_drops,
     {"the capture lost packets",
      "This machine could not record every packet, so an answer may have come unseen.",
      "The kernel's drop counter of the capture is not zero.", "The user: a quieter machine helps.",
      "Run again on a quieter machine; for tcpdump a larger buffer helps: -B 65536 (KiB)."}},
    {CaveatId::capture_truncated,
     {"the capture file is damaged or cut short",
      "The file ends in the middle of a packet, or holds what no capture may hold. What could be "
      "read is reported.",
      "The last record is longer than the file.", "Whoever made the capture.",
      "Record it again and let the recording program end properly."}},
    {CaveatId::clock_stepped,
     {"the clock was changed during the run",
      "The clock of this machine jumped. Times in the report may be wrong; the order is right.",
      "Times that jump or run backwards.", nobody, "Run again."}},
    {CaveatId::interrupted,
     {"the run was stopped before its end",
      "Only what was known by then is reported; silence of the last probes means nothing.",
      "The last probes have no answer yet.", "The user.", "Run again and let it finish."}},
    {CaveatId::interface_lost,
     {"the network interface went down during the run",
      "For part of the run this machine could neither send nor see packets.",
      "A gap in the capture.", "The user.", "Check the link, then run again."}},
    {CaveatId::forged_replies,
     {"answers with wrong numbers came in",
      "Packets arrived that look like answers, but do not carry the numbers of our probes: late "
      "strangers or forgeries. They decided nothing.",
      "Right addresses and ports, wrong sequence or acknowledgment numbers.",
      "The network team, if they keep coming.", "Look at them in the saved capture."}},
    {CaveatId::answers_elsewhere,
     {"answers come in by another network interface",
      "Probes leave this machine by one interface and the answers come in by another. That is no "
      "fault of itself, but a reverse path check, here or on a firewall that sees one direction "
      "only, drops such connections.",
      "The saved capture holds packets of two interfaces.",
      "The administrator of this machine, and the network team.",
      "Compare the routes of both ends: ip route get here, and the other end's route back."}},
    {CaveatId::several_paths,
     {"packets take more than one path",
      "A load balancer spreads connections over several paths, so a hop can have several "
      "addresses and only some connections may fail.",
      "Several addresses answer for one hop.", nobody, "Repeat the run and compare."}},
    {CaveatId::asymmetric_return,
     {"answers come back another way",
      "The way back is longer or shorter than the way there, so distances taken from answers are "
      "uncertain.",
      "The TTL of an answer does not fit the distance of its sender.", nobody,
      "Capture on the server, and trace from there to here."}},
    {CaveatId::quote_rewritten,
     {"a device rewrote the quoted packet",
      "The packet quoted in an ICMP message is not as it was sent: an address translation on the "
      "way changed it.",
      "Addresses, ports or checksums in the quote differ from the probe.", nobody,
      "Ask the network team where addresses are translated."}},
    {CaveatId::behind_forward,
     {"the port is forwarded to a host behind the address",
      "The address belongs to a gateway, and the answer comes from a host behind it.",
      "Another distance for this port than for the rest of the address.", nobody,
      "List the port forwardings of the gateway."}},
    {CaveatId::transparent_proxy,
     {"a device on the path terminates the connection",
      "What answers is not the destination itself but a device before it.",
      "The port is answered nearer than the destination.",
      "The network team that runs that device.", "Compare host keys or certificates."}},
    {CaveatId::other_address_open,
     {"another address of the same name works",
      "The name has several addresses, and one of the others accepts connections. Applications "
      "may work, slowly, through that one.",
      "A connection to the other address completes.", "The owner of the name or of the address.",
      "Try the other family with -4 or -6."}},
    {CaveatId::silent_hops,
     {"some hops did not answer",
      "Some routers send no time exceeded messages. That alone is no fault, but the blame can be "
      "placed less exactly.",
      "Rows without an address in the path.", nobody, "Ask the network team what those hops are."}},
    {CaveatId::not_sent,
     {"some probes did not leave this machine",
      "The kernel took them, but they were not seen on the wire; they count as not asked.",
      "A probe without a packet in the capture.", "The administrator of this machine.",
      "See tc -s qdisc show and the rules for outgoing packets."}},
    {CaveatId::unverified,
     {"the question is not in the capture",
      "Answers were seen whose question was not recorded, so they could not be verified.",
      "An ICMP message quotes a packet that the file does not hold.", nobody,
      "Record both directions, from before the attempt."}},
    {CaveatId::small_mtu,
     {"a link on the way takes smaller packets only",
      "A router said that packets of the usual size do not fit the link behind it. This machine "
      "then sends smaller ones, so the connection works; where that message is dropped, "
      "connections hang as soon as much data flows.",
      "ICMP fragmentation needed (3/4), or packet too big (ICMPv6 2/0), with the size that fits.",
      "The network team, if that link ought to carry 1500 bytes: a tunnel takes some.",
      "ip route get ADDRESS shows the size that this machine learned."}},
    {CaveatId::by_form,
     {"packets are treated by what they bear",
      "Something on the way looks at a field of the packets (type of service, options, ECN, TTL) "
      "and not only at the port. Probes differ there from the packets of programs, so they may "
      "meet something else. The verdict is what programs meet.",
      "All packets with one value fare alike, all with another fare otherwise.",
      "The owner of the device that does it, if nobody asked for that.",
      "Connect with an ordinary program: it meets what the verdict says."}},
    {CaveatId::two_owners,
     {"two machines may own one address",
      "On this machine's own link two hardware addresses answer for the next machine (the gateway, "
      "or the target itself). Packets go to whichever answered last or first, so what is said of "
      "the one need not hold for the other. A redundancy pair (VRRP, HSRP), proxy ARP, and one "
      "machine with two links look the same.",
      "Two ARP replies, or neighbour advertisements, for one address from two senders.",
      "The network team: the switch knows at which port each hardware address is.",
      "sudo arping -b -c 3 -I INTERFACE ADDRESS, or ndisc6 -m ADDRESS INTERFACE, shows all who "
      "answer."}},
    {CaveatId::hop_limit_rewritten,
     {"a device rewrites the TTL",
      "A device on the way (typical for virtual machines and containers) sets the TTL anew. "
      "Distances beyond it cannot be known.",
      "Answers from far away arrive with the TTL of a neighbour.", nobody,
      "Run on the host machine instead of inside the container or virtual machine."}},
    {CaveatId::one_direction,
     {"the capture shows one direction only",
      "Only packets of one direction were recorded, so silence cannot be told from not looking.",
      "No packet ever goes one of the two ways.", "Whoever made the capture.",
      "Record both directions."}},
    {CaveatId::short_run,
     {"the capture shows too little of the attempt",
      "The recording stops before an answer could be due, or holds no ordinary SYN to the port: "
      "the absence of an answer means nothing.",
      "The last probe is shortly before the end, or all probes have a small TTL or are no SYNs.",
      "Whoever made the capture.",
      "Record an ordinary attempt, and at least ten seconds after it."}},
    {CaveatId::client_inferred,
     {"who the client is was inferred",
      "The capture does not say on which machine it was made. Whoever sends a SYN is taken for the "
      "client of that connection.",
      "The source address of the first SYN.", "Whoever knows the machines.",
      "hopblame read: name the client with --local."}},
    {CaveatId::captured_midway,
     {"captured on the way",
      "A capture was not taken on the host that it stands for but at a machine on the way. Of the "
      "client: hop numbers count from there, and nothing is known of the way before it. Of the "
      "server (hopblame compare): nothing is known of the way beyond.",
      "The TTL of what the host sends is not one that a stack starts with (64, 128 or 255), or one "
      "packet is seen twice, the second time with a hop less.",
      "Whoever made the capture.", "Record on the client, or on the server."}},
    {CaveatId::snap_length,
     {"the capture keeps too little of each packet",
      "Packets were cut when they were recorded. An ICMP message quotes the packet that it is "
      "about at its end: where that is cut off, nobody can tell which attempt it answers, and it "
      "counts for none.",
      "Fewer bytes of a SYN or of an ICMP message are in the file than were on the wire.",
      "Whoever made the capture.", "Record whole headers: tcpdump -s 128 or more, or -s 0."}},
    {CaveatId::no_walk,
     {"nobody walked the path",
      "The capture holds no probes with a limited TTL that reach the end of this path, so the "
      "device that answers cannot be told from another at the same distance.",
      "Every packet of the client has hops enough to arrive.", nobody,
      "Run hopblame live, or record a traceroute -T to the same port."}},
    {CaveatId::unprivileged,
     {"only connect() was asked",
      "The run had no permission to send and capture packets, so nothing is known but what the "
      "kernel tells any program: the error of connect() and the sender of an ICMP message. The hop "
      "that answers or drops is not looked for, and an answer is taken for what it says it is.",
      "No packets: the run did not record any.", "Whoever administers this machine.",
      "Run it as root, or once: sudo setcap cap_net_raw+ep \"$(command -v hopblame)\""}},
    {CaveatId::given_up_early,
     {"too many attempts at once",
      "There were more unfinished attempts than are followed at a time. The oldest were judged by "
      "what was known of them.",
      "Very many connections within two minutes: a scan or a flood.", nobody,
      "Read a part of it: --filter 'host 192.0.2.1'."}},
    {CaveatId::not_covered,
     {"not covered by both captures",
      "One of the two captures began after the attempt or ended before it, looked elsewhere, or "
      "shows no packet of that kind at all, as with a filter. What is missing in it is then not "
      "read as lost, or not with full certainty: nobody may have been looking.",
      "The attempt lies before the first or after the last packet of the other capture, by its "
      "clock; or that capture has no packet to or from the target, or none to or from its port.",
      "Whoever makes the captures.",
      "Start both captures before the attempt, on all interfaces and without a filter on the port, "
      "and stop them after it; ping the server once at the beginning and once at the end."}},
    {CaveatId::clocks_not_compared,
     {"the two clocks could not be compared",
      "Packets that are seen at both ends tell how far the clocks of the two machines are apart. "
      "There are none, or they contradict each other because a clock was set or changed its speed.",
      "No ping, no datagram and no segment is in both captures.", "Whoever makes the captures.",
      "Ping the server once from the client while both captures run."}},
    {CaveatId::captures_swapped,
     {"the client's capture is the second of the two",
      "compare wants the client's capture first, then the server's. Routers take from the hop "
      "limit of a packet, so it has more left near its sender; here all have less. Without a "
      "router between, an answer comes sooner after its question near who answers; here it comes "
      "later. Where packets of both directions say so, the second file is judged as the client's.",
      "The TTL of a SYN is larger in the second capture than in the first; or from a ping to its "
      "reply more time passes there.",
      "The user.",
      "hopblame compare CLIENT SERVER, with the two files the other way round. Of a call-back (FTP "
      "in active mode) both orders are right, each for the connections of one direction."}},
    {CaveatId::captures_of_one_place,
     {"both captures were taken at one place",
      "compare wants two captures, one from each end. Here no packet takes any time from one to "
      "the other: it may be one file given twice, or two captures on one machine. The verdict is "
      "what the client's capture says alone.",
      "Every packet of both captures has one time, or is always apart by the same, and one TTL.",
      "The user.",
      "Capture at the client and at the server at the same time, and give both files."}},
    {CaveatId::unmatched,
     {"an attempt at the server that nobody at the client made",
      "At about the same time somebody tried the same port at the server. It may be the client's "
      "own attempt, with addresses and numbers rewritten by a proxy, so nothing is called lost.",
      "A SYN in the server's capture whose numbers are nowhere in the client's.",
      "Whoever knows the devices between.",
      "Ask whether a proxy or load balancer stands between, and capture on both sides of it."}},
};

constexpr Article missing{};

}  // namespace

const Article& of(CaveatId caveat) {
  for (const auto& entry : entries)
    if (entry.id == caveat) return entry.article;
  return missing;
}

}  // namespace hopblame::knowledge
