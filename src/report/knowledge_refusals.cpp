// Somebody said no: resets and ICMP messages of rules.
#include "src/report/knowledge_tables.hpp"

namespace hopblame::knowledge {
namespace {

constexpr std::string_view host_rules =
    "sudo nft list ruleset\n"
    "sudo {iptables} -vnL INPUT\n"
    "sudo firewall-cmd --list-all\n"
    "sudo ufw status verbose";

constexpr Advice closed_port_steps[] = {
    {Reader::service,
     "{on_host}: see whether anything listens on port {port}, and on which address. 127.0.0.1 "
     "or [::1] means local clients only.",
     "sudo ss -ltnp 'sport = :{port}'"},
    {Reader::service,
     "See whether the SSH server runs, whether its configuration is valid, and where it listens.",
     "systemctl status ssh sshd ssh.socket\nsudo sshd -t\n"
     "sudo sshd -T | grep -Ei '^(port|listenaddress) '",
     only::ssh},
    {Reader::service, "See whether the service that should listen there runs or has failed.",
     "systemctl --failed\njournalctl -b -p warning -n 50", only::not_ssh},
    {Reader::service,
     "If the SSH server does not start: read why. Usual reasons are a port that is taken, missing "
     "host keys, a full disk, and a port that SELinux or AppArmor does not allow.",
     "sudo journalctl -b -u ssh -u sshd -n 50\nls -l /etc/ssh/ssh_host_*_key\ndf -h / /var\n"
     "sudo semanage port -l | grep -w ssh_port_t\nsudo journalctl -k | grep -i apparmor",
     only::ssh},
    {Reader::service,
     "If it does not start: see whether the disk is full, or SELinux does not allow the port.",
     "df -h / /var\nsudo semanage port -l | grep -w {port}", only::not_ssh},
    {Reader::host, "On a Windows host: see what listens.",
     "Get-NetTCPConnection -State Listen -LocalPort {port}", only::elsewhere},
    {Reader::user,
     "Make sure the address and the port are the ones that were meant: the name may lead to an old "
     "host, to a load balancer, or to a router that does NAT.",
     "getent ahosts {host}", only::elsewhere | only::named},
    {Reader::user,
     "Make sure the address and the port are the ones that were meant: the address may be that of "
     "a load balancer, or of a router that does NAT.",
     {},
     only::elsewhere | only::unnamed},
    {Reader::service, "If the SSH server is stopped: start it, now and at every boot.",
     "sudo systemctl enable --now ssh   # RHEL, Fedora, SUSE: sshd", only::ssh, true},
    {Reader::service, "If its host keys are missing: make new ones.", "sudo ssh-keygen -A",
     only::ssh, true},
};

constexpr Advice host_firewall_steps[] = {
    {Reader::host,
     "{on_host}: find the rule that rejects TCP port {port}. Run those of the commands that exist.",
     host_rules},
    {Reader::service, "{on_host}: see whether the service behind the rule listens.",
     "sudo ss -ltnp 'sport = :{port}'"},
    {Reader::host,
     "{on_host}: watch the SYN arrive while somebody tries again. If none arrives, a "
     "transparent firewall in front of the host answers.",
     "sudo tcpdump -ni any '{from}tcp port {port}'"},
    {Reader::host, "On a Windows host: list the rules that block.",
     "Get-NetFirewallRule -Enabled True -Direction Inbound -Action Block", only::elsewhere},
    {Reader::user,
     "Give the host's administrator this report: the service may run, a rule keeps you out.",
     {},
     only::elsewhere},
    {Reader::host, "To let this client in with ufw, before its other rules:",
     "sudo ufw prepend allow from {source} to any port {port} proto tcp", only::no_nat, true},
    {Reader::host, "To open the port with firewalld:",
     "sudo firewall-cmd --permanent --add-port={port}/tcp\nsudo firewall-cmd --reload",
     only::always, true},
};

constexpr Advice middlebox_steps[] = {
    idle_limits,
    keep_alive,
    {Reader::network,
     "On {device}: find the rule that rejects TCP from {source} to {address} port {port}. If it "
     "runs Linux:",
     "sudo nft list ruleset\nsudo {iptables} -vnL FORWARD\nsudo {iptables} -t raw -vnL"},
    {Reader::network,
     "On another product, look for an action named reject, reset or deny with reset (Cisco ASA: "
     "service resetoutbound; FortiGate: send-deny-packet; Juniper SRX: reject) and read its hit "
     "counter while the user tries again."},
    confirm_absence,
    compare_arrivals,
    {Reader::user,
     "Give the network team this report. The server itself did not refuse, so its owner cannot fix "
     "it.",
     {},
     only::before_host},
};

constexpr Advice injected_steps[] = {
    idle_limits,
    keep_alive,
    {Reader::network,
     "On {device}, and on the link before it: look for intrusion prevention, URL filters or other "
     "inspection that resets connections, and read its log for {address} port {port}."},
    {Reader::host,
     "{on_host}: watch while somebody tries. The answer leaves the host, and no reset does, "
     "although the client is reset.",
     "sudo tcpdump -ni any '{from}tcp port {port}'", only::unwatched},
    record_both_ends,
};

constexpr Advice icmp_host_steps[] = {
    {Reader::host,
     "{on_host}: see whether fail2ban has banned this client. Unless told otherwise it answers "
     "with ICMP port unreachable.",
     "sudo fail2ban-client status sshd", only::ssh},
    {Reader::host,
     "{on_host}: find the rule that rejects TCP port {port}. Run those of the commands that exist.",
     host_rules},
    {Reader::host, "{on_host}: see whether any ban tool holds this client's address.",
     "sudo fail2ban-client status", only::not_ssh},
    {Reader::user,
     "Try from another address. If that works, this address is banned or not on the allow list.",
     {},
     only::elsewhere},
    {Reader::host, "If the client is banned without reason: lift the ban.",
     "sudo fail2ban-client set sshd unbanip {source}", only::ssh | only::no_nat, true},
    {Reader::host, "To open the port with firewalld:",
     "sudo firewall-cmd --permanent --add-port={port}/tcp\nsudo firewall-cmd --reload",
     only::always, true},
};

constexpr Advice icmp_router_steps[] = {
    {Reader::network,
     "On {device}: find the rule that rejects TCP from {source} to {address} port {port}. If it "
     "runs Linux:",
     "sudo nft list ruleset\nsudo {iptables} -vnL FORWARD"},
    {Reader::network, "If it is a Cisco router: read the hit counters of its access lists.",
     "show access-lists | include deny"},
    {Reader::user,
     "Ask the network team to allow TCP from {source} to {address} port {port} on {device}."},
};

}  // namespace

const Article closed_port{
    "nothing listens on that port",
    "The packet reached the host, and the host's own network stack refused it: no program listens "
    "on that address and port. The service is stopped, has crashed, uses another port, or listens "
    "on the loopback address only.",
    "A RST with ACK answers the SYN at once. Its TTL is that of the host, and it repeats the type "
    "of service of the probe, as a network stack does and a firewall rule does not.",
    "The owner of the service.",
    "On the host: ss -ltnp shows no line for the port, or one with a loopback address.",
    closed_port_steps};

const Article host_firewall_reset{
    "a firewall on the host answers with a reset",
    "A rule on the host, or in a transparent firewall right before it, refuses the connection with "
    "a TCP reset. The service behind it may well be running.",
    "A RST with ACK whose TTL is that of the host, but whose type of service is 0 (flow label 0 in "
    "IPv6), while a closed port of the same host repeats the probe's value.",
    "The administrator of the host.",
    "Look for reject with tcp reset in the host's rules, and whether the SYN arrives on the host.",
    host_firewall_steps};

const Article middlebox_reset{
    "a device on the path answers in the destination's name",
    "A firewall on the way does not pass the packet on. It sends a TCP reset with the "
    "destination's address as sender, so that it looks as if the server had refused. The server "
    "never saw the packet.",
    "The RST carries the destination's address, but arrives with a TTL that fits a hop before it; "
    "probes that may travel only as far as that hop are already answered, or stop there.",
    "The network team that runs that device.",
    "Read the rule counters on the device; a capture on the server shows no SYN.",
    middlebox_steps};

const Article injected_reset{
    "a forged reset, sent by a device on the way",
    "A device on the path watches the traffic and sends resets of its own, while the packets "
    "themselves pass. Client and server both may work perfectly.",
    "More than one answer to one packet: a RST and a SYN/ACK, or several RSTs; or a RST amid a "
    "connection. TTL, IP ID or window of the RST do not fit the host.",
    "The network team, or whoever runs the inspection on that network.",
    "Capture at both ends: the reset arrives at the client but never left the server.",
    injected_steps};

const Article icmp_reject_host{
    "a firewall rule on the host rejects with ICMP",
    "The packet reached the host, and a rule there refused it with an ICMP message. Typical are a "
    "ban by fail2ban, firewalld, a plain REJECT rule, or the default rules of some cloud images.",
    "An ICMP destination unreachable (port unreachable or prohibited) from the destination's own "
    "address, quoting the SYN.",
    "The administrator of the host.",
    "List the host's rules and bans; try from a second source address to tell a ban from a rule.",
    icmp_host_steps};

const Article icmp_reject_router{
    "a firewall rule on a router rejects with ICMP",
    "A router or firewall on the way refuses the packet and says so with an ICMP message. "
    "The server never saw the packet.",
    "An ICMP destination unreachable (prohibited or port unreachable) whose sender is a hop before "
    "the destination, quoting the SYN.",
    "The network team that runs that device.",
    "Read the access list and its counters on the device that sent the message.",
    icmp_router_steps};

}  // namespace hopblame::knowledge
