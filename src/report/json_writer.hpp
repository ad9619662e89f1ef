#pragma once
// JSON, written straight into a text: no tree is built. Every string but a Word of our own passes
// the sink of untrusted.hpp; absent values are null.

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "analysis/model/address.hpp"
#include "analysis/model/time.hpp"
#include "src/report/text_buffer.hpp"

namespace hopblame {

/// One of our own: nothing in it is written otherwise in JSON.
struct Word {
  std::string_view text;
};

class JsonWriter {
 public:
  /// Appends to `out`, one value on one line; nothing is taken out of it meanwhile.
  explicit JsonWriter(TextBuffer& out) : out_(out) {}

  /// Where something was written.
  struct Place {
    std::size_t begin = 0, end = 0;
  };

  template <class Fill>
  Place object(Fill fill) {
    begin('{');
    const auto start = out_.size() - 1;
    fill();
    out_.put('}');
    return {start, out_.size()};
  }
  template <class Fill>
  void object(std::string_view name, Fill fill) {
    key(name);
    object(fill);
  }

  template <class Items, class Each>
  void list(const Items& items, Each each) {
    begin('[');
    for (const auto& item : items) each(item);
    out_.put(']');
  }
  template <class Items, class Each>
  void list(std::string_view name, const Items& items, Each each) {
    key(name);
    list(items, each);
  }

  /// What `write` appends: a value in JSON.
  template <class Write>
  void written(std::string_view name, Write write) {
    key(name);
    write(out_);
  }

  template <class Value>
  void field(std::string_view name, const Value& value) {
    key(name);
    put(value);
  }
  /// The next item of a list is as one that was written before.
  void again(Place place) {
    const auto size = place.end - place.begin;
    auto* at = separated(out_.room(size + 1));
    std::memcpy(at, out_.text().data() + place.begin, size);
    out_.written_to(at + size);
  }
  /// The next item of a list.
  template <class Value>
  void item(const Value& value) {
    out_.written_to(separated(out_.room(1)));
    put(value);
  }

 private:
  void begin(char bracket) {
    auto* at = separated(out_.room(2));
    *at++ = bracket;
    out_.written_to(at);
  }
  /// Inlined where the name is known, which makes its copy a few moves.
  [[gnu::always_inline]] void key(std::string_view name) {
    auto* at = separated(out_.room(name.size() + 4));
    *at++ = '"';
    std::memcpy(at, name.data(), name.size());
    at += name.size();
    *at++ = '"';
    *at++ = ':';
    out_.written_to(at);
  }
  /// A comma after a value that came before in the same list or object; returns what follows it.
  [[gnu::always_inline]] char* separated(char* at) const {
    const char last = out_.size() == 0 ? '\n' : at[-1];
    if (last != '{' && last != '[' && last != ':' && last != '\n') *at++ = ',';
    return at;
  }

  void put(std::nullptr_t) { out_.put("null"); }
  template <std::unsigned_integral Number>
  void put(Number value) {
    if constexpr (std::same_as<Number, bool>)
      out_.put(value ? "true" : "false");
    else
      put_small(value);
  }
  void put(double value);
  void put(std::string_view text);
  void put(const std::string& text) { put(std::string_view(text)); }
  void put(const char* text) { put(std::string_view(text)); }
  void put(Word word) { put_plain(word.text); }
  void put(const IpAddress& address);
  void put(TimePoint at);  ///< RFC 3339
  template <class Value>
  void put(const std::optional<Value>& value) {
    return value ? put(*value) : put(nullptr);
  }
  /// Most numbers have one digit.
  void put_small(std::uint64_t value) {
    if (value < 10)
      out_.put(static_cast<char>('0' + value));
    else
      put_number(value);
  }
  void put_number(std::uint64_t value);
  void put_millionths(std::uint64_t count);
  [[gnu::always_inline]] void put_plain(std::string_view text) {
    auto* at = out_.room(text.size() + 2);
    *at++ = '"';
    std::memcpy(at, text.data(), text.size());
    at += text.size();
    *at++ = '"';
    out_.written_to(at);
  }

  TextBuffer& out_;
  /// The last moment that was written, and where: it often comes again.
  struct Written {
    TimePoint at{};
    std::size_t begin = 0, size = 0;
  } moment_;
};

}  // namespace hopblame
