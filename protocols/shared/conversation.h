// Which conversation a message belongs to, by its headers. MS-ASCON sections 2.2.2.3.3 and 2.2.2.4. Exchange
// keeps the two values with the message; here they follow from Message-ID, In-Reply-To and References, so
// that every gateway says the same.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/clock.h"
#include "storage/mime/part.h"
#include "storage/model/search.h"

namespace postern {

// Sixteen octets, the same for all messages of a thread: made of the id that the thread began with, or, where
// there is none, of the topic.
std::string conversation_id(const mime::Structure& structure);

// What finds all messages of this one's conversation, and perhaps a few others.
SearchCriteria conversation_criteria(const mime::Structure& structure);

// Five octets of the message's time (MS-OXOMSG section 2.2.1.3), and for a reply five more.
std::string conversation_index(const mime::Structure& structure, WallTime sent);

// The subject without what replies and forwards put in front of it, in any number and several languages.
std::string thread_topic(std::string_view subject);

}  // namespace postern
