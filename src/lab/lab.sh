#!/usr/bin/env bash
# A network of namespaces - client, r1, r2, r3, server - with one fault in it; runs a command in the
# client and exits as the command does.
#   lab.sh SCENARIO 4|6 COMMAND...     the word @TARGET in COMMAND becomes the target
# Everything lives in mount, pid and network namespaces of its own: when this process ends, however
# it ends, namespaces, processes and mounts are gone with it. Exit 4: a program is missing, or the
# network did not stand; 5: no right to make namespaces.
# HOPBLAME names the binary whose hidden `lab-listener` stands in where no sshd is needed. LAB_LINK,
# where set, is the command and settings of tests/bench/link.cpp for the link between client and r1;
# LAB_BEGINS the descriptor that is told when all stands and COMMAND begins.
set -uo pipefail
PATH=$PATH:/usr/sbin:/sbin

say() { printf 'lab: %s\n' "$*" >&2; }
fail() { local code=$1; shift; say "$@"; exit "$code"; }
lacks() { fail 4 "this kernel has not all that $* takes"; } # the tests report a skip
need() { # PROGRAM PACKAGE
  type -P "$1" >/dev/null || fail 4 "$1 is missing (Debian package: $2)"
}
at() { nsenter --net="/run/netns/$1" -- "${@:2}"; } # NAMESPACE COMMAND...

INDEX=10
link() { # NS NAME IPV4 IPV6 MAC   NS NAME IPV4 IPV6 MAC
  # Two ends with the same index wait a second for their carrier (linkwatch_urgent_event in Linux).
  ip -n "$1" link add "$2" index $((++INDEX)) address "$5" type veth \
    peer name "$7" index $((++INDEX)) address "${10}" netns "$6"
  port "${@:1:4}" && port "${@:6:4}"
}
port() { # NS NAME IPV4 IPV6
  ip -n "$1" -batch - <<<"addr add $3 dev $2
    addr add $4 dev $2 nodad
    link set $2 up"
}
slow_link() { # as link, but through LAB_LINK, with its delay, loss, seed and cap
  local words; read -ra words <<<"$LAB_LINK"
  "${words[0]}" "/run/netns/$1" "$2" "/run/netns/$6" "$7" "${words[@]:1}" >/run/link &
  await grep -q . /run/link
  ip -n "$1" link set "$2" address "$5"; ip -n "$6" link set "$7" address "${10}"
  port "${@:1:4}" && port "${@:6:4}"
}
routes() { # NS GATEWAY4 GATEWAY6 NET4,NET6...
  local ns=$1 via4=$2 via6=$3 pair; shift 3
  for pair; do
    printf 'route add %s via %s\n' "${pair%,*}" "$via4" "${pair#*,}" "$via6"
  done | ip -n "$ns" -batch -
}
settings() { # NS NAME=VALUE... below /proc/sys/net
  at "$1" bash -c 'for pair; do echo "${pair#*=}" >"/proc/sys/net/${pair%%=*}"; done' - "${@:2}"
}
namespace() { # NAME, a host; `router` makes it forward
  ip netns add "$1" && ip -n "$1" link set lo up
  settings "$1" ipv6/conf/{all,default}/{accept_dad,accept_ra}=0 ipv4/conf/{all,default}/rp_filter=0
}
router() { namespace "$1" && settings "$1" ipv4/ip_forward=1 ipv6/conf/all/forwarding=1; }

rules() { # NS HOOK RULE...: one nftables chain for both families; HOOK raw is prerouting, early
  local ns=$1 hook=$2 priority=filter type=filter; shift 2
  case $hook in
    raw) hook=prerouting priority=raw ;;
    dstnat) hook=prerouting type=nat priority=dstnat ;;
    srcnat) hook=postrouting type=nat priority=srcnat ;;
  esac
  at "$ns" nft -f - <<<"table inet lab { chain $type-$hook {
    type $type hook $hook priority $priority
    $(printf '%s\n' "$@")
  }
  }" || fail 4 "nftables did not take the rules for $ns"
}

listening() { [ -n "$(at "$1" ss -Hlnt "sport = :$2")" ]; } # NS PORT
await() { # COMMAND... until it succeeds, 5 seconds at most
  local tries
  for ((tries = 0; tries < 100; ++tries)); do "$@" 2>/dev/null && return; sleep 0.05; done
  fail 4 "waited in vain for: $*"
}
listen() { # NS MODE [ADDRESS...]: a small listener on the port
  at "$1" "${HOPBLAME:?the hopblame binary}" lab-listener "$2" "$PORT" "${@:3}" &
  await listening "$1" "$PORT"
}
real_sshd() { # NS [OPTION...]: Debian's own sshd with a key made for the occasion
  need sshd openssh-server
  mkdir -p /run/sshd && ssh-keygen -q -t ed25519 -N '' -f /run/host_key </dev/null || exit 4
  at "$1" "$(type -P sshd)" -f /dev/null -h /run/host_key -p "$PORT" -o PidFile=none "${@:2}"
  await listening "$1" "$PORT"
}
ssh_server() { # NS: a real sshd where there is one, else a listener that greets like one
  if type -P sshd >/dev/null && [ -z "${LAB_MAPPED:-}" ]; then real_sshd "$1"
  else listen "$1" ssh; fi
}

