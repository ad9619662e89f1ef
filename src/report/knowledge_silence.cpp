// No answer where one was due.
#include "src/report/knowledge_tables.hpp"

namespace hopblame::knowledge {
namespace {

constexpr std::string_view host_rules =
    "sudo nft list ruleset\n"
    "sudo {iptables} -vnL\n"
    "sudo firewall-cmd --list-all\n"
    "sudo ufw status verbose";

constexpr Advice watch_arrival{
    Reader::host,
    "{on_host}: see whether the SYN arrives while the user tries again. No SYN: it is lost "
    "before the host. "
    "SYN but no answer: the host drops it. SYN and SYN/ACK: the answer is lost on the way back.",
    "sudo tcpdump -ni any '{from}tcp port {port}'",
    only::at_host | only::unwatched | only::answer_unknown};

constexpr Advice watch_return{
    Reader::user,
    "On {client}: see whether the answer comes in while somebody tries again. If it does, a rule "
    "of that machine drops it; if not, it is lost on the way back.",
    "sudo tcpdump -ni any 'host {address} and tcp port {port}'", only::answer_left};

constexpr Advice ask_network{
    Reader::user,
    "Ask the network team to allow TCP from {source} to {address} port {port}. The server itself "
    "does not drop it, so its owner cannot fix it.",
    {},
    only::before_host};

constexpr Advice cloud_rules{
    Reader::cloud,
    "If {address} is in a cloud: see whether its security group, network ACL or firewall allows "
    "TCP port {port} from {source}; an ACL must also let the answers out, to ports 1024-65535. Use "
    "the lines of your provider. Oracle's images have iptables rules of their own besides.",
    "aws ec2 describe-network-interfaces --filters Name={aws},Values={address}\n"
    "aws ec2 describe-security-groups\naws ec2 describe-network-acls\n"
    "az network nsg list --output table\n"
    "gcloud compute firewall-rules list --filter='direction=INGRESS'\n"
    "oci network security-list list --compartment-id COMPARTMENT",
    only::at_host};

constexpr Advice bans{
    Reader::host,
    "{on_host}: see whether a ban tool holds this client's address. Some drop instead of "
    "rejecting.",
    "sudo fail2ban-client status\nsudo fail2ban-client status sshd\n"
    "sudo nft list ruleset | grep -n -A 3 -E 'set|meter'",
    only::at_host | only::ssh | only::elsewhere};

constexpr Advice tell_administrator{Reader::user,
                                    "Give the administrator of {address} this report.",
                                    {},
                                    only::at_host | only::elsewhere};

constexpr Advice filter_drop_steps[] = {
    watch_arrival,
    {Reader::network,
     "On {device}: find the rule that drops TCP to {address} port {port}, and see whether its "
     "counter grows while the user tries again. If it runs Linux:",
     "sudo nft list ruleset\nsudo {iptables} -vnL FORWARD\nsudo {iptables} -t raw -vnL",
     only::on_path},
    {Reader::host, "{on_host}: list the rules that apply to TCP port {port}.", host_rules,
     only::at_host},
    confirm_absence,
    compare_arrivals,
    ask_network,
    cloud_rules,
    bans,
    {Reader::host, "If {address} runs Windows: its firewall drops in silence. List what it allows.",
     "Get-NetFirewallPortFilter | ? LocalPort -eq {port} | Get-NetFirewallRule",
     only::at_host | only::elsewhere},
    tell_administrator,
    {Reader::network,
     "On {device}: look for rules that match more than address and port: the ToS (DSCP), TCP "
     "options, ECN or the TTL. \"Keep in mind\" says what it is here. If it runs Linux:",
     "sudo nft list ruleset | grep -n -E 'dscp|tcp option|ecn|ttl|hoplimit'\n"
     "sudo {iptables} -vnL FORWARD | grep -i -E 'tos|dscp|tcp option|ecn|ttl'",
     only::on_path | only::by_form},
    {Reader::host, "To let this client in with ufw, before its other rules:",
     "sudo ufw prepend allow from {source} to any port {port} proto tcp",
     only::at_host | only::no_nat, true},
};

constexpr Advice syn_filter_steps[] = {
    {Reader::host, "{on_host}: look for a rule that drops new connections to port {port}.",
     host_rules, only::at_host},
    watch_arrival,
    {Reader::network,
     "On {device}: look for a rule that lets only established connections pass to {address}.",
     "sudo nft list ruleset\nsudo {iptables} -vnL FORWARD", only::on_path},
    confirm_absence,
    compare_arrivals,
    ask_network,
    cloud_rules,
    tell_administrator,
};

constexpr Advice accept_queue_steps[] = {
    {Reader::service,
     "{on_host}: compare the queue of the listener with its limit. Recv-Q above Send-Q means "
     "that the service does not accept connections fast enough, or hangs.",
     "ss -lnt 'sport = :{port}'\nnstat -az TcpExtListenOverflows TcpExtListenDrops"},
    {Reader::service, "{on_host}: see whether the program that listens still works.",
     "sudo ss -ltnp 'sport = :{port}'\ntop -b -n 1 | head -20"},
    {Reader::user,
     "Give the owner of the service this report: the host is reachable, the service "
     "does not accept."},
    {Reader::service, "If the SSH server hangs: restart it (open sessions survive).",
     "sudo systemctl restart ssh   # RHEL, Fedora, SUSE: sshd", only::ssh, true},
};

constexpr Advice answer_lost_steps[] = {
    watch_return,
    watch_arrival,
    {Reader::network,
     "Look for a stateful firewall that sees only one direction (two different ways there and "
     "back), for an address translation that the answers do not pass on their way back, and for "
     "rules on the way from {address} to {source}.",
     {},
     only::came_not},
    {Reader::host,
     "{on_host}: see which hardware address it has for {client}; `ip link` on this machine tells "
     "the right one.",
     "ip neigh show {client}", only::on_link | only::came_not},
    {Reader::host, "{on_host}: see which way the answers take.", "ip route get {source}",
     only::no_nat | only::came_not},
    {Reader::cloud,
     "If {address} is in a cloud: see whether its network ACL lets answers out, to ports "
     "1024-65535 of {source}.",
     "aws ec2 describe-network-acls", only::came_not},
    {Reader::user,
     "Give the network team this report: the way back from the server is to be looked at as well.",
     {},
     only::elsewhere | only::came_not},
    {Reader::network,
     "On {device}: see which hardware address it has for {client}. If it runs Linux:",
     "ip neigh show {client}", only::came_wrong},
    {Reader::user, "See which hardware address this machine really has, and tell the network team.",
     "ip -brief link show dev {interface}", only::came_wrong},
};

constexpr Advice host_silent_steps[] = {
    {Reader::host, "See on a console whether {address} is up and has this address and a way back.",
     "ip -brief address\nip route get {source}"},
    {Reader::host, "{on_host}: see whether anything arrives, and what drops it.",
     "sudo tcpdump -ni any 'host {source}'\nsudo nft list ruleset"},
    {Reader::network, "On the last router: see whether {address} answers on its network.",
     "ip neigh show {address}", only::routed},
    {Reader::host,
     "On this machine: see which hardware address it has for {address}, and whether that is right. "
     "PERMANENT: somebody set it by hand.",
     "ip neigh show {address}", only::on_link},
    {Reader::cloud, "See whether the instance runs and still owns the address.",
     "aws ec2 describe-network-interfaces --filters Name={aws},Values={address}"},
    right_name,
    right_address,
};

}  // namespace

const Article filter_drop{
    "a rule drops the packets in silence",
    "A packet filter throws the packets to this port away and sends no message. Security groups of "
    "clouds, most firewalls' deny, and ufw work like this.",
    "No segment to the port gets an answer, whatever its flags, while another port, UDP or ping to "
    "the same host is answered or passes the same hops.",
    "Whoever runs the device or host in the interval: silence itself does not say which.",
    "Capture on the server while somebody tries, and read the rule counters on both sides.",
    filter_drop_steps};

const Article syn_filter{
    "new connections are dropped, other packets pass",
    "A rule drops only the first packet of a connection. Everything else to the port passes, so "
    "the host is reachable.",
    "The SYN stays unanswered, while a bare ACK to the same port gets a reset from the host.",
    "The administrator of the host or of a firewall before it.",
    "Look for rules on new connections or SYN flags; capture on the server.",
    syn_filter_steps};

const Article accept_queue_full{
    "the service does not accept connections fast enough",
    "The program listens, but its queue of waiting connections is full, so the kernel drops "
    "further ones. The program hangs, is overloaded, or has too small a backlog.",
    "The SYN stays unanswered, while a bare ACK to the same port gets a reset and a FIN gets "
    "silence, as an open port does.",
    "The owner of the service.",
    "On the host: ss -lnt shows Recv-Q above Send-Q, and TcpExtListenOverflows grows.",
    accept_queue_steps};

const Article answer_lost{
    "the request arrives, the answer is lost on the way back",
    "The server answers, or may do so, but its answer does not get to the program: a firewall on "
    "the way back drops it, or a stateful one that never saw the request because the two ways "
    "differ, or it comes from another address because a translation (NAT) is not undone.",
    "From the client it looks like a drop on the way there; only a capture on the server tells. An "
    "answer from another address, or in a frame for another machine, shows in a capture here.",
    "The network team.",
    "Capture on the server: the SYN arrives and the SYN/ACK leaves.",
    answer_lost_steps};

const Article host_silent{
    "the host answers nothing at all",
    "The way to the host works, but the host is silent for every kind of packet: it drops "
    "everything, is down behind a cached hardware address, or has no way back to this client.",
    "The last router answers; beyond it no port, no UDP and no ping does.",
    "The administrator of the host.",
    "Look at the host's console, its routes and rules, and the last router's neighbour table.",
    host_silent_steps};

}  // namespace hopblame::knowledge
