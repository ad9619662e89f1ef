// Some are answered, some are not.
#include "src/report/knowledge_tables.hpp"

namespace hopblame::knowledge {
namespace {

constexpr Advice rate_limit_steps[] = {
    {Reader::host,
     "{on_host}: look for limit, recent, hashlimit or connlimit rules on port {port}.",
     "sudo nft list ruleset | grep -n -E 'limit|meter|ct count'\n"
     "sudo {iptables} -vnL | grep -i -E 'limit|recent'\n"
     "sudo ufw status verbose",
     only::at_host},
    {Reader::network,
     "On {device}: look for a policer or connection-rate rule that covers {address}.",
     {},
     only::on_path},
    {Reader::user, "Open fewer connections at once, or reuse one, and try again after a minute."},
};

constexpr Advice probe_ban_steps[] = {
    {Reader::host, "{on_host}: see whether this client's address is banned or listed.",
     "sudo fail2ban-client status\nsudo nft list ruleset | grep -n -A 3 -E 'set|meter'\n"
     "sudo {iptables} -vnL"},
    {Reader::user,
     "Wait until the ban is over, often ten minutes. Then ask with one connection to the port and "
     "no probes: those of another diagnosis would get this source banned again.",
     "hopblame {address} {port} --unprivileged"},
    {Reader::host, "If the client is banned without reason: lift the ban.",
     "sudo fail2ban-client unban {source}", only::no_nat, true},
};

constexpr Advice path_loss_steps[] = {
    {Reader::network,
     "Find the link that loses packets: read the error and drop counters on {device}.",
     "ip -s link"},
    {Reader::user, "Measure the loss over a minute, on the same port.",
     "mtr --tcp --port {port} --report --report-cycles 60 {address}"},
    {Reader::user, "On Wi-Fi or a mobile network, try once from a wired one."},
};

}  // namespace

const Article rate_limit{
    "only so many connections per second are let through",
    "A rule or device accepts a few new connections per unit of time and drops or refuses the "
    "rest.",
    "The same probe is answered a few times, then not, then again after a pause.",
    "The administrator of the host, or the network team.",
    "Look for limit rules; space the attempts out and see whether all are answered.",
    rate_limit_steps};

const Article probe_ban{
    "the source was banned on the way",
    "The first probes were answered, later ones were not: something took them for an attack and "
    "blocks this client's address for a while.",
    "Answers stop after a number of probes, for all of them, and do not come back within the run.",
    "The administrator of the host or of a firewall before it.",
    "Look for the client's address in ban lists; try from another address.",
    probe_ban_steps};

const Article path_loss{
    "packets are lost at random",
    "Some packets are lost on the way, whatever their port: an overloaded or faulty link.",
    "Missing answers are spread over the probed port and the comparison port alike.",
    "The network team.",
    "Measure over a longer time; read error counters along the path.",
    path_loss_steps};

}  // namespace hopblame::knowledge
