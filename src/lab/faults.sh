# The faults, one function a scenario; scenarios.tsv says what each must be found to be. TARGET may
# be set to something else than the server's address, F is the family asked for (4 or 6).
PORT=22
SYN='tcp flags & (fin|syn|rst|ack) == syn'
SYN_ACK='tcp flags & (fin|syn|rst|ack) == syn|ack'
RESET='reject with tcp reset'
ADMIN='reject with icmpx type admin-prohibited'
PORT_UNREACHABLE='reject with icmpx type port-unreachable'
TO="tcp dport $PORT"
FROM="tcp sport $PORT"

# The server.
fault_open() { ssh_server server; }
fault_open_other_service() { listen server smtp; }
fault_closed() { :; }
fault_loopback_only() { listen server ssh 127.0.0.1 ::1; }
fault_host_reset() { ssh_server server; rules server input "$TO $RESET"; }
fault_host_reset_syn() { ssh_server server; rules server input "$TO $SYN $RESET"; }
fault_host_port_unreach() { ssh_server server; rules server input "$TO $PORT_UNREACHABLE"; }
fault_host_admin() { ssh_server server; rules server input "$TO $ADMIN"; }
fault_host_all_prohibited() { # as the INPUT chain of RHEL 6 and 7: ping passes, the rest does not
  ssh_server server
  rules server input 'meta l4proto { icmp, icmpv6 } accept' \
    'meta nfproto ipv4 reject with icmp type host-prohibited' \
    'reject with icmpv6 type admin-prohibited'
}
fault_fail2ban() {
  need fail2ban-client fail2ban
  ssh_server server
  mkdir -p /run/ban/{action.d,filter.d,jail.d} && touch /run/ban/log
  cp /etc/fail2ban/action.d/nftables*.conf /run/ban/action.d/
  printf '[Definition]\nfailregex = no such line from <HOST>\n' >/run/ban/filter.d/lab.conf
  printf '%s\n' '[Definition]' 'logtarget = /run/ban/own.log' 'loglevel = INFO' 'dbfile = None' \
    'syslogsocket = auto' 'allowipv6 = auto' 'dbpurgeage = 1d' 'socket = /run/ban/sock' \
    'pidfile = /run/ban/pid' >/run/ban/fail2ban.conf
  printf '%s\n' '[lab]' 'enabled = true' 'backend = polling' 'logpath = /run/ban/log' \
    'filter = lab' "action = nftables-multiport[name=lab, port=$PORT]" >/run/ban/jail.conf
  local ban=(at server fail2ban-client -c /run/ban)
  "${ban[@]}" start >/dev/null || fail 4 "fail2ban did not start"
  "${ban[@]}" set lab banip 192.0.2.10 2001:db8:1::10 >/dev/null
  await banned
}
banned() { [[ $(at server nft list ruleset) == *2001:db8:1::10* ]]; }
fault_host_drop() { ssh_server server; rules server input "$TO drop"; }
neighbours='icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept'
fault_host_drop_all() { rules server input "$neighbours" drop; }
fault_host_syn_drop() { ssh_server server; rules server input "$TO $SYN drop"; }
fault_queue_full() { listen server queue-full; }
fault_queue_fills() { listen server hung; }
fault_wrappers() { listen server close; }
fault_max_startups() {
  real_sshd server -o MaxStartups=1 -o LoginGraceTime=0
  at server bash -c "exec 3<>/dev/tcp/127.0.0.1/$PORT; read -r -u 3; exec sleep infinity" &
  await one_login
}
one_login() { [ "$(at server ss -Hnt state established "sport = :$PORT" | wc -l)" = 1 ]; }
fault_silent_service() { listen server silent; }
fault_tarpit() { listen server tarpit; }
over() { # TEXT FILE: this text is what the file holds, in the lab only
  printf '%s\n' "$1" >"/run/${2##*/}" && mount --bind "/run/${2##*/}" "$2" ||
    fail 4 "cannot put a file of my own over $2"
}
fault_hosts_deny() { # Debian's sshd is linked with TCP wrappers
  need sshd openssh-server
  over 'sshd: ALL' /etc/hosts.deny; over '' /etc/hosts.allow
  real_sshd server
}
fault_host_down() { ip -n server addr flush dev eth0; ip -n r3 neigh flush dev right; }
fault_rate_limit() {
  ssh_server server; rules server input "$TO $SYN limit rate over 1/second burst 1 packets drop"
}
fault_ban() { ssh_server server; ban_at server input; }
fault_ban_r2() { ssh_server server; ban_at r2 forward; }
ban_at() { # NS HOOK: who sends more than three SYNs to the port
  at "$1" nft -f - <<<"table inet lab {
    set seen4 { type ipv4_addr; flags dynamic; size 9; }; set out4 { type ipv4_addr; flags dynamic; size 9; }
    set seen6 { type ipv6_addr; flags dynamic; size 9; }; set out6 { type ipv6_addr; flags dynamic; size 9; }
    chain ban {
      type filter hook $2 priority filter; $neighbours; ip saddr @out4 drop; ip6 saddr @out6 drop
      $TO $SYN add @seen4 { ip saddr limit rate over 1/hour burst 3 packets } add @out4 { ip saddr } drop
      $TO $SYN add @seen6 { ip6 saddr limit rate over 1/hour burst 3 packets } add @out6 { ip6 saddr } drop
    }
    }"
}

