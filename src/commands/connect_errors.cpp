#include "src/commands/connect_errors.hpp"

namespace hopblame::connect_error {
namespace {

constexpr std::string_view nothing_leaves = "Nothing leaves this machine.";

constexpr Advice port_steps[] = {
    {Reader::host,
     "On this machine: see what has the ports, how many there may be, and which addresses the "
     "machine has.",
     "ss -tan dst ADDRESS\nsysctl net.ipv4.ip_local_port_range\nip -brief address"},
    {Reader::user,
     "Wait a minute, after which TIME-WAIT is over, and try again. A program that opens many "
     "connections had better keep some and use them again, and close those that it has done with "
     "(CLOSE-WAIT)."},
    {Reader::host, "To have more ports:", "sudo sysctl net.ipv4.ip_local_port_range='15000 60999'",
     only::always, true},
};

}  // namespace

const Article no_local_port{
    "this machine has no local port or address for the connection",
    "A connection needs a port of this machine, and none was free: too many connections to the "
    "same address and port are there or have just ended (TIME-WAIT). Or the program asked for a "
    "local address that this machine does not have; a service that is to listen on one says the "
    "same. The server has seen nothing.",
    nothing_leaves,
    "The owner of the program that opens so many connections, or the administrator of this "
    "machine.",
    "Count the connections to that address, and compare with the range of ports.",
    port_steps};

const Article address_taken{
    "the local address and port are taken",
    "The program asked for a certain local port that another program has, or a connection that has "
    "just ended (TIME-WAIT). A service that is started twice says the same. Or hardly any local "
    "port of this machine is free. The server has seen nothing.",
    nothing_leaves, "The owner of the program, or the administrator of this machine.",
    "sudo ss -tanp shows who has the port. Most clients need not ask for one."};

const Article queue_full{
    "this machine does not take the packet: a queue or its memory is full",
    "The queue of the network interface, traffic control or an egress rule of this machine dropped "
    "the packet, or memory for the network is short. The server has not seen it. Mostly it is over "
    "after a moment.",
    "Nothing leaves, or only some packets.", "The administrator of this machine.",
    "tc -s qdisc show counts what was dropped; cat /proc/net/sockstat and free show the memory."};

const Article no_such_link{
    "there is no such network interface",
    "The program was told to use an interface that is not there: a wrong name, or a tunnel, VPN or "
    "modem that has gone meanwhile.",
    nothing_leaves, "The user of this machine.", "ip -brief link lists those that are there."};

const Article too_many_files{
    "no more files and connections may be open",
    "The program, or all programs of this machine together, have as many files and connections "
    "open as they may, so there is none left for a new one. The server has seen nothing.",
    nothing_leaves,
    "The owner of the program, which may forget to close them; the administrator of this machine "
    "for the limit.",
    "sudo ls /proc/PID/fd | wc -l counts those of a program, /proc/PID/limits says how many it may "
    "have, /proc/sys/fs/file-nr the same of the machine."};

const Article ended_here{
    "this machine itself gave up a connection that worked",
    "Its system ended the connection: an address went away (Wi-Fi, VPN), somebody ended it with "
    "ss -K, or, on Windows, what it sent was never acknowledged.",
    "The connection just stops, or a RST leaves this machine.",
    "The user or administrator of this machine; the network team where packets got lost before.",
    "See whether it comes with a change of the link, and run hopblame HOST PORT while it happens."};

const Article no_peer_key{
    "no peer of the tunnel stands for this address",
    "The route leads into a WireGuard tunnel of this machine, and none of its peers has the "
    "address among its allowed IPs: there is no key to send it with. The server has not seen it.",
    "Nothing leaves. A program that uses TCP is told No route to host.",
    "Who set up the tunnel on this machine.",
    "ip route get ADDRESS names the interface; sudo wg show lists the allowed IPs of each peer."};

const Article no_peer_endpoint{
    "the tunnel does not know where its other end is",
    "The route leads into a WireGuard tunnel of this machine whose peer has no endpoint: none is "
    "configured, or its name was not resolved, and that peer has not called yet. Or a program sent "
    "a datagram and did not say where to.",
    "Nothing leaves. A program that uses TCP is told No route to host.",
    "Who set up the tunnel on this machine.",
    "ip route get ADDRESS names the interface; sudo wg show lists the endpoint of each peer."};

const Article no_route{
    "there is no route: on this machine, or on a router",
    "Where it comes at once, this machine has no route to the address itself: a VPN is not "
    "connected, or the name has an IPv6 address and this machine none that leads out. Else a "
    "router on the way has no route and says so, or a firewall there that answers likewise.",
    "Nothing leaves, or ICMP network unreachable or no route to destination comes back.",
    "The user or administrator of this machine, or the network team.",
    "ip route get ADDRESS fails where it is this machine. Else run hopblame HOST PORT: it tells "
    "which router says so."};

const Article forbidden{
    "a rule or a route forbids it: on the way (IPv6), or on this machine",
    "Over IPv6 a router, a firewall or the host says that the packet is prohibited. Over IPv4 no "
    "message from the network reads so: it is this machine, by a route that prohibits it or a "
    "security policy (SELinux), or since the address is that of a broadcast.",
    "ICMPv6 administratively prohibited or reject route, or nothing leaves at all.",
    "The administrator of the device that sent the message, else of this machine.",
    "Run hopblame HOST PORT: it tells whether a message came, and from whom. ip route get ADDRESS "
    "fails where it is a route of this machine."};

const Article rare_message{
    "an ICMP message of a rare kind answers",
    "A device on the way or the host says that it does not take TCP at all (protocol unreachable), "
    "or cannot read the packet (parameter problem, source route failed). Firewalls can be told to "
    "reject with the first. Before a connection is tried, it is this machine's system that does "
    "not know what the program asks of it.",
    "ICMP protocol unreachable, source route failed or parameter problem.",
    "The administrator of the device that sent the message.",
    "Run hopblame HOST PORT: it tells which device sent the message."};

const Article too_long{
    "a packet is larger than the link or the path takes",
    "A packet that must not be cut is larger than the MTU of this machine's link, or than a router "
    "on the way said it could pass on. TCP cuts its data to size, so mostly UDP and ping say this.",
    "ICMP fragmentation needed or packet too big, or nothing leaves.",
    "Who set the MTU of the link or the tunnel.",
    "ip route get ADDRESS shows the MTU that is known; ping -M do -s 1472 ADDRESS asks whether the "
    "path takes 1500 bytes (IPv4)."};

const Article no_such_family{
    "this machine or program does not do that kind of address",
    "IPv6 is left out of the system or container, or the program is confined to other kinds of "
    "sockets (RestrictAddressFamilies of systemd), or it mixes IPv4 and IPv6. The server has seen "
    "nothing.",
    nothing_leaves, "The administrator of this machine, or who wrote the program.",
    "cat /proc/net/if_inet6 lists the IPv6 addresses; where there is no such file, there is no "
    "IPv6. Try the other family: ssh -4, curl -4, hopblame -4."};

const Article given_up{
    "the program stopped waiting, or looked too early",
    "The connection, or an answer on it, was still waited for when the program's own time was up, "
    "a signal came, or it asked how far it was. That alone blames nobody: packets may vanish or be "
    "slow, or the service was reached and says nothing.",
    "SYNs without an answer so far, or a connection on which nothing comes.",
    "Whoever hopblame names.",
    "Run hopblame HOST PORT: it waits long enough, and tells which of them it is."};

const Article wrong_call{
    "a mistake of the program, not of the network",
    "The program called connect() with what is no fresh socket of the right kind, or with a broken "
    "address. Neither the network nor the server has to do with it.",
    nothing_leaves, "Who wrote the program.",
    "strace -f -e trace=network PROGRAM shows the call that fails."};

}  // namespace hopblame::connect_error
