#include "protocols/activesync/schema/kql.h"

#include <algorithm>
#include <optional>

#include "gateway/base/text.h"
#include "protocols/activesync/schema/kql_terms.h"

namespace postern::activesync {

namespace {

constexpr std::string_view kOpeningQuote = "\xE2\x80\x9C";  // as phones' keyboards write them
constexpr std::string_view kClosingQuote = "\xE2\x80\x9D";

std::string with_straight_quotes(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view here = text.substr(at, kOpeningQuote.size());
    const bool is_quote = here == kOpeningQuote || here == kClosingQuote;
    out += is_quote ? '"' : text[at];
    if (is_quote) at += kOpeningQuote.size() - 1;
  }
  return out;
}

bool is_blank(char c) {
  return static_cast<unsigned char>(c) <= ' ';
}

// Ends a word: blanks, parentheses, quotes.
bool ends_word(char c) {
  return is_blank(c) || c == '(' || c == ')' || c == '"';
}

enum class Token : std::uint8_t { end, open, close, conjunction, disjunction, negation, term };

class Lexer {
 public:
  explicit Lexer(std::string_view text) : rest_(text) { next(); }

  Token token() const { return token_; }
  const KqlTerm& term() const { return term_; }

  void next() {
    skip_blanks();
    // What a plus requires is required anyhow, and a sign that stands alone is no sign.
    while (!rest_.empty() && (rest_.front() == '+' || is_lone_minus())) {
      rest_.remove_prefix(1);
      skip_blanks();
    }
    if (rest_.empty()) {
      token_ = Token::end;
    } else if (rest_.front() == '(' || rest_.front() == ')') {
      token_ = rest_.front() == '(' ? Token::open : Token::close;
      rest_.remove_prefix(1);
    } else if (rest_.front() == '-') {
      token_ = Token::negation;
      rest_.remove_prefix(1);
    } else {
      take_word_or_term();
    }
  }

 private:
  void skip_blanks() {
    while (!rest_.empty() && is_blank(rest_.front())) rest_.remove_prefix(1);
  }

  bool is_lone_minus() const { return rest_.front() == '-' && (rest_.size() == 1 || is_blank(rest_[1])); }

  void take_word_or_term() {
    token_ = Token::term;
    term_ = KqlTerm();
    if (rest_.front() == '"') {
      term_.value = take_quoted();
      return;
    }
    const std::string_view word = take_word();
    if (word == "AND") token_ = Token::conjunction;
    if (word == "OR") token_ = Token::disjunction;
    if (word == "NOT") token_ = Token::negation;
    if (token_ != Token::term) return;
    const std::size_t name_octets = word.find_first_of(":=<>");
    if (name_octets == std::string_view::npos || !is_kql_property(word.substr(0, name_octets))) {
      term_.value = word;
      return;
    }
    term_.property = word.substr(0, name_octets);
    std::string_view value = word.substr(name_octets);
    if (value.front() == ':') value.remove_prefix(1);
    term_.comparison = take_comparison(value);
    if (value.empty()) skip_blanks();
    if (value.empty() && !rest_.empty()) value = rest_.front() == '"' ? take_quoted() : take_word();
    term_.value = value;
  }

  static KqlComparison take_comparison(std::string_view& text) {
    struct Row {
      std::string_view sign;
      KqlComparison comparison;
    };
    constexpr Row kRows[] = {{"<>", KqlComparison::is_not},   {"<=", KqlComparison::at_most},
                             {">=", KqlComparison::at_least}, {"<", KqlComparison::below},
                             {">", KqlComparison::above},     {"=", KqlComparison::is}};
    for (const Row& row : kRows) {
      if (!text.starts_with(row.sign)) continue;
      text.remove_prefix(row.sign.size());
      return row.comparison;
    }
    return KqlComparison::is;
  }

  std::string_view take_word() {
    const auto* const end = std::find_if(rest_.begin(), rest_.end(), ends_word);
    const std::string_view word = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(word.size());
    return word;
  }

