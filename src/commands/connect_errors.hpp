#pragma once
// Errors of connect(2) for which no outcome or mechanism stands: an article for each kind. They are
// made on this machine, or say too little.

#include "src/report/knowledge.hpp"

namespace hopblame::connect_error {

extern const Article no_local_port, address_taken, queue_full, no_such_link, too_many_files,
    ended_here;
extern const Article no_peer_key, no_peer_endpoint;
extern const Article no_route, forbidden, rare_message, too_long;
extern const Article no_such_family, given_up, wrong_call;

}  // namespace hopblame::connect_error
