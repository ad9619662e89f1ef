// The cause is on this machine or on its own link.
#include "src/report/knowledge_tables.hpp"

namespace hopblame::knowledge {
namespace {

constexpr Advice output_steps[] = {
    {Reader::host,
     "On this machine: find the rule that stops outgoing TCP to {address} port {port}, or sends it "
     "elsewhere (address translation). Run those of the commands that exist.",
     "sudo nft list ruleset\nsudo {iptables} -vnL OUTPUT\nsudo {iptables} -t nat -vnL OUTPUT\n"
     "sudo ufw status verbose",
     only::far_enough},
    {Reader::host, "On this machine: see whether traffic control drops on the interface.",
     "tc -s qdisc show", only::far_enough},
    {Reader::host,
     "On this machine: find the rule that writes the TTL (hop limit) of packets to {address} port "
     "{port}. Run those of the commands that exist.",
     "sudo nft list ruleset\nsudo {iptables} -t mangle -vnL", only::few_hops},
    {Reader::user,
     "If you do not run this machine's firewall yourself, give its administrator this report; "
     "neither the network nor the server has to do anything."},
    {Reader::host, "To allow it with ufw, before its other rules:",
     "sudo ufw prepend allow out to {address} port {port} proto tcp", only::far_enough, true},
};

constexpr Advice input_steps[] = {
    {Reader::host,
     "On this machine: find the rule that drops the answers from {address}. Run those of the "
     "commands that exist.",
     "sudo nft list ruleset\nsudo {iptables} -vnL INPUT\nsudo ufw status verbose",
     only::of_any_size},
    {Reader::host,
     "On this machine: see whether it drops the routers' messages about the size of packets (ICMP "
     "\"fragmentation needed\", \"packet too big\"), is told not to heed them, or knows the MTU of "
     "the route.",
     "sudo nft list ruleset\nsudo {iptables} -vnL INPUT\nsysctl net.ipv4.ip_no_pmtu_disc\n"
     "ip route get {address}",
     only::oversize},
    {Reader::host, "On this machine: see whether answers fail the reverse path check.",
     "nstat -az TcpExtIPReversePathFilter\nsysctl -ar 'ipv4\\.conf\\..*\\.rp_filter'",
     only::of_any_size | only::by_other_link},
    {Reader::user,
     "If you do not run this machine's firewall yourself, give its administrator this report; the "
     "server has answered.",
     {},
     only::of_any_size},
};

constexpr Advice route_steps[] = {
    {Reader::host, "On this machine: see what the routing table says about {address}.",
     "ip route get {address} ipproto tcp dport {port}\n{ip} rule show\n{ip} route show\n"
     "ip -brief address",
     only::alike},
    {Reader::user,
     "If hopblame was run with -i or -s: leave them out. Programs go by the routing table alone.",
     {},
     only::by_loopback},
    {Reader::host,
     "On this machine: see whether IPv6 is switched off (1), for all of it or for one interface.",
     "sysctl -a --pattern 'ipv6.*disable_ipv6'", only::alike | only::ipv6},
    {Reader::user, "If a VPN should lead there: connect it, then try again.", "ip -brief address",
     only::alike | only::elsewhere},
    {Reader::host,
     "On this machine: see which TTL (hop limit) it gives to packets for {address}. 64 is usual.",
     "sysctl net.ipv4.ip_default_ttl\nsysctl -a --pattern 'ipv6.*hop_limit'\n"
     "ip route get {address}",
     only::by_form},
};

constexpr Advice neighbour_steps[] = {
    {Reader::user, "See whether the next device answers on this network.",
     "ip neigh show {gateway}\nping -c 3 {gateway}", only::by_wire},
    {Reader::network,
     "See whether {gateway} is up, has this address, and is in the same VLAN as this machine.",
     {},
     only::by_wire},
    {Reader::user, "Check the cable, the Wi-Fi and the address of this machine.",
     "ip -brief link\nip -brief address", only::by_wire},
    {Reader::user,
     "Disconnect the VPN (or the modem), connect it again and try again.",
     {},
     only::by_tunnel},
};

constexpr Advice interface_steps[] = {
    {Reader::user, "See which interfaces are up, then check the cable or the Wi-Fi.",
     "ip -brief link\nip -brief address", only::by_wire},
    {Reader::user,
     "{interface} is a tunnel, PPP or modem link: see whether the program that makes it (the VPN "
     "client, say) runs, and connect it again.",
     "ip -brief link show dev {interface}", only::by_tunnel},
    {Reader::host, "If the interface is only switched off: switch it on.",
     "sudo ip link set dev {interface} up", only::by_wire, true},
};

}  // namespace

const Article local_output_filter{
    "this machine's own rules stop the packet",
    "A rule on this machine drops or rejects the packet before it leaves, or gives it another "
    "destination (address translation, as on the nodes of a cluster). The server has not seen it.",
    "Nothing: the packet is not seen leaving for the server. connect() fails at once, or times "
    "out. Or the packet leaves with fewer hops (TTL) than it was sent with.",
    "The administrator of this machine.",
    "List the rules for outgoing packets on this machine.",
    output_steps};

const Article local_input_filter{
    "this machine's own firewall drops the answer",
    "The server answered, and the answer reached this machine. One of its rules, or its check of "
    "the reverse path, dropped it before the application could see it.",
    "The capture shows the answer coming in, while connect() still waits.",
    "The administrator of this machine.",
    "List the rules for incoming packets on this machine.",
    input_steps};

const Article local_route{
    "this machine has no route to the destination",
    "The routing table of this machine has no entry for the address, one that forbids it, or one "
    "that gives its packets a source address nobody can answer. Or this machine gives its packets "
    "too few hops (TTL) to get there.",
    "Nothing leaves; connect() fails at once with an error of the routing table. With too few hops "
    "a router on the way says that they are spent.",
    "The administrator of this machine, or the user when a VPN is not connected.",
    "ip route get shows what the routing table says.",
    route_steps};

const Article local_neighbour{
    "the next device does not answer on this network",
    "This machine asks for the hardware address of its gateway (or of a target on the same "
    "network) and gets no answer, so nothing can be sent.",
    "Only ARP or neighbour discovery requests leave, and nobody answers them.",
    "The user for cable and Wi-Fi, then the network team for the gateway.",
    "ip neigh shows FAILED or INCOMPLETE for the gateway.",
    neighbour_steps};

const Article local_interface{
    "this machine's network interface is down",
    "The interface that leads to the destination is switched off or has no link.",
    "Nothing leaves.",
    "The user: cable, Wi-Fi, or switch the interface on.",
    "ip -brief link shows the interface as DOWN or without carrier.",
    interface_steps};

}  // namespace hopblame::knowledge
