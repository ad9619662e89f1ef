#include "analysis/model/verdict.hpp"

namespace hopblame {

void count(Attempts& attempts, Outcome outcome) {
  ++attempts.total;
  switch (outcome) {
    case Outcome::open: ++attempts.open; break;
    case Outcome::refused: ++attempts.refused; break;
    case Outcome::rejected: ++attempts.rejected; break;
    case Outcome::dropped: ++attempts.dropped; break;
    default: ++attempts.other; break;
  }
}

}  // namespace hopblame
