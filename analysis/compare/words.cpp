// The words of JSON.
#include "analysis/compare/comparison.hpp"

namespace hopblame::compare {

const char* to_string(Way way) { return way == Way::there ? "there" : "back"; }

const char* to_string(Fate fate) {
  switch (fate) {
    case Fate::arrived: return "arrived";
    case Fate::lost: return "lost";
    case Fate::stranger: return "never-sent";
    case Fate::unknown:
    case Fate::unshown: break;
  }
  return "unknown";
}

const char* to_string(Field field) {
  switch (field) {
    case Field::source_address: return "source-address";
    case Field::source_port: return "source-port";
    case Field::destination_address: return "destination-address";
    case Field::destination_port: return "destination-port";
    case Field::mss: return "mss";
    case Field::hop_limit: return "hop-limit";
    case Field::traffic_class: return "traffic-class";
    case Field::sequence: return "sequence";
    case Field::acknowledgment: return "acknowledgment";
    case Field::options: return "options";
    case Field::window: break;
  }
  return "window";
}

const char* to_string(Finding finding) {
  switch (finding) {
    case Finding::answered: return "answered";
    case Finding::request_lost: return "request-lost";
    case Finding::unanswered: return "unanswered";
    case Finding::answer_lost: return "answer-lost";
    case Finding::answer_ignored: return "answer-ignored";
    case Finding::refused_by_server: return "refused-by-server";
    case Finding::rejected_by_server: return "rejected-by-server";
    case Finding::reset_instead: return "reset-instead";
    case Finding::reset_injected: return "reset-injected";
    case Finding::rejected_on_way: return "rejected-on-way";
    case Finding::answer_invented: return "answer-invented";
    case Finding::closed_by_server: return "closed-by-server";
    case Finding::turned_away: return "turned-away";
    case Finding::answered_late: return "answered-late";
    case Finding::translated_anew: return "translated-anew";
    case Finding::server_silent: return "server-silent";
    case Finding::data_lost: return "data-lost";
    case Finding::answer_misaddressed: return "answer-misaddressed";
    case Finding::older_connection: return "older-connection";
    case Finding::data_ignored: return "data-ignored";
    case Finding::not_covered: return "not-covered";
    case Finding::not_shown: return "not-shown";
    case Finding::unclear: break;
  }
  return "unclear";
}

}  // namespace hopblame::compare
