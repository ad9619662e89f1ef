// The handshake completed: what came, or did not come, after it.
#include "src/report/knowledge_tables.hpp"

namespace hopblame::knowledge {
namespace {

constexpr Advice syn_proxy_steps[] = {
    {Reader::network,
     "On {device}: see why its SYN proxy cannot complete the connection to {address} port {port}.",
     "sudo {iptables} -vnL FORWARD\nsudo nft list ruleset", only::fails},
    {Reader::host, "{on_host}: see whether the proxy's connections arrive, and whether it is up.",
     "sudo tcpdump -ni any 'tcp port {port}'\nsudo ss -ltnp 'sport = :{port}'", only::fails},
    {Reader::user,
     "Give the network team this report. That the connection opens proves nothing here: a device "
     "on the way answers before the server does.",
     {},
     only::fails},
    {Reader::user,
     "Nothing needs to be done. Should the connection fail one day, remember the device: it "
     "answers before the server does, so that an answered SYN proves nothing of the server.",
     {},
     only::works},
};

constexpr Advice transparent_proxy_steps[] = {
    {Reader::network,
     "On {device}: find what redirects TCP port {port}, and whether that is intended. If it runs "
     "Linux:",
     "sudo {iptables} -t nat -vnL PREROUTING\nsudo nft list ruleset", only::not_here},
    {Reader::host,
     "On this machine: find the rule that turns TCP port {port} elsewhere, and whether that is "
     "intended. Run those of the commands that exist.",
     "sudo {iptables} -t nat -vnL OUTPUT\nsudo nft list ruleset", only::here},
    {Reader::user,
     "Do not trust what answers before it has proved who it is: compare the SSH host key with the "
     "known one.",
     "ssh-keyscan -p {port} {address}", only::ssh},
};

constexpr Advice port_forward_steps[] = {
    {Reader::network,
     "On {address}, which passes the port on: see to which inner host, and whether that is still "
     "right.",
     "sudo {iptables} -t nat -vnL PREROUTING\nsudo nft list ruleset"},
    {Reader::service,
     "On the inner host: see whether it is up, and whether the service listens on the forwarded "
     "port.",
     "sudo ss -ltnp"},
    {Reader::user,
     "Give this report to whoever runs {address}: the cause is at the host behind it, or in the "
     "rule that leads there."},
};

constexpr Advice tarpit_steps[] = {
    {Reader::host, "{on_host}: look for a tarpit or honeypot rule that covers this client.",
     "sudo {iptables} -vnL | grep -i tarpit\nsudo ss -ltnp 'sport = :{port}'", only::at_host},
    {Reader::network,
     "On {device}: look for a tarpit rule that covers this client (RouterOS: action=tarpit).",
     "sudo {iptables} -vnL FORWARD | grep -i tarpit", only::before_host},
    {Reader::user, "Ask whether the real service has another port."},
};

constexpr Advice accept_close_steps[] = {
    started_anew,
    {Reader::service,
     "{on_host}: mend what the service itself gives as its reason, see the banner; its log says "
     "more.",
     {},
     only::in_words},
    {Reader::service,
     "{on_host}: what answered does not begin as the service of this port does, see the banner: "
     "see which program has the port.",
     {},
     only::other_protocol},
    {Reader::service, "{on_host}: read what the SSH server says about this client.",
     "sudo journalctl -u ssh -u sshd {since}", only::ssh},
    {Reader::service, "{on_host}: see whether TCP wrappers refuse this client.",
     "cat /etc/hosts.deny /etc/hosts.allow", only::ssh | only::ungreeted},
    {Reader::service, "{on_host}: see which program accepts, and read its log.",
     "sudo ss -ltnp 'sport = :{port}'\njournalctl -p warning {since}", only::not_ssh},
    {Reader::service,
     "If a load balancer or proxy accepts for the service: see whether it has a living backend.",
     {},
     only::wordless | only::ungreeted},
    {Reader::user,
     "Give the owner of the service this report: the network lets the connection through, and the "
     "service ends it. Its log of that time says why."},
    {Reader::user,
     "If such connections lie idle before: let the client give them up sooner than the service "
     "does (its keep-alive or idle timeout), or have it ask once more on a new one.",
     {},
     only::large | only::not_ssh | only::wordless},
};

constexpr Advice connection_limit_steps[] = {
    {Reader::service,
     "{on_host}: read what the service itself says, see the banner: it may name the limit, and the "
     "cure.",
     {},
     only::in_words | only::not_ssh},
    {Reader::service, "{on_host}: see how many connections are open, and what the limits are.",
     "ss -tn 'sport = :{port}' | wc -l\n"
     "sudo sshd -T | grep -Ei 'maxstartups|persourcemaxstartups|persourcepenalties'",
     only::ssh},
    {Reader::service, "{on_host}: see how many connections are open.",
     "ss -tn 'sport = :{port}' | wc -l", only::not_ssh},
    {Reader::service, "{on_host}: read the log for the reason.",
     "sudo journalctl -u ssh -u sshd {since}", only::ssh},
    {Reader::user,
     "Stop whatever opens many connections from here, wait ten minutes, then try once."},
};

constexpr Advice data_blocked_steps[] = {
    idle_limits,
    keep_alive,
    {Reader::user,
     "See whether large packets get through: the first fits every path, the second is as large as "
     "packets get here.",
     "ping -c 3 -s 1200 {address}\nping -c 3 -M do -s {full_ping} {address}", only::large_there},
    {Reader::service, "{on_host}: see whether the program behind the port hangs.",
     "sudo ss -tnp 'sport = :{port}'", only::at_host | only::of_any_size | only::uncut},
    {Reader::host,
     "{on_host}: see whether large packets get through on the way back, the second as large as "
     "packets get.",
     "ping -c 3 -s 1200 {client}\nping -c 3 -M do -s {full_ping} {client}",
     only::large_back | only::no_nat},
    {Reader::network,
     "Look for inspection (DPI, IPS, TLS or SSH filters) between here and {address} that drops "
     "data after the handshake.",
     {},
     only::unproven | only::of_any_size | only::uncut},
    {Reader::network,
     "On the devices of the named hops: compare the MTU of the links (a tunnel takes some bytes), "
     "and see whether they may send ICMP \"fragmentation needed\" or \"packet too big\".",
     "ip link show\nsudo nft list ruleset | grep -n icmp", only::large},
    {Reader::user, "If large packets are what is lost: send smaller ones from here until then.",
     "sudo ip link set dev {interface} mtu 1280", only::large, true},
};

constexpr Advice listening_steps[] = {
    {Reader::service,
     "{on_host}, a proxy: read in its log why it does not connect on to the host that the client "
     "asks for. What is in the way stands behind the proxy, or is a rule or a login of its own.",
     {},
     only::behind_proxy},
    {Reader::user,
     "Have hopblame ask for that host from the proxy itself: packets from here show nothing of the "
     "way behind it.",
     {},
     only::behind_proxy},
};

}  // namespace

const Article syn_proxy{
    "a device answers the handshake in the destination's name",
    "A protection device completes the handshake itself and only then contacts the server. An "
    "answered SYN proves nothing about the server here.",
    "A SYN/ACK with the destination's address, a window of 0 or without options, and a TTL that "
    "fits a hop before the destination; ACK and FIN probes get silence.",
    "The network team that runs that device; then the owner of the server behind it.",
    "Finish one handshake: a reset means closed behind the proxy, silence means dead behind it.",
    syn_proxy_steps};

const Article transparent_proxy{
    "a device on the path terminates the connection itself",
    "The connection ends at a device on the way, or is sent elsewhere there, and not at the "
    "destination. The device may pass the data on, or answer on its own account.",
    "The target port is answered at a smaller distance than the rest of the same host.",
    "The network team that runs that device.",
    "Compare the distance of the target port with that of a closed port, and look for redirects.",
    transparent_proxy_steps};

const Article port_forward{
    "the address forwards this port to a host behind it",
    "The address belongs to a gateway (a NAT router, a load balancer) which forwards this one port "
    "to an inner host. The inner host gives the answer that is seen.",
    "Time exceeded comes from the destination's own address, or the port is answered at another "
    "distance than the rest of the address.",
    "The owner of the gateway for the forwarding, of the inner host for the service.",
    "List the port forwardings of the gateway.",
    port_forward_steps};

const Article tarpit{
    "something holds connections open on purpose",
    "A rule or program accepts connections and then keeps them hanging, to waste the time of "
    "scanners.",
    "A SYN/ACK with a tiny window and no options; afterwards nothing moves.",
    "The administrator of the host, or of the router that answers for it.",
    "Look for tarpit rules there, and for honeypot programs.",
    tarpit_steps};

const Article accept_then_close{
    "the connection is accepted, then closed",
    "Something accepts the connection and ends it before the service speaks: TCP wrappers, a proxy "
    "without a backend, or a service whose child process crashes. Or the service says why it does "
    "not serve this client, see the banner, and ends it.",
    "SYN/ACK, then FIN or RST from the peer before its first byte, or after a line that refuses.",
    "The owner of the service.",
    "Read the service's log on the host for this client's address.",
    accept_close_steps};

const Article connection_limit{
    "the service says that it is full, or bans this source",
    "The service accepts the connection, says that it takes no more, and closes. OpenSSH does this "
    "at MaxStartups, and for sources with penalties (PerSourcePenalties).",
    "SYN/ACK, a line such as 'Exceeded MaxStartups' or 'Not allowed at this time', then FIN or "
    "RST.",
    "The owner of the service.",
    "Count the open connections and read the service's limits and log.",
    connection_limit_steps};

const Article data_blocked{
    "the service hangs, or its data does not get through",
    "Small handshake packets get through, but the data after them does not: inspection on the way, "
    "a path with a smaller packet size and no message about it, or a hung backend.",
    "SYN/ACK arrives; then nothing comes, or a reset follows the first data.",
    "The network team, or the owner of the service when it hangs.",
    "Capture on the server: does the client's data arrive, does the server's first line leave?",
    data_blocked_steps};

const Article listening{
    "the service listens and answers",
    "The connection completes, and where the service speaks first, it spoke.",
    "SYN/ACK from the destination, then the service's first line.",
    "Nobody: there is nothing to fix.",
    "If an application still fails, compare its address, port and source with those shown here.",
    listening_steps};

}  // namespace hopblame::knowledge
