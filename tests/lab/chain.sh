# A chain of LAB_ROUTERS routers instead of three, and whatever fault LAB_FAULT says; sourced by lab.sh (LAB_MORE).
# Between r1 and r2 lies 198.18.1.0/30, and so on (RFC 2544); every router knows both ends and sends the rest back.
network() {
  local n=$LAB_ROUTERS hop
  namespace client; namespace server
  for ((hop = 1; hop <= n; ++hop)); do router "r$hop"; done
  link client eth0 192.0.2.10/24 2001:db8:1::10/64 02:00:00:00:01:10 \
    r1 left 192.0.2.1/24 2001:db8:1::1/64 02:00:00:00:01:01
  for ((hop = 1; hop < n; ++hop)); do
    link "r$hop" right "198.18.$hop.1/30" "2001:db8:f:$hop::1/64" "$(printf 02:00:00:00:%02x:02 $((hop + 16)))" \
      "r$((hop + 1))" left "198.18.$hop.2/30" "2001:db8:f:$hop::2/64" "$(printf 02:00:00:00:%02x:01 $((hop + 16)))"
    routes "r$hop" "198.18.$hop.2" "2001:db8:f:$hop::2" 203.0.113.0/24,2001:db8:4::/64
    routes "r$((hop + 1))" "198.18.$hop.1" "2001:db8:f:$hop::1" default,default
  done
  link "r$n" right 203.0.113.1/24 2001:db8:4::3/64 02:00:00:00:04:03 \
    server eth0 203.0.113.10/24 2001:db8:4::10/64 02:00:00:00:04:10
  routes client 192.0.2.1 2001:db8:1::1 default,default
  routes server 203.0.113.1 2001:db8:4::3 default,default
}
upstream() { # HOP IPV4|IPV6: the neighbour of a router on the client's side
  if (($1 == 1)); then [ "$2" = 4 ] && echo 192.0.2.10 || echo 2001:db8:1::10
  else [ "$2" = 4 ] && echo "198.18.$(($1 - 1)).1" || echo "2001:db8:f:$(($1 - 1))::1"; fi
}
back() { # HOP: sends what is for the target back to where it came from
  ip -n "r$1" route replace 203.0.113.0/24 via "$(upstream "$1" 4)"
  ip -n "r$1" -6 route del 2001:db8:4::/64 && ip -n "r$1" route add 2001:db8:4::/64 via "$(upstream "$1" 6)"
}
detour() { # HOPS: what the server sends comes back over this many routers of its own, to r1
  local m=$1 hop from=server near=r1
  for ((hop = 1; hop <= m; ++hop)); do router "b$hop"; done
  link server back 198.19.0.1/30 2001:db8:b:0::1/64 02:00:00:01:00:01 \
    b1 left 198.19.0.2/30 2001:db8:b:0::2/64 02:00:00:01:00:02
  for ((hop = 1; hop < m; ++hop)); do
    link "b$hop" right "198.19.$hop.1/30" "2001:db8:b:$hop::1/64" "$(printf 02:00:00:01:%02x:01 "$hop")" \
      "b$((hop + 1))" left "198.19.$hop.2/30" "2001:db8:b:$hop::2/64" "$(printf 02:00:00:01:%02x:02 "$hop")"
    routes "b$hop" "198.19.$hop.2" "2001:db8:b:$hop::2" default,default
  done
  link "b$m" right 198.19.99.1/30 2001:db8:b:99::1/64 02:00:00:01:99:01 \
    r1 back 198.19.99.2/30 2001:db8:b:99::2/64 02:00:00:01:99:02
  routes "b$m" 198.19.99.2 2001:db8:b:99::2 default,default
  ip -n server route replace default via 198.19.0.2
  ip -n server -6 route del default; ip -n server route add default via 2001:db8:b:0::2
}
gone() { # the server leaves, and nobody remembers its MAC
  ip -n server addr flush dev eth0; ip -n "r$LAB_ROUTERS" neigh flush dev right
}
fault_chain() { eval "$LAB_FAULT"; }
