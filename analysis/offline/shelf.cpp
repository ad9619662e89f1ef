#include "analysis/offline/shelf.hpp"

namespace hopblame::offline {

PoolId Shelf::put(const Trails& trails, const Trail& trail, const Ends& ends, PoolId next) {
  Packer packer;
  pack(packer, trails, trail, ends);
  const auto packed = packer.packed();
  const auto units = 1 + (packed.size() + unit - 1) / unit;
  const auto id = room(units);
  set_tag(id, {next, trail.kind, trail.hop_limit, trail.outcome, static_cast<std::uint8_t>(units)});
  std::memcpy(place(id) + unit, packed.data(), packed.size());
  return id;
}

TrailId Shelf::unpack(PoolId id, const Ends& ends) const {
  Unpacker from(place(id) + unit);
  const auto found = offline::unpack(from, unpacked_, ends);
  const auto of = label(id);
  auto& trail = unpacked_[found];
  trail.kind = of.kind;
  trail.hop_limit = of.hop_limit;
  trail.outcome = of.outcome;
  return found;
}

PoolId Shelf::room(std::size_t units) {
  if (auto& free = free_[units]; free != nothing) return std::exchange(free, tag_of(free).next);
  if (used_ + units > per_chunk) {
    chunks_.push_back(std::make_unique_for_overwrite<std::uint8_t[]>(per_chunk * unit));
    used_ = 0;
  }
  const auto id = (chunks_.size() - 1) * per_chunk + used_;
  used_ += units;
  return static_cast<PoolId>(id);
}

void Shelf::remove(PoolId id) {
  const auto units = tag_of(id).units;
  set_next(id, std::exchange(free_[units], id));
}

Shelf::Tag Shelf::tag_of(PoolId id) const {
  Tag tag;
  std::memcpy(&tag, place(id), sizeof tag);
  return tag;
}

void Shelf::set_tag(PoolId id, const Tag& tag) { std::memcpy(place(id), &tag, sizeof tag); }

void Shelf::set_next(PoolId id, PoolId next) {
  auto tag = tag_of(id);
  tag.next = next;
  set_tag(id, tag);
}

Shelf::Label Shelf::label(PoolId id) const {
  const auto tag = tag_of(id);
  return {tag.next, tag.kind, tag.hop_limit, tag.outcome};
}

}  // namespace hopblame::offline
