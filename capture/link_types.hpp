#pragma once
// LINKTYPE_ numbers (www.tcpdump.org/linktypes.html) of what is read. A capture on Linux gives the
// same numbers as DLT_, but for raw IP.

namespace hopblame {

inline constexpr int link_null = 0, link_ethernet = 1, link_ppp = 9, link_raw_bsd = 12,
                     link_ppp_hdlc = 50, link_ppp_ether = 51, link_raw = 101, link_c_hdlc = 104,
                     link_wifi = 105, link_loop = 108, link_sll = 113, link_radiotap = 127,
                     link_user2 = 149, link_ipv4 = 228, link_ipv6 = 229, link_pktap = 258,
                     link_sll2 = 276;

}  // namespace hopblame
