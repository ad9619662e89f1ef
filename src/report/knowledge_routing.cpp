// Routing and neighbour layers say no, or the packet never gets through them.
#include "src/report/knowledge_tables.hpp"

namespace hopblame::knowledge {
namespace {

constexpr Advice no_route_steps[] = {
    {Reader::network, "On {device}: look up the route to {address}. If it runs Linux:",
     "ip route get {address}\n{ip} route show table all"},
    {Reader::network, "If it is a Cisco or Juniper router: look up the route there.",
     "show ip route {address}\nshow route {address}"},
    {Reader::network,
     "See whether the link or the routing session behind that route went down. If it leads into a "
     "tunnel (WireGuard, say): has a peer there {address} among its allowed IPs, and an endpoint?",
     "sudo wg show"},
    {Reader::user, "Make sure the address is right: a mistyped one often ends like this."},
};

constexpr Advice route_prohibited_steps[] = {
    {Reader::network,
     "On {device}: look for a prohibit or unreachable route, or a policy rule, that covers "
     "{address}. If it runs Linux:",
     "ip route get {address} ipproto tcp dport {port}\n{ip} rule show\n"
     "{ip} route show table all type prohibit\n{ip} route show table all type unreachable"},
    {Reader::user, "Ask the network team whether {source} is allowed to reach {address} at all."},
};

constexpr Advice loop_steps[] = {
    {Reader::network,
     "Compare the route to {address} on the devices that repeat in the path table; each sends the "
     "packet to the other. On Linux:",
     "ip route get {address}", only::circling | only::repeated},
    {Reader::network,
     "On the router that says time exceeded, and on the next one on its route to {address}: "
     "compare "
     "the route; each sends the packet to the other. On Linux:",
     "ip route get {address}", only::circling | only::unrepeated},
    {Reader::network,
     "On {device}: see where its route to {address} leads; it sends the packets back. On Linux:",
     "ip route get {address}", only::sent_back},
    {Reader::host,
     "On this machine: see whether its own route to {address} leads to the right router.",
     "ip route get {address}\n{ip} route show\n{ip} rule show", only::sent_back},
    {Reader::network,
     "Look for a default route that points back while the specific route to {address} is missing "
     "(a withdrawn prefix, a stopped tunnel)."},
    {Reader::user,
     "Give the network team this report: the circle is in routes, and nothing on the server can "
     "end "
     "it."},
};

constexpr Advice host_down_steps[] = {
    {Reader::network,
     "On the last router that answers: see whether its route to {address} leads to another router "
     "(`via`). Then it is that one which does not answer. If not, it is the host: FAILED or "
     "INCOMPLETE means that nobody answers for its hardware address.",
     "ip route get {address}\nip neigh show {address}\nip neigh | grep -E 'FAILED|INCOMPLETE'",
     only::routed | only::unforwarded | only::last_machine},
    {Reader::network,
     "On {culprit}: see to which next router (`via`) it sends port {port} of {address}, by a rule "
     "for this port or over one of several ways. That one does not answer: FAILED or INCOMPLETE. "
     "Bring it back, or take it out of the route.",
     "{ip} rule show\nip route get {address} ipproto tcp dport {port}\n{ip} route show table all\n"
     "ip neigh | grep -E 'FAILED|INCOMPLETE'",
     only::next_router},
    {Reader::user,
     "Give the network team this report: {address} answers other packets, so it is on; the owner "
     "of the server cannot mend this.",
     {},
     only::next_router},
    {Reader::host,
     "See on a console whether {address} is powered on, has its link up and has this address.",
     "ip -brief address\nip -brief link", only::unforwarded | only::last_machine},
    {Reader::host,
     "On this machine: see whether {address} really belongs to its own network, and not behind a "
     "gateway. A mask that is too wide (/16 where /24 is right, say) makes it look for the host on "
     "its own link.",
     "ip route get {address}\nip -brief address", only::on_link | only::unforwarded},
    {Reader::network,
     "On {address}, which passes the port on: see which host behind it gets no answer (FAILED or "
     "INCOMPLETE), and whether that one is up.",
     "ip neigh | grep -E 'FAILED|INCOMPLETE'", only::forwarded},
    {Reader::host,
     "On this machine: see whether it knows a hardware address for {address}. FAILED or INCOMPLETE "
     "means that nobody answers.",
     "ip neigh show {address}", only::on_link | only::unforwarded},
    {Reader::cloud, "See whether the instance runs and still owns the address.",
     "aws ec2 describe-network-interfaces --filters Name={aws},Values={address}",
     only::last_machine | only::unforwarded},
    {right_name.who, right_name.text, right_name.commands,
     right_name.when | only::last_machine | only::unforwarded},
    {right_address.who, right_address.text, right_address.commands,
     right_address.when | only::last_machine | only::unforwarded},
};

constexpr Advice blackhole_steps[] = {
    {Reader::network,
     "Just after {culprit}: look for a blackhole route, reverse path filtering, or a missing way "
     "back to {source}. If the device runs Linux:",
     "ip route get {address}\nip route get {source}\n{ip} route show table all type blackhole\n"
     "nstat -az TcpExtIPReversePathFilter",
     only::routed},
    {Reader::cloud,
     "See whether the route tables of the virtual network and the gateway know both ends.",
     "aws ec2 describe-route-tables --query 'RouteTables[].Routes'\n"
     "gcloud compute routes list",
     only::routed},
    {Reader::host, "{on_host}: see whether anything arrives, and whether there is a way back.",
     "sudo tcpdump -ni any 'host {source}'\nip route get {source}", only::at_host},
    {Reader::user, "Give the network team this report: it names the last device that answers."},
};

}  // namespace

const Article no_route{
    "a router has no route to the destination",
    "A router on the way does not know where to send packets for this address and says so.",
    "ICMP network unreachable (IPv4 3/0, IPv6 1/0) from a router; it comes even for a packet with "
    "a bad TCP checksum, because routing never looks at TCP.",
    "The network team that runs that router.",
    "Look up the route to the destination on that router.",
    no_route_steps};

const Article route_prohibited{
    "a routing rule forbids the destination",
    "A router has an entry in its routing table or policy that forbids this destination. It is a "
    "decision of routing, not of a packet filter.",
    "ICMP prohibited or host unreachable from a router, also for a packet with a bad TCP checksum.",
    "The network team that runs that router.",
    "Look for prohibit or unreachable routes and for policy rules on that router.",
    route_prohibited_steps};

const Article routing_loop{
    "routers send the packet in a circle",
    "Two or more routers each believe that the other one is closer to the destination. The packet "
    "circles until its hop limit is spent.",
    "The same addresses repeat in the path, and time exceeded comes back even for a probe with the "
    "full hop limit.",
    "The network team that runs those routers.",
    "Compare the route to the destination on each of the routers that repeat.",
    loop_steps};

const Article host_down{
    "the next machine does not answer: the destination, or a router before it",
    "The last device that is reached (a router, or this machine where the destination is on its "
    "own network) asks for the hardware address of the next machine, with ARP or in IPv6 with "
    "neighbour discovery, and gets no answer. If the destination is on that router's own network, "
    "it is off, disconnected, or has another address; else it is the next router that does not "
    "answer.",
    "ICMP host unreachable (IPv4 3/1, IPv6 1/3) from the last router, typically three seconds "
    "after the probe, for every port alike.",
    "The administrator of the host; then the network team of the last link.",
    "Look at the neighbour table of the last router and at the host's console.",
    host_down_steps};

const Article blackhole{
    "nothing at all passes beyond one hop",
    "From one hop on, packets of every kind vanish: a blackhole route, reverse path filtering, a "
    "missing way back, or a device that drops everything.",
    "Hops up to one answer; beyond it neither TCP nor UDP nor ping gets any answer.",
    "The network team of the last hop that answers and of the one after it.",
    "Look up the routes in both directions there, and read the drop counters.",
    blackhole_steps};

}  // namespace hopblame::knowledge