# The routers.
fault_r2_drop() { ssh_server server; rules r2 forward "$TO drop"; }
fault_r2_raw_drop() { ssh_server server; rules r2 raw "$TO drop"; }
fault_r2_reset() { ssh_server server; rules r2 forward "$TO $RESET"; }
fault_r1_reset() { ssh_server server; rules r1 forward "$TO $RESET"; }
fault_r3_reset() { ssh_server server; rules r3 forward "$TO $RESET"; }
fault_r2_raw_reset() { ssh_server server; rules r2 raw "$TO $RESET"; }
fault_r2_reset_ttl255() {
  settings r2 ipv4/ip_default_ttl=255 ipv6/conf/{all,default,left,right}/hop_limit=255
  fault_r2_reset
}
fault_r2_admin() { ssh_server server; rules r2 forward "$TO $ADMIN"; }
fault_r2_port_unreach() { ssh_server server; rules r2 forward "$TO $PORT_UNREACHABLE"; }
fault_r2_established_acl() { ssh_server server; rules r2 forward "$TO tcp flags & (ack|rst) == 0 $ADMIN"; }
dscp() { # ==|!=: r2 drops SYNs to the port by their DSCP
  ssh_server server
  rules r2 forward "$TO $SYN ip dscp $1 cs0 drop" "$TO $SYN ip6 dscp $1 cs0 drop"
}
fault_dscp_drop() { dscp '!='; }
fault_dscp_default_drop() { dscp '=='; }
route_at() { # NS KIND: the target's network gets this kind of route, or none at all
  local kind=$2 ns=$1 net
  for net in 203.0.113.0/24 2001:db8:4::/64; do
    ip -n "$ns" route del "$net"
    [ "$kind" = none ] || ip -n "$ns" route add "$kind" "$net"
  done
}
fault_r2_no_route() { route_at r2 none; }
fault_r2_unreachable() { route_at r2 unreachable; }
fault_r2_unreachable_again() { # somebody has just tried, and spent what r2 may say to this client
  fault_r2_unreachable
  for _ in 1 2 3 4; do
    ip netns exec client timeout 0.2 bash -c ": </dev/tcp/203.0.113.10/$PORT" 2>/dev/null || :
  done
}
fault_r2_prohibit() { route_at r2 prohibit; }
fault_r2_port_rule() {
  ip -n r2 rule add to 203.0.113.10 ipproto tcp dport "$PORT" prohibit
  ip -n r2 -6 rule add to 2001:db8:4::10 ipproto tcp dport "$PORT" prohibit
}
fault_r2_blackhole() { route_at r2 blackhole; }
fault_loop() {
  ip -n r3 route add 203.0.113.10/32 via 198.51.100.5
  ip -n r3 route add 2001:db8:4::10/128 via 2001:db8:3::2
}
fault_return_drop() { ssh_server server; rules r2 forward "$FROM $SYN_ACK drop"; }
fault_synproxy() { # nft's own synproxy checks an IPv6 segment with IPv4's checksum, so it is silent
  need ip6tables iptables
  fault_host_down
  settings r2 netfilter/nf_conntrack_tcp_loose=0
  rules r2 raw "$TO $SYN notrack"
  rules r2 forward "meta nfproto ipv4 $TO ct state invalid,untracked \
    synproxy mss 1460 wscale 7 timestamp sack-perm" 'meta nfproto ipv4 ct state invalid drop'
  at r2 ip6tables -A FORWARD -p tcp --dport "$PORT" -m conntrack --ctstate INVALID,UNTRACKED \
    -j SYNPROXY --mss 1460 --wscale 7 --timestamp --sack-perm
  at r2 ip6tables -A FORWARD -m conntrack --ctstate INVALID -j DROP
}
fault_proxy() { listen r2 ssh; rules r2 dstnat "$TO redirect"; }
fault_port_forward() {
  if [ "$F" = 6 ]; then TARGET=2001:db8:3::3; else TARGET=198.51.100.6; fi
  rules r3 dstnat "ip daddr 198.51.100.6 $TO dnat ip to 203.0.113.10" \
    "ip6 daddr 2001:db8:3::3 $TO dnat ip6 to 2001:db8:4::10"
}
mute() { rules "$1" output 'icmp type time-exceeded drop' 'icmpv6 type time-exceeded drop'; }
fault_silent_routers() { mute r1; mute r3; fault_r2_drop; }
fault_no_icmp() { # ND has to live, or IPv6 is dead
  local verdict=('meta l4proto icmp drop' "$neighbours"
    'icmpv6 type { nd-router-solicit, nd-router-advert } accept' 'meta l4proto icmpv6 drop')
  rules r1 output "${verdict[@]}"; rules r1 forward "${verdict[@]}"
  fault_host_drop
}
fault_icmp_limited() { # other traffic of this client, dying at each router, uses up its bucket
  local hop
  for hop in 1 2 3; do
    settings "r$hop" ipv4/icmp_ratelimit=2000 ipv6/icmp/ratelimit=2000
    ip -n client route add "203.0.113.20$hop" via 192.0.2.1 hoplimit "$hop"
    ip -n client route add "2001:db8:4::20$hop" via 2001:db8:1::1 hoplimit "$hop"
  done
  at client bash -c 'while sleep 0.1; do for hop in 1 2 3; do
      echo >/dev/udp/203.0.113.20$hop/9; echo >/dev/udp/2001:db8:4::20$hop/9
    done; done' 2>/dev/null &
  sleep 2
}
masquerade() { rules r1 srcnat 'oifname right masquerade'; }
fault_nat() { masquerade; fault_r2_admin; }
fault_nat_reset() { masquerade; fault_r2_reset; }
two_paths() { # a second path beside r2, chosen by the ports of the flow
  ssh_server server
  router r2b
  link r1 other 198.51.100.9/30 2001:db8:5::1/64 02:00:00:00:05:01 \
    r2b left 198.51.100.10/30 2001:db8:5::2/64 02:00:00:00:05:02
  link r2b right 198.51.100.13/30 2001:db8:6::2/64 02:00:00:00:06:02 \
    r3 other 198.51.100.14/30 2001:db8:6::3/64 02:00:00:00:06:03
  routes r2b 198.51.100.9 2001:db8:5::1 192.0.2.0/24,2001:db8:1::/64
  routes r2b 198.51.100.14 2001:db8:6::3 203.0.113.0/24,2001:db8:4::/64
  settings r1 ipv4/fib_multipath_hash_policy=1 ipv6/fib_multipath_hash_policy=1
  ip -n r1 route replace 203.0.113.0/24 nexthop via 198.51.100.2 nexthop via 198.51.100.10
  ip -n r1 route replace 2001:db8:4::/64 nexthop via 2001:db8:2::2 nexthop via 2001:db8:5::2
}
fault_ecmp() { two_paths; rules r2b forward "$TO $RESET"; }
fault_ecmp_reject() { two_paths; rules r2b forward "$TO $ADMIN"; }
fault_ecmp_drop() { two_paths; rules r2b forward "$TO drop"; }
lossy() { # PERCENT of the packets, each way, on the link between r1 and r2
  local lose="numgen random mod 100 < $1 drop"
  rules r2 raw "iifname left meta l4proto { tcp, udp, icmp } $lose" \
    "iifname left icmpv6 type { echo-request, echo-reply, time-exceeded, destination-unreachable } $lose"
  rules r2 postrouting "oifname left meta l4proto { tcp, udp, icmp } $lose" \
    "oifname left icmpv6 type { echo-request, echo-reply, time-exceeded, destination-unreachable } $lose"
}
fault_loss_10() { ssh_server server; lossy 10; }
fault_loss_30() { ssh_server server; lossy 30; }
fault_loss_closed() { lossy 10; }

