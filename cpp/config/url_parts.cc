#include "config/url_parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/error.h"
#include "base/python_text.h"

namespace memstack::config {
namespace {

constexpr size_t kNone = std::string_view::npos;

[[noreturn]] void Refuse(std::string_view why, std::string hint) {
  throw Error(ErrorCode::kDatabaseUrl, fmt::format("cannot read the database URL: {}", why))
      .Hint(std::move(hint));
}

bool IsSchemeCharacter(char c) {
  return c == '+' || IsAsciiWord(c);
}

void RefuseControlCharacters(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      Refuse("it holds a line break or another control character",
             "remove it: often the last character of a file");
    }
  }
}

// Takes "user:password@" off the front of `rest`, as make_url's regular expression would match it.
void SplitUser(std::string_view& rest, UrlParts& parts) {
  const size_t run = std::min(rest.find_first_of(":/"), rest.size());
  if (run < rest.size() && rest[run] == ':') {
    if (const size_t at = rest.find('@', run + 1); at != kNone) {
      parts.username = DecodePercent(rest.substr(0, run), false);
      parts.password = DecodePercent(rest.substr(run + 1, at - run - 1), false);
      rest.remove_prefix(at + 1);
      return;
    }
  }
  if (const size_t at = rest.substr(0, run).rfind('@'); at != kNone) {
    parts.username = DecodePercent(rest.substr(0, at), false);
    rest.remove_prefix(at + 1);
  }
}

void SplitHosts(std::string_view text, UrlParts& parts) {
  std::vector<HostPort> places;
  for (size_t start = 0; start <= text.size();) {
    const size_t end = std::min(text.find(',', start), text.size());
    places.push_back(SplitHostPort(text.substr(start, end - start)));
    start = end + 1;
  }
  const auto has_port = [](const HostPort& place) { return !place.port.empty(); };
  const auto ports = std::count_if(places.begin(), places.end(), has_port);
  for (size_t i = 0; i < places.size(); ++i) {
    if (i > 0) parts.host += ',';
    parts.host += places[i].host;
  }
  // "a,b:5432" is make_url's host "a,b" with one port for both, so the ports are only listed if there are
  // more.
  if (ports == 1 && has_port(places.back())) {
    parts.port = places.back().port;
  } else if (ports > 0) {
    for (size_t i = 0; i < places.size(); ++i) {
      if (i > 0) parts.port += ',';
      parts.port += places[i].port;
    }
  }
}

// urllib.parse.parse_qsl: a piece without '=' or with nothing behind it does not count.
void SplitQuery(std::string_view text, UrlParts& parts) {
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find('&', start), text.size());
    const std::string_view piece = text.substr(start, end - start);
    start = end + 1;
    const size_t equals = piece.find('=');
    if (equals == kNone || equals + 1 == piece.size()) continue;
    std::string key = DecodePercent(piece.substr(0, equals), true);
    std::string value = DecodePercent(piece.substr(equals + 1), true);
    const auto same = [&](const auto& entry) { return entry.first == key; };
    const auto found = std::find_if(parts.query.begin(), parts.query.end(), same);
    if (found != parts.query.end()) {
      found->second.push_back(std::move(value));
    } else {
      parts.query.emplace_back(std::move(key), std::vector{std::move(value)});
    }
  }
}

}  // namespace

std::optional<std::string_view> UrlScheme(std::string_view text) {
  const size_t end = text.find("://");
  if (end == kNone || end == 0) return std::nullopt;
  const std::string_view scheme = text.substr(0, end);
  if (!std::all_of(scheme.begin(), scheme.end(), IsSchemeCharacter)) return std::nullopt;
  return scheme;
}

UrlParts SplitUrl(std::string_view text) {
  RefuseControlCharacters(text);
  UrlParts parts;
  parts.drivername = UrlScheme(text).value();
  std::string_view rest = text.substr(parts.drivername.size() + 3);
  SplitUser(rest, parts);
  const size_t hosts_end = std::min(rest.find_first_of("/?"), rest.size());
  const std::string_view hosts = rest.substr(0, hosts_end);
  rest.remove_prefix(hosts_end);
  const size_t query = std::min(rest.find('?'), rest.size());
  const std::string_view database = rest.empty() ? rest : rest.substr(0, query);
  if (hosts.find('@') != kNone || database.find('@') != kNone) {
    Refuse("there is a second '@', so it is not clear where the password ends",
           "in the user name, the password and the database write '@' as %40");
  }
  SplitHosts(hosts, parts);
  if (!database.empty()) parts.database = DecodePercent(database.substr(1), false);
  if (query < rest.size()) SplitQuery(rest.substr(query + 1), parts);
  return parts;
}

HostPort SplitHostPort(std::string_view text) {
  HostPort place;
  size_t end = text.find(':');
  if (text.starts_with('[')) {
    const size_t close = text.find(']');
    if (close == kNone || close == 1) Refuse("an IPv6 address is not closed", "write it as [::1]");
    place.host = text.substr(1, close - 1);
    end = close + 1 == text.size() ? kNone : close + 1;
    if (end != kNone && text[end] != ':')
      Refuse("there is text behind the ']' of an IPv6 address", "write it as [::1]:5432");
  } else {
    const std::string_view host = text.substr(0, end);
    const bool is_socket = host.starts_with("%2F") || host.starts_with("%2f");
    place.host = is_socket ? DecodePercent(host, false) : std::string(host);
  }
  if (end != kNone) {
    place.port = text.substr(end + 1);
    RequirePort(place.port);
  }
  return place;
}

void RequirePort(std::string_view port) {
  const bool is_number =
      !port.empty() && port.size() <= 5 && std::all_of(port.begin(), port.end(), &IsAsciiDigit);
  const int number = is_number ? std::stoi(std::string(port)) : 0;
  // Not shown: with a '@' forgotten, the password stands where the port should be.
  if (number < 1 || number > 65535) {
    Refuse("the port is not a number from 1 to 65535",
           "write postgresql://user:password@host:5432/database; in a password, percent-encode '@' as %40");
  }
}

std::string DecodePercent(std::string_view text, bool plus_is_space) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? HexValue(text[i + 1]) : -1;
    const int low = high >= 0 ? HexValue(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  if (out.find('\0') != std::string::npos || FindInvalidUtf8(out) != std::string_view::npos) {
    Refuse("a percent-encoded character is NUL or not UTF-8",
           "encode the bytes of its UTF-8 form; '%' itself is %25");
  }
  return out;
}

std::string EncodePercent(std::string_view text, std::string_view safe) {
  std::string out;
  for (const char c : text) {
    const bool stays = IsAsciiWord(c) || std::string_view(".-~").find(c) != kNone || safe.find(c) != kNone;
    out += stays ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace memstack::config
