// yardstick FILE: libpcap's own loop, which only counts. What reading costs at least.
#include <pcap/pcap.h>

#include <cstdint>
#include <cstdio>

int main(int count, char** arguments) {
  char error[PCAP_ERRBUF_SIZE];
  pcap_t* file = count > 1 ? pcap_open_offline(arguments[1], error) : nullptr;
  if (file == nullptr) return 4;
  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  std::uint64_t packets = 0, sum = 0;
  while (pcap_next_ex(file, &header, &bytes) == 1) {
    ++packets;
    sum += header->len;
  }
  std::printf("%llu packets, %llu bytes\n", static_cast<unsigned long long>(packets),
              static_cast<unsigned long long>(sum));
  pcap_close(file);
  return 0;
}