# A box on the link after r2: it wears the server's address and the MAC of r3, sees a copy of what
# leaves r2 and answers it through r2. Nothing listens in it, so its kernel resets what it is shown.
box() { # RULE...: of r2's egress toward r3; `dup to box` shows a packet to it
  namespace box
  link r2 box 198.51.100.17/30 2001:db8:7::2/64 02:00:00:00:07:02 \
    box left 198.51.100.18/30 2001:db8:7::3/64 02:00:00:00:03:03
  ip -n box addr add 203.0.113.10/32 dev lo
  ip -n box addr add 2001:db8:4::10/128 dev lo nodad
  routes box 198.51.100.17 2001:db8:7::2 default,default
  at r2 nft -f - <<<"table netdev lab { chain egress {
    type filter hook egress device right priority filter
    $(printf '%s\n' "$@")
  }
  }" || fail 4 "nftables did not take the rules of the box"
}
transparent() { # RULE...: a bridge without an address on the link between r3 and the server
  namespace bridge
  ip -n server link set eth0 netns bridge name near address 02:00:00:00:04:20
  ip -n bridge link add far index $((++INDEX)) type veth \
    peer name eth0 index $((++INDEX)) address 02:00:00:00:04:10 netns server
  port server eth0 203.0.113.10/24 2001:db8:4::10/64
  routes server 203.0.113.1 2001:db8:4::3 default,default
  ip -n bridge -batch - <<<"link add name both type bridge
    link set both up
    link set near master both up
    link set far master both up"
  at bridge nft -f - <<<"table netdev lab { chain ingress {
    type filter hook ingress device near priority filter
    $(printf '%s\n' "$@")
  }
  }" || fail 4 "nftables did not take the rules of the bridge"
}
fault_bridge_reset() { ssh_server server; transparent "$TO $RESET"; }
fault_injected() { ssh_server server; box "$TO $SYN dup to box"; }
fault_reset_on_data() { # ... of what the client says: the last segment of it has PSH
  ssh_server server
  rules r2 forward "$TO tcp flags & psh == psh meta mark set 1"
  box 'meta mark 1 dup to box'
}
small_link() { # BYTES: the link between r2 and r3 takes no larger packets
  ip -n r2 link set right mtu "$1"; ip -n r3 link set left mtu "$1"
}
fault_mtu_told() { ssh_server server; small_link 1400; }
fault_mtu_hole() {
  local router
  fault_mtu_told
  for router in r2 r3; do
    rules $router output 'icmp type destination-unreachable icmp code frag-needed drop' \
      'icmpv6 type packet-too-big drop'
  done
}
fault_ttl_copy() { # ... and keeps the packet; the reset leaves with the TTL the probe had left
  ssh_server server
  box "$TO $SYN fwd to box"
  local ttl seen=() worn=()
  for ttl in {1..64}; do
    seen+=("ip ttl $ttl ct mark set $ttl" "ip6 hoplimit $ttl ct mark set $ttl")
    worn+=("$FROM ct mark $ttl meta nfproto ipv4 ip ttl set $ttl"
      "$FROM ct mark $ttl meta nfproto ipv6 ip6 hoplimit set $ttl")
  done
  rules box prerouting "${seen[@]}"; rules box output "${worn[@]}"
}

