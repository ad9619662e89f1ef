// Words of the path table, how sure a verdict is, and a few words of packets.
#include "src/report/knowledge.hpp"

namespace hopblame {
namespace {

constexpr std::string_view in_table = "path table", sure = "how sure", packets = "packets";

constexpr Article word(std::string_view title, std::string_view what) {
  return {title, what, {}, {}, {}, {}};
}

constexpr OtherWord words[] = {
    {"certain", sure,
     word("two independent witnesses agree, and nothing else fits elsewhere",
          "The place that is blamed follows from two kinds of evidence that do not depend on each "
          "other, none speaks against it, and every other cause that fits lies at the same place. "
          "It rates the place: where several causes are listed, which of them it is stays open.")},
    {"strong", sure,
     word("one good witness; what would lie elsewhere is rarer",
          "One kind of evidence shows the place. Something rarer could look the same, and is "
          "listed where it is known.")},
    {"weak", sure,
     word("the packets allow other places as well",
          "The best guess, and no more: evidence is missing, or points two ways. The caveats say "
          "what is missing.")},
    {"passes", in_table,
     word("a packet of this flow got as far as that hop, which let it pass",
          "A probe that may travel so far and no farther died there, and the hop said so (ICMP "
          "time exceeded). Packets that may travel farther were let through up to here.")},
    {"answers", in_table,
     word("this hop is the end of that flow",
          "The answer of TCP was made here: by the destination, or by a device that answers in its "
          "name.")},
    {"blocked", in_table,
     word("this hop rejects that flow with an ICMP message",
          "It does not pass the packet on, and says so, mostly from its own address.")},
    {"silent", in_table,
     word("a probe that was to die at this hop got no answer",
          "Many routers send no time exceeded, or only a few a second: that alone is no fault. "
          "Where every hop from here on is silent, packets vanish.")},
    {"not-asked", in_table,
     word("no probe was sent to this hop on that flow",
          "It was not needed: the flow ends before it, or what is there was known.")},
    {"hop", packets,
     word("a device that packets pass on their way, counted from here",
          "This machine is hop 0, its gateway hop 1, and the destination has the last number. A "
          "device that does not count the hop limit down, such as a bridge, has no number.")},
    {"ttl", packets,
     word("how many hops a packet may still pass (IPv4; hop limit in IPv6)",
          "Every router takes one away, and the one that would reach 0 drops the packet and says "
          "so. Systems begin with 64, 128 or 255, so what is left tells how many hops it passed.")},
    {"hop-limit", packets,
     word("how many hops a packet may still pass (IPv6; TTL in IPv4)",
          "Every router takes one away, and the one that would reach 0 drops the packet and says "
          "so. Systems begin with 64, 128 or 255, so what is left tells how many hops it passed.")},
    {"syn", packets,
     word("the packet that asks for a connection",
          "A listening service answers it with a SYN/ACK, a closed port with a RST.")},
    {"rst", packets,
     word("the packet that refuses or ends a connection at once",
          "It carries the destination's address, whoever made it: that is why a firewall on the "
          "way can look like the server.")},
};

}  // namespace

std::span<const OtherWord> other_words() { return words; }

}  // namespace hopblame