network() { # hop 1, 2, 3 and the server, hop 4; documentation addresses of RFC 5737 and RFC 3849
  namespace client; router r1; router r2; router r3; namespace server
  "${LAB_LINK:+slow_}link" client eth0 192.0.2.10/24 2001:db8:1::10/64 02:00:00:00:01:10 \
    r1 left 192.0.2.1/24 2001:db8:1::1/64 02:00:00:00:01:01
  link r1 right 198.51.100.1/30 2001:db8:2::1/64 02:00:00:00:02:01 \
    r2 left 198.51.100.2/30 2001:db8:2::2/64 02:00:00:00:02:02
  link r2 right 198.51.100.5/30 2001:db8:3::2/64 02:00:00:00:03:02 \
    r3 left 198.51.100.6/30 2001:db8:3::3/64 02:00:00:00:03:03
  link r3 right 203.0.113.1/24 2001:db8:4::3/64 02:00:00:00:04:03 \
    server eth0 203.0.113.10/24 2001:db8:4::10/64 02:00:00:00:04:10
  routes client 192.0.2.1 2001:db8:1::1 default,default
  routes r1 198.51.100.2 2001:db8:2::2 198.51.100.4/30,2001:db8:3::/64 203.0.113.0/24,2001:db8:4::/64
  routes r2 198.51.100.1 2001:db8:2::1 192.0.2.0/24,2001:db8:1::/64
  routes r2 198.51.100.6 2001:db8:3::3 203.0.113.0/24,2001:db8:4::/64
  routes r3 198.51.100.5 2001:db8:3::2 default,default
  routes server 203.0.113.1 2001:db8:4::3 default,default
}
# A closed port answers from the far end: the chain stands, and every neighbour is known.
stands() { # ADDRESS
  [[ $(LC_ALL=C at client bash -c "exec 3<>/dev/tcp/$1/9" 2>&1) == *refused* ]]
}

inside() { # SCENARIO FAMILY COMMAND...
  local scenario=$1 family=$2; shift 2
  mount -t tmpfs tmpfs /run && mkdir /run/netns || fail 5 "cannot mount in a namespace of my own"
  mount --bind /dev/null /etc/resolv.conf 2>/dev/null # names fail at once, and cost no router an ICMP
  network || fail 4 "the network could not be built"
  await stands 203.0.113.10; await stands 2001:db8:4::10
  if [ "$family" = 6 ]; then TARGET=2001:db8:4::10; else TARGET=203.0.113.10; fi
  F=$family
  "fault_${scenario//-/_}"
  [ -z "${LAB_BEGINS:-}" ] || { trap 'exit 143' TERM; echo >&"$LAB_BEGINS"; exec {LAB_BEGINS}>&-; }
  at client "${@/#@TARGET/$TARGET}"
}

may_unshare() { unshare --mount --net "$@" true 2>/dev/null; }
# A plain chroot has no root mount, so that mounts in it cannot be made private: make it one, in a mount
# namespace of our own. Entering that namespace again leads to its real root, outside the chroot.
with_a_root() { # COMMAND...
  exec unshare --mount --propagation unchanged bash -c '
    nsenter --mount=/proc/self/ns/mnt mount --make-rprivate / && mount --rbind / /mnt &&
      exec chroot /mnt env -C "$PWD" bash "$@"' - "$@"
}
main() { # SCENARIO FAMILY COMMAND...
  declare -F "fault_${1//-/_}" >/dev/null || fail 2 "no scenario '$1'"
  need unshare util-linux; need nsenter util-linux; need ip iproute2; need ss iproute2
  need nft nftables
  local self=("$0"); [ -z "${BASH_EXECUTION_STRING:-}" ] || self=(-c "$BASH_EXECUTION_STRING" lab)
  local map=()
  if ! may_unshare && [ -z "${LAB_ROOTED:-}" ] && may_unshare --propagation unchanged; then
    LAB_ROOTED=1 with_a_root "${self[@]}" "$@"
  elif ! may_unshare; then
    map=(--user --map-root-user)
    may_unshare "${map[@]}" || fail 5 "neither root nor user namespaces: run it with sudo, or allow" \
      "them (sysctl kernel.unprivileged_userns_clone=1, or kernel.apparmor_restrict_unprivileged_userns=0)"
    export LAB_MAPPED=1
  fi
  local proc=(--mount-proc); may_unshare "${map[@]}" --pid --fork --mount-proc || proc=()
  LAB_INSIDE=1 exec unshare --mount --net --pid "${map[@]}" "${proc[@]}" --fork --kill-child \
    bash "${self[@]}" "$@"
}

declare -F fault_open >/dev/null || { . "$(dirname "$0")/faults.sh"; . "$(dirname "$0")/products.sh"; }
[ -z "${LAB_MORE:-}" ] || . "$LAB_MORE" # another network, other faults: tests/lab/chain.sh
if [ -n "${LAB_INSIDE:-}" ]; then unset LAB_INSIDE; inside "$@"; else main "$@"; fi