# The client.
fault_local_output_drop() { ssh_server server; rules client output "$TO drop"; }
fault_local_output_reject() { ssh_server server; rules client output "$TO reject"; }
fault_local_input_drop() { ssh_server server; rules client input "$FROM drop"; }
fault_local_data_drop() { ssh_server server; rules client input "$FROM tcp flags & psh == psh drop"; }
fault_local_rule() { # of the routing policy, for the application's packets and not for raw ones
  ssh_server server
  ip -n client rule add to 203.0.113.10 ipproto tcp dport "$PORT" blackhole
  ip -n client -6 rule add to 2001:db8:4::10 ipproto tcp dport "$PORT" blackhole
}
fault_no_global_address() { # the default route is the one that r1's advertisement would give
  ip -n client -6 addr flush dev eth0 scope global; ip -n client -6 route replace default via fe80::ff:fe00:101 dev eth0
}
fault_no_gateway() { # everybody is taken for a neighbour
  fault_no_local_route
  ip -n client route add default dev eth0; ip -n client -6 route add default dev eth0
}
fault_other_way_back() { # what comes from r2 and behind it arrives on another interface
  ssh_server server
  link client other 192.0.3.10/24 2001:db8:8::10/64 02:00:00:00:08:10 \
    r2 other 192.0.3.1/24 2001:db8:8::1/64 02:00:00:00:08:01
  ip -n r2 route add 192.0.2.10/32 via 192.0.3.10
  ip -n r2 route add 2001:db8:1::10/128 via 2001:db8:8::10
}
fault_reverse_path() { fault_other_way_back; settings client ipv4/conf/{all,other}/rp_filter=1; }
fault_no_local_route() { ip -n client route del default; ip -n client -6 route del default; }
fault_gateway_dead() {
  ip -n client route replace default via 192.0.2.99
  ip -n client route replace default via 2001:db8:1::99
}
fault_link_down() { ip -n client link set eth0 down; }
fault_on_link() { if [ "$F" = 6 ]; then TARGET=2001:db8:1::1; else TARGET=192.0.2.1; fi; }
fault_on_link_down() { if [ "$F" = 6 ]; then TARGET=2001:db8:1::77; else TARGET=192.0.2.77; fi; }
fault_loopback() { if [ "$F" = 6 ]; then TARGET=::1; else TARGET=127.0.0.1; fi; }
fault_loopback_drop() { ssh_server client; rules client input "$TO drop"; fault_loopback; }
fault_loopback_open() { ssh_server client; fault_loopback; }
names() { # LINE...: /etc/hosts is all the resolver has
  printf '%s\n' "$@" >/run/hosts; echo 'hosts: files' >/run/nsswitch.conf
  mount --bind /run/hosts /etc/hosts && mount --bind /run/nsswitch.conf /etc/nsswitch.conf ||
    fail 4 "cannot put names of my own over /etc/hosts"
}
fault_no_name() { names '127.0.0.1 localhost'; TARGET=no-such-host.example; }
fault_v6_broken() {
  names '203.0.113.10 db.example' '2001:db8:4::10 db.example'; TARGET=db.example
  ssh_server server; rules r2 forward "meta nfproto ipv6 $TO drop"
}
