#pragma once
// A sentence that is not put together yet: a form with holes, and what fills them. Judges say
// dozens of sentences; only who shows one needs its characters, and writes them where they belong.

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "analysis/model/address.hpp"
#include "analysis/model/time.hpp"

namespace hopblame {

/// "{} of {} SYNs were answered.": taken apart when it is compiled.
class Form {
 public:
  static constexpr std::size_t most_holes = 6;

  constexpr Form() = default;
  consteval explicit Form(const char* sentence) : sentence_(sentence) {
    const std::string_view text(sentence);
    for (auto at = text.find("{}"); at != text.npos; at = text.find("{}", at + 2))
      holes_[count_++] = static_cast<std::uint16_t>(at);
    holes_[count_] = static_cast<std::uint16_t>(text.size());
    plain_ = text.find_first_of("\"\\") == text.npos && text.find("machine") == text.npos;
    for (const char c : text) plain_ = plain_ && c >= ' ' && c <= '~';
  }

  [[nodiscard]] constexpr std::size_t holes() const { return count_; }
  /// What stands before this hole; for the number after the last hole, the end of the sentence.
  [[nodiscard]] constexpr std::string_view part(std::size_t hole) const {
    const auto begin = hole == 0 ? 0u : holes_[hole - 1] + 2u;
    return {sentence_ + begin, holes_[hole] - begin};
  }
  /// Nothing in it is written otherwise in JSON, and it does not speak of "this machine".
  [[nodiscard]] constexpr bool plain() const { return plain_; }
  /// The same place in the source.
  [[nodiscard]] constexpr bool is(const Form& other) const {
    return sentence_ == other.sentence_ && count_ == other.count_;
  }

 private:
  const char* sentence_ = "";
  std::array<std::uint16_t, most_holes + 1> holes_{};  ///< where they are; then the end
  std::uint8_t count_ = 0;
  bool plain_ = true;
};

/// A word of our own that every sink takes as it is.
struct Term {
  std::string_view text;
  Term() = default;
  consteval explicit Term(const char* word) : text(word) {
    if (!Form(word).plain()) throw "words that a sink changes";
  }
  bool operator==(const Term&) const = default;
};
/// "packet", "packets"
[[nodiscard]] constexpr Term plural(std::uint64_t count) {
  return count == 1 ? Term("") : Term("s");
}

/// Other words in the report on somebody else's capture.
inline constexpr std::string_view this_machine = "this machine";

/// "hop 2 (198.51.100.1)", "hop 2" when it never gave an address, "hop 2 to 4", and where nothing
/// bounds them "a device from hop 2 on".
struct Hops {
  std::uint8_t first = 0;
  std::optional<std::uint8_t> last;
  std::optional<IpAddress> address;  ///< of one alone
  bool operator==(const Hops&) const = default;
};
/// "20.3", "0.03", "under 0.01"
struct Milliseconds {
  Duration span;
  bool operator==(const Milliseconds&) const = default;
};
struct Seconds {
  Duration span;
  bool operator==(const Seconds&) const = default;
};
/// "host unreachable", "ICMP type 3 code 99"
struct IcmpCode {
  Family family;
  std::uint8_t type = 0, code = 0;
  bool operator==(const IcmpCode&) const = default;
};

/// What fills a hole. Words are literals, or of a table: they outlive every text.
using Filling = std::variant<std::monostate, std::uint64_t, Term, std::string_view, IpAddress, Hops,
                             Milliseconds, Seconds, IcmpCode>;

/// All but words, in plain characters: at most so many, and how many they are.
inline constexpr std::size_t longest_filling = 80;
std::size_t write(char* at, const Filling& filling);

class Text {
 public:
  Text() = default;
  Text(std::string own);
  Text(const char* own) : Text(std::string(own)) {}
  template <class... Fillings>
  Text(Form form, const Fillings&... fillings) : form_(form), fillings_{filling(fillings)...} {}

  [[nodiscard]] bool empty() const { return !own_ && form_.holes() == 0 && form_.part(0).empty(); }
  [[nodiscard]] std::string str() const;
  /// Filled in alike: of the same characters. Two that are not may be, too; comparing those costs
  /// more.
  [[nodiscard]] bool is_copy_of(const Text& other) const {
    if (!form_.is(other.form_) || own_ != other.own_) return false;
    const auto count = static_cast<std::ptrdiff_t>(form_.holes());
    return std::equal(fillings_.begin(), fillings_.begin() + count, other.fillings_.begin());
  }

  /// Its pieces in order, to `sink.plain()` what no sink changes, to `sink.words()` the rest.
  template <class Sink>
  void tell(Sink& sink) const {
    if (own_) return sink.words(*own_);
    for (std::size_t hole = 0; hole < form_.holes(); ++hole) {
      tell_part(sink, hole);
      fill(sink, fillings_[hole]);
    }
    tell_part(sink, form_.holes());
  }

 private:
  template <class Sink>
  void tell_part(Sink& sink, std::size_t hole) const {
    return form_.plain() ? sink.plain(form_.part(hole)) : sink.words(form_.part(hole));
  }

  template <class Sink>
  static void fill(Sink& sink, const Filling& filling) {
    if (const auto* term = std::get_if<Term>(&filling)) return sink.plain(term->text);
    if (const auto* words = std::get_if<std::string_view>(&filling)) return sink.words(*words);
    char room[longest_filling];
    sink.plain({room, write(room, filling)});
  }

  static Filling filling(std::unsigned_integral auto number) { return std::uint64_t{number}; }
  static Filling filling(Term term) { return term; }
  static Filling filling(std::string_view words) { return words; }
  static Filling filling(const char* words) { return std::string_view(words); }
  static Filling filling(const std::string&) = delete;  // might not outlive the text
  static Filling filling(const IpAddress& address) { return address; }
  static Filling filling(const Hops& hops) { return hops; }
  static Filling filling(Milliseconds span) { return span; }
  static Filling filling(Seconds span) { return span; }
  static Filling filling(IcmpCode code) { return code; }

  Form form_;
  std::array<Filling, Form::most_holes> fillings_{};
  std::shared_ptr<const std::string> own_;  ///< of one that was put together elsewhere
};

/// The same characters.
[[nodiscard]] bool operator==(const Text& one, const Text& other);

/// A form that has a hole for each of these.
template <class... Fillings>
struct FormFor {
  consteval FormFor(const char* sentence) : form(sentence) {
    if (form.holes() != sizeof...(Fillings)) throw "as many holes as there are to fill";
  }
  Form form;
};

template <class... Fillings>
[[nodiscard]] Text say(std::type_identity_t<FormFor<Fillings...>> form,
                       const Fillings&... fillings) {
  return Text(form.form, fillings...);
}

}  // namespace hopblame
