#!/usr/bin/env bash
# Inside the lab's client: captures at both ends while COMMAND runs, into OUT/client.pcap and
# OUT/server.pcap.
#   lab.sh SCENARIO 4 both_ends.sh OUT COMMAND...
# SETUP, where set, is run first: what the scenario lacks, such as a NAT on r1.
set -u
out=$1; shift
at() { nsenter --net="/run/netns/$1" -- "${@:2}"; }
eval "${SETUP:-}"
tcpdump -Z root -i eth0 -s 128 -U --immediate-mode -w "$out/client.pcap" 2>"$out/client.log" &
client=$!
nsenter --net=/run/netns/server -- \
  tcpdump -Z root -i eth0 -s 128 -U --immediate-mode -w "$out/server.pcap" 2>"$out/server.log" &
server=$!
for ((tries = 0; tries < 100; ++tries)); do
  grep -q listening "$out/client.log" && grep -q listening "$out/server.log" && break
  sleep 0.05
done
"$@"
sizes() { stat -c %s "$out/client.pcap" "$out/server.pcap"; }
until [ "${before:-}" = "$(sizes)" ]; do before=$(sizes); sleep 0.2; done # the last packets are in
kill "$client" "$server"; wait "$client" "$server"
rm "$out/client.log" "$out/server.log"
