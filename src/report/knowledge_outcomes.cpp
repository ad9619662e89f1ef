// What happened, before anybody is blamed.
#include "src/report/knowledge_tables.hpp"

namespace hopblame::knowledge {
namespace {

constexpr Step inconclusive_steps[] = {
    {Reader::user, "Ask again, with more patience and more tries, and keep the capture.",
     "sudo hopblame {address} {port} --tries 5 --patience 3 --save ticket"},
    {Reader::host,
     "On {address}: record an attempt, with a ping before and after it, so that the two clocks can "
     "be compared.",
     "sudo tcpdump -ni any -w server.pcap 'icmp or tcp port {port}'"},
    {Reader::user, "Compare both ends of one attempt.",
     "hopblame compare ticket/trace.pcapng server.pcap"},
};

}  // namespace

const Article open{
    "the connection works",
    "The handshake completes and, where the service speaks first, it spoke.",
    "SYN, SYN/ACK, ACK, then the first line of the service where there is one.",
    "Nobody: there is nothing to fix.",
    "If an application still fails, compare its address, port and source with those shown here.",
    {}};

const Article refused{
    "a TCP reset answers the request",
    "Somebody answers the request for a connection with a TCP reset. It always carries the "
    "destination's address, but a firewall on the way may have sent it.",
    "A RST answers the SYN.",
    "The owner of the service, the administrator of the host or the network team: see the culprit.",
    "The TTL of the reset and the point on the path where it starts tell who sent it.",
    {}};

const Article rejected{
    "a rule answers with an ICMP message",
    "A rule or a closed door on the host or on a router refuses the connection and says so with an "
    "ICMP message.",
    "ICMP destination unreachable with a code such as port unreachable or prohibited.",
    "The administrator of the device that sent the message.",
    "The sender of the message, its TTL and the packet it quotes tell which device that is.",
    {}};

const Article unreachable{
    "routing or the last link says that there is no way",
    "A router cannot deliver the packet: it has no route, the destination does not answer on its "
    "own network, or routers send the packet in a circle.",
    "ICMP network or host unreachable, or time exceeded for a packet with the full hop limit.",
    "The network team, or the administrator of a host that is down.",
    "Look up the route and the neighbour entry on the router that sent the message.",
    {}};

const Article dropped{
    "no answer comes where one was due",
    "Packets vanish without a message. Silence does not say who is silent, so the blame falls on "
    "an "
    "interval of the path.",
    "The SYN is repeated and never answered, while other traffic shows that the path works.",
    "Whoever runs the devices in the interval.",
    "A capture on the server tells whether the packet arrives, and splits the interval.",
    {}};

const Article closed_early{
    "accepted, then closed before the service spoke",
    "The handshake completes, then the peer ends the connection. A line that says why may come.",
    "SYN/ACK, then FIN or RST from the peer.",
    "The owner of the service, or the network team when a device on the way does it.",
    "Read the service's log for this client's address.",
    {}};

const Article silent_service{
    "accepted, then nothing",
    "The handshake completes, but the service never speaks although it ought to.",
    "SYN/ACK, then no data.",
    "The owner of the service, or the network team when data is blocked on the way.",
    "Capture on the server: does its first line leave?",
    {}};

const Article intermittent{
    "sometimes answered, sometimes not",
    "Some of the same probes are answered and some are not, more than chance loss explains: a rate "
    "limit, a ban that began on the way, or one bad path of several.",
    "Equal probes with unequal answers.",
    "The administrator of the host, or the network team.",
    "See whether the pattern follows time, the number of attempts, or the source port.",
    {}};

const Article local{
    "the cause is on this machine or its own link",
    "The packet never left this machine's network, or the answer came back and this machine "
    "dropped it.",
    "Nothing leaves, or the answer is visible in the capture while the application sees nothing.",
    "The administrator of this machine.",
    "Look at the rules, the routes and the link of this machine.",
    {}};

const Article inconclusive{
    "the packets do not tell",
    "The evidence is not enough to name anybody. What is missing is listed, and nobody is blamed.",
    "Too few answers, too short a capture, or answers that contradict each other.",
    "Nobody yet.",
    "Ask again for longer, or capture at both ends and compare.",
    inconclusive_steps};

}  // namespace hopblame::knowledge
