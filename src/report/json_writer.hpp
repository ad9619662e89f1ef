#pragma once
// JSON, written straight into a text: no tree is built. Every string passes the sink of
// untrusted.hpp; absent values are null.

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hopblame {

class JsonWriter {
 public:
  /// Appends to `out`, one value on one line.
  explicit JsonWriter(std::string& out) : out_(out) {}

  template <class Fill>
  void object(Fill fill) {
    begin('{');
    fill();
    out_ += '}';
  }
  template <class Fill>
  void object(std::string_view name, Fill fill) {
    key(name);
    object(fill);
  }

  template <class Items, class Each>
  void list(std::string_view name, const Items& items, Each each) {
    key(name);
    begin('[');
    for (const auto& item : items) each(item);
    out_ += ']';
  }

  template <class Value>
  void field(std::string_view name, const Value& value) {
    key(name);
    put(value);
  }
  /// The next item of a list.
  template <class Value>
  void item(const Value& value) {
    separate();
    put(value);
  }

 private:
  void begin(char bracket) {
    separate();
    out_ += bracket;
  }
  void key(std::string_view name) {
    separate();
    out_ += '"';
    out_ += name;
    out_ += "\":";
  }
  /// After a value that came before in the same list or object.
  void separate() {
    const char last = out_.empty() ? '\n' : out_.back();
    if (last != '{' && last != '[' && last != ':' && last != '\n') out_ += ',';
  }

  void put(std::nullptr_t) { out_ += "null"; }
  template <std::unsigned_integral Number>
  void put(Number value) {
    if constexpr (std::same_as<Number, bool>)
      out_ += value ? "true" : "false";
    else
      put_number(value);
  }
  void put(double value);
  void put(std::string_view text);
  void put(const std::string& text) { put(std::string_view(text)); }
  void put(const char* text) { put(std::string_view(text)); }
  template <class Value>
  void put(const std::optional<Value>& value) {
    return value ? put(*value) : put(nullptr);
  }
  void put_number(std::uint64_t value);

  std::string& out_;
};

}  // namespace hopblame
