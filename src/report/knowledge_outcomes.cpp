// What happened, before anybody is blamed.
#include "src/report/knowledge_tables.hpp"

namespace hopblame::knowledge {
namespace {

constexpr Advice inconclusive_steps[] = {
    {Reader::user, "Record an attempt again, with more of each packet: what was cut off may tell.",
     "sudo tcpdump -ni any -s 256 -w again.pcap 'icmp or icmp6 or tcp port {port}'",
     only::cut_packets},
    {Reader::user, "Ask again, and let it run to its end: that takes a few seconds.",
     "sudo hopblame {address} {port} --save ticket", only::cut_short},
    {Reader::user, "Ask again, with more patience and more tries, and keep the capture.",
     "sudo hopblame {address} {port} --tries 5 --patience 3 --save ticket", only::whole_run},
    {Reader::host,
     "{on_host}: record an attempt while a ping runs from before it until after it: it shows how "
     "the two clocks differ, and that the way is open meanwhile.",
     "sudo tcpdump -ni any -w server.pcap 'icmp or icmp6 or tcp port {port}'"},
    {Reader::user, "Compare both ends of one attempt.",
     "hopblame compare ticket/trace.pcapng server.pcap"},
};

constexpr Advice refused_steps[] = {
    {Reader::user, "Ask who sends the reset: the host itself or a device before it.",
     "sudo hopblame {address} {port} --save ticket"},
    {Reader::service, "{on_host}: see whether anything listens on the port.",
     "sudo ss -ltnp 'sport = :{port}'"},
};

constexpr Advice rejected_steps[] = {
    {Reader::user, "Ask which device sends the message, and which code it carries.",
     "sudo hopblame {address} {port} --save ticket"},
    {Reader::host, "On the device that sends it: find the rule that rejects.",
     "sudo nft list ruleset\nsudo {iptables} -vnL"},
};

constexpr Advice unreachable_steps[] = {
    {Reader::user, "Ask which router says so.", "sudo hopblame {address} {port} --save ticket"},
    {Reader::network, "On that router: look up the route and the neighbour.",
     "ip route get {address}\nip neigh show {address}"},
};

constexpr Advice dropped_steps[] = {
    {Reader::user, "Ask how far packets get, and keep the capture.",
     "sudo hopblame {address} {port} --save ticket"},
    {Reader::host, "{on_host}: see whether the SYN arrives and whether an answer leaves.",
     "sudo tcpdump -ni any 'tcp port {port}'"},
};

constexpr Advice closed_early_steps[] = {
    {Reader::user, "Ask who ends the connection, and after which words.",
     "sudo hopblame {address} {port} --save ticket"},
    {Reader::service, "{on_host}: read the log of the program that listens.",
     "sudo ss -ltnp 'sport = :{port}'\nsudo journalctl {since}"},
};

constexpr Advice silent_service_steps[] = {
    {Reader::user, "Ask whether small packets pass and large ones do not.",
     "sudo hopblame {address} {port} --save ticket"},
    {Reader::host, "{on_host}: see whether the service's first line leaves.",
     "sudo tcpdump -ni any 'tcp port {port}'"},
};

constexpr Advice intermittent_steps[] = {
    {Reader::user,
     "Ask again, slowly, or with one connection only: a rate limit or a ban counts attempts.",
     "sudo hopblame {address} {port} --rate 2 --save ticket\n"
     "hopblame {address} {port} --unprivileged"},
    {Reader::host, "{on_host}: look for rules that count, and for bans.",
     "sudo nft list ruleset\nsudo fail2ban-client status"},
};

constexpr Advice local_steps[] = {
    {Reader::user, "On this machine: look at the route, the link and the rules.",
     "ip route get {address}\nip -br link\nsudo nft list ruleset"},
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
    refused_steps};

const Article rejected{
    "a rule answers with an ICMP message",
    "A rule or a closed door on the host or on a router refuses the connection and says so with an "
    "ICMP message.",
    "ICMP destination unreachable with a code such as port unreachable or prohibited.",
    "The administrator of the device that sent the message.",
    "The sender of the message, its TTL and the packet it quotes tell which device that is.",
    rejected_steps};

const Article unreachable{
    "routing or the last link says that there is no way",
    "A router cannot deliver the packet: it has no route, the destination does not answer on its "
    "own network, or routers send the packet in a circle.",
    "ICMP network or host unreachable, or time exceeded for a packet with the full hop limit.",
    "The network team, or the administrator of a host that is down.",
    "Look up the route and the neighbour entry on the router that sent the message.",
    unreachable_steps};

const Article dropped{
    "no answer comes where one was due",
    "Packets vanish without a message. Silence does not say who is silent, so the blame falls on "
    "an interval of the path.",
    "The SYN is repeated and never answered, while other traffic shows that the path works.",
    "Whoever runs the devices in the interval.",
    "A capture on the server tells whether the packet arrives, and splits the interval.",
    dropped_steps};

const Article closed_early{
    "accepted, then closed before the service spoke",
    "The handshake completes, then the peer ends the connection. A line that says why may come.",
    "SYN/ACK, then FIN or RST from the peer.",
    "The owner of the service, or the network team when a device on the way does it.",
    "Read the service's log for this client's address.",
    closed_early_steps};

const Article silent_service{
    "accepted, then nothing",
    "The handshake completes, but the service never speaks although it ought to.",
    "SYN/ACK, then no data.",
    "The owner of the service, or the network team when data is blocked on the way.",
    "Capture on the server: does its first line leave?",
    silent_service_steps};

const Article intermittent{
    "sometimes answered, sometimes not",
    "Some of the same probes are answered and some are not, more than chance loss explains: a rate "
    "limit, a ban that began on the way, or one bad path of several.",
    "Equal probes with unequal answers.",
    "The administrator of the host, or the network team.",
    "See whether the pattern follows time, the number of attempts, or the source port.",
    intermittent_steps};

const Article local{
    "the cause is on this machine or its own link",
    "The packet never left this machine's network, or the answer came back and this machine "
    "dropped it.",
    "Nothing leaves, or the answer is visible in the capture while the application sees nothing.",
    "The administrator of this machine.",
    "Look at the rules, the routes and the link of this machine.",
    local_steps};

const Article inconclusive{
    "the packets do not tell",
    "The evidence is not enough to name anybody. What is missing is listed, and nobody is blamed.",
    "Too few answers, too short a capture, or answers that contradict each other.",
    "Nobody yet.",
    "Ask again for longer, or capture at both ends and compare.",
    inconclusive_steps};

}  // namespace hopblame::knowledge
