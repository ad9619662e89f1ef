// Hardware addresses that nobody answers for.
#include "analysis/offline/sought.hpp"

#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

const IpAddress gateway = IpAddress::v4(0xc0000201);

void see(Surroundings& around, bool answer, const IpAddress& sender) {
  Observation seen;
  seen.flow.source.address = sender;
  seen.message = NeighbourMessage{answer, gateway};
  around.see(seen);
}

}  // namespace

TEST_CASE("who asks for a hardware address in vain can send nothing there") {
  Surroundings around;
  for (int i = 0; i < 3; ++i) see(around, false, client);
  SECTION("in vain") {
    REQUIRE(sought_in_vain(around).size() == 1);
    CHECK(sought_in_vain(around).front().starts_with(
        "192.0.2.10 asked 3 times for the hardware address of 192.0.2.1 (ARP)"));
    CHECK(sought_in_vain(around, {server}).empty());
  }
  SECTION("answered") {
    see(around, true, gateway);
    CHECK(sought_in_vain(around).empty());
  }
}

TEST_CASE("who looks whether an address is free, or announces its own, asks nobody") {
  Surroundings around;
  const auto sender = GENERATE(IpAddress{}, gateway);
  for (int i = 0; i < 3; ++i) see(around, false, sender);
  CHECK(sought_in_vain(around).empty());
}
