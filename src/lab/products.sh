# Rules as products load them, taken from iptables-save and nft list ruleset behind them; left out is what nothing
# in the lab meets: logging, multicast, other ports, empty chains. The port is PORT of faults.sh.

both_tables() { # NS VARIANT RULES4 RULES6: iptables-restore in the variant nft or legacy
  local ns=$1 variant=$2 tool
  for tool in "iptables-$variant-restore" "ip6tables-$variant-restore"; do need "$tool" iptables; done
  at "$ns" "iptables-$variant-restore" <<<"$3" && at "$ns" "ip6tables-$variant-restore" <<<"$4" ||
    lacks "iptables-$variant"
}

# ufw 0.36.2 of Debian 12: `ufw default deny`, then one rule of the user's.
ufw_table() { # MATCH OF ICMP, ITS TYPES THAT PASS, RULE...
  local match=$1 types=$2 type; shift 2
  printf '%s\n' '*filter' ':INPUT DROP' ':ufw-before-input -' ':ufw-user-input -' \
    ':ufw-user-limit -' ':ufw-user-limit-accept -' '-A INPUT -j ufw-before-input' \
    '-A ufw-before-input -i lo -j ACCEPT' \
    '-A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT' \
    '-A ufw-before-input -m conntrack --ctstate INVALID -j DROP'
  for type in $types; do printf '%s\n' "-A ufw-before-input -p $match $type -j ACCEPT"; done
  printf '%s\n' '-A ufw-before-input -j ufw-user-input' "${@/#/-A ufw-user-input -p tcp -m tcp --dport $PORT }" \
    '-A ufw-user-limit -j REJECT' '-A ufw-user-limit-accept -j ACCEPT' 'COMMIT'
}
ufw() { # RULE...
  ssh_server server
  both_tables server nft "$(ufw_table 'icmp -m icmp --icmp-type' '3 11 12 8' "$@")" \
    "$(ufw_table 'ipv6-icmp -m icmp6 --icmpv6-type' '129 1 2 3 4 128 133 134 135 136' "$@")"
}
fault_ufw_deny() { ufw '-j DROP'; }
fault_ufw_reject() { ufw '-j REJECT --reject-with tcp-reset'; }
fault_ufw_limit() {
  ufw '-m conntrack --ctstate NEW -m recent --set --name DEFAULT --rsource' \
    '-m conntrack --ctstate NEW -m recent --update --seconds 30 --hitcount 6 --name DEFAULT --rsource -j ufw-user-limit' \
    '-j ufw-user-limit-accept'
}

fault_firewalld() { # 1.3.3 of Debian 12, backend nftables, zone public without the service ssh
  ssh_server server
  at server nft -f - <<<"table inet firewalld {
    chain filter_PREROUTING {
      type filter hook prerouting priority filter + 10
      icmpv6 type { nd-router-advert, nd-neighbor-solicit } accept
      meta nfproto ipv6 fib saddr . mark . iif oif missing drop
    }
    chain filter_INPUT {
      type filter hook input priority filter + 10
      ct state { established, related } accept
      ct status dnat accept
      iifname lo accept
      ct state invalid drop
      goto filter_IN_public
    }
    chain filter_IN_public {
      icmpv6 type { nd-neighbor-advert, nd-neighbor-solicit, nd-router-advert, nd-redirect } accept
      ip6 daddr fe80::/64 udp dport 546 accept
      meta l4proto { icmp, ipv6-icmp } accept
      reject with icmpx admin-prohibited
    }
  }" || lacks "the rules of firewalld"
}

# iptables before nftables took its place: kernel tables of their own.
legacy() { # RULE
  ssh_server server
  local table="*filter
-A INPUT -p tcp -m tcp --dport $PORT $1
COMMIT"
  both_tables server legacy "$table" "$table"
}
fault_legacy_reset() { legacy '-j REJECT --reject-with tcp-reset'; }
fault_legacy_drop() { legacy '-j DROP'; }

# kube-proxy, mode iptables, a service without endpoints; r3 is the node, what is behind it never sees a SYN.
kube_table() { # ADDRESS/LENGTH CODE
  printf '%s\n' '*filter' ':KUBE-SERVICES -' ':KUBE-EXTERNAL-SERVICES -' \
    '-A INPUT -m conntrack --ctstate NEW -j KUBE-EXTERNAL-SERVICES' \
    '-A FORWARD -m conntrack --ctstate NEW -j KUBE-SERVICES' \
    '-A FORWARD -m conntrack --ctstate NEW -j KUBE-EXTERNAL-SERVICES' \
    "-A KUBE-SERVICES -d $1 -p tcp -m comment --comment \"default/ssh has no endpoints\" \
      -m tcp --dport $PORT -j REJECT --reject-with $2" 'COMMIT'
}
fault_kube_no_endpoints() {
  both_tables r3 nft "$(kube_table 203.0.113.10/32 icmp-port-unreachable)" \
    "$(kube_table 2001:db8:4::10/128 icmp6-port-unreachable)"
}

# Docker publishes a port of r3's own address, the container behind it is gone and the rule is still there.
docker_table() { # CONTAINER
  printf '%s\n' '*nat' ':DOCKER -' '-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER' '-A DOCKER -i right -j RETURN' \
    "-A DOCKER ! -i right -p tcp -m tcp --dport $PORT -j DNAT --to-destination $1:$PORT" 'COMMIT'
}
fault_docker_dead() {
  if [ "$F" = 6 ]; then TARGET=2001:db8:3::3; else TARGET=198.51.100.6; fi
  fault_host_down
  both_tables r3 nft "$(docker_table 203.0.113.10)" "$(docker_table '[2001:db8:4::10]')"
}
