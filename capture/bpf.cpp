#include "capture/bpf.hpp"

#include <pcap/pcap.h>

#include "capture/link_types.hpp"

namespace hopblame {
namespace {

constexpr int snap_length = 262144;

int dlt_of(int link_type) { return link_type == link_raw ? DLT_RAW : link_type; }

}  // namespace

void PacketFilter::Free::operator()(bpf_program* program) const {
  pcap_freecode(program);
  delete program;
}

const bpf_program* PacketFilter::program_for(int link_type) {
  const auto known = programs_.find(link_type);
  if (known != programs_.end()) return known->second.get();
  auto& place = programs_[link_type];
  pcap_t* dead = pcap_open_dead(dlt_of(link_type), snap_length);
  if (dead == nullptr) return nullptr;
  Program program(new bpf_program{});
  if (pcap_compile(dead, program.get(), expression_.c_str(), 1, PCAP_NETMASK_UNKNOWN) == 0)
    place = std::move(program);
  else if (error_.empty())
    error_ = pcap_geterr(dead);
  pcap_close(dead);
  return place.get();
}

std::string PacketFilter::check() {
  if (!expression_.empty()) program_for(link_ethernet);
  return error_;
}

bool PacketFilter::matches(const Frame& frame) {
  const auto* program = program_for(frame.link_type);
  if (program == nullptr) return false;
  pcap_pkthdr header{};
  header.caplen = static_cast<bpf_u_int32>(frame.bytes.size());
  header.len = std::max(frame.original_length, header.caplen);
  return pcap_offline_filter(program, &header, frame.bytes.data()) != 0;
}

}  // namespace hopblame
