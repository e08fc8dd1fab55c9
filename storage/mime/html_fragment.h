// HTML of mail cut and joined without a tree: what goes from one message into another when it is quoted.
// UTF-8 in and out, linear. Nothing is made safe here: that is the reader's affair, as with any mail.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace postern::mime {

// A tag with its attributes is looked at to this length; a longer one is text.
constexpr std::size_t kHtmlTagOctetsMax = 4096;

// Text as a fragment of HTML: references for what has a meaning there, <br> for line ends, blanks kept.
std::string html_from_text(std::string_view plain);

// What can stand inside another document: the style sheets of the head, and the content of the body. All of
// it, if it has no body element.
std::string html_content(std::string_view document);

// `fragment` at the end of the document's body.
std::string html_with_appendix(std::string_view document, std::string_view fragment);

// <meta charset=…> and <meta http-equiv=Content-Type …>, which say what the text was before it was UTF-8.
std::string without_meta_charset(std::string_view document);
// What they say. nullopt: nothing, or not near the front, where it must stand.
std::optional<std::string> meta_charset(std::string_view document);

}  // namespace postern::mime