  std::string_view take_quoted() {
    rest_.remove_prefix(1);
    const std::string_view quoted = rest_.substr(0, rest_.find('"'));
    rest_.remove_prefix(std::min(rest_.size(), quoted.size() + 1));
    return quoted;
  }

  std::string_view rest_;
  Token token_ = Token::end;
  KqlTerm term_;
};

// expression = sum; sum = product *("OR" product); product = factor *(["AND"] factor);
// factor = *("NOT" / "-") (term / "(" sum ")")                    what says nothing is left out
class Parser {
 public:
  Parser(std::string_view text, std::chrono::sys_days today) : lexer_(text), today_(today) {}

  Result<SearchCriteria> all() {
    std::vector<SearchKey> sums;
    while (lexer_.token() != Token::end) {
      if (auto key = sum(0)) sums.push_back(*std::move(key));
      if (too_large_) return Error(ErrorKind::too_large, "the query is too long or too deep");
      if (lexer_.token() == Token::close) lexer_.next();  // one that nothing opened
    }
    if (sums.empty()) return Error(ErrorKind::invalid, "nothing to look for");
    return all_of(std::move(sums));
  }

 private:
  using Key = std::optional<SearchKey>;

  Key sum(std::size_t depth) {
    std::vector<SearchKey> products;
    while (true) {
      if (Key key = product(depth)) products.push_back(*std::move(key));
      if (lexer_.token() != Token::disjunction) break;
      lexer_.next();
    }
    if (products.empty()) return std::nullopt;
    return any_of(std::move(products));
  }

  // Terms of one property that stand side by side are alternatives (section 2.2.4).
  Key product(std::size_t depth) {
    std::vector<SearchKey> factors;
    std::string property_before;
    while (!too_large_) {
      const bool is_joined = lexer_.token() == Token::conjunction;
      if (is_joined) lexer_.next();
      const Token token = lexer_.token();
      if (token == Token::end || token == Token::close || token == Token::disjunction) break;
      if (token == Token::conjunction) continue;
      const std::string property = token == Token::term ? text::to_lower(lexer_.term().property) : "";
      Key key = factor(depth);
      if (!key) continue;
      if (!is_joined && !property.empty() && property == property_before) {
        std::vector<SearchKey> alternatives;
        alternatives.push_back(std::move(factors.back()));
        alternatives.push_back(*std::move(key));
        factors.back() = any_of(std::move(alternatives));
      } else {
        factors.push_back(*std::move(key));
      }
      property_before = property;
    }
    if (factors.empty()) return std::nullopt;
    return all_of(std::move(factors));
  }

  Key factor(std::size_t depth) {
    bool is_negated = false;
    for (; lexer_.token() == Token::negation; lexer_.next()) is_negated = !is_negated;
    Key key;
    if (lexer_.token() == Token::term) {
      key = term();
    } else if (lexer_.token() == Token::open) {
      too_large_ = too_large_ || depth == kKqlDepthMax;
      if (too_large_) return std::nullopt;
      lexer_.next();
      key = sum(depth + 1);
      if (lexer_.token() == Token::close) lexer_.next();
    }
    if (!key || !is_negated) return key;
    return none_of(*std::move(key));
  }

  Key term() {
    KqlTerm term = lexer_.term();
    lexer_.next();
    // A part of a word is looked for in any case.
    while (term.value.ends_with('*')) term.value.pop_back();
    if (text::trim(term.value).empty()) return std::nullopt;
    too_large_ = too_large_ || ++terms_ > kKqlTermsMax;
    if (Key key = criterion_of(term, today_)) return key;
    return anywhere(term.property + ':' + term.value);
  }

  Lexer lexer_;
  const std::chrono::sys_days today_;
  std::size_t terms_ = 0;
  bool too_large_ = false;
};

}  // namespace

Result<SearchCriteria> parse_kql(std::string_view text, std::chrono::sys_days today) {
  const std::string straight = with_straight_quotes(text);
  return Parser(straight, today).all();
}

}  // namespace postern::activesync
