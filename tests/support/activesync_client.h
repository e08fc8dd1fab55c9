// ActiveSync in transcripts: a command with its XML goes out as HTTP and WBXML, and an answer comes back as
// XML.
//
//   request: Sync [version=16.1] [device=phone1] [user=joe@example.test:secret] [policy=77] [query=…]
//            [multipart=T]
//     <AirSync:Sync> …                  lines that begin with "<" belong to the step above
//   request: SendMail version=12.1 mime=plain.eml [more=SaveInSent=T]
//                                       a message of the corpus as the body, and more parameters
//   answer: 200 [empty]
//     <AirSync:Sync> …
//     <part>octets</part>               each further part of a multipart answer
#pragma once

#include <string>

#include "tests/support/transcript_client.h"

namespace postern::tests {

// The octets of the request. Throws if the XML is none.
std::string activesync_request(const std::string& words, const std::string& xml);

struct ActiveSyncAnswer {
  int status = 0;
  std::string xml;  // lines; empty for an empty body, the text itself for what is no WBXML
};
// Reads one HTTP answer off the client.
ActiveSyncAnswer read_activesync_answer(TranscriptClient& client);

}  // namespace postern::tests
