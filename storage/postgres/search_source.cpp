#include "storage/postgres/search_source.h"

#include "gateway/async/worker.h"
#include "storage/postgres/chunk_codec.h"

namespace postern::postgres {

namespace {

constexpr Statement kReadSlices{"read_search_slices", R"sql(
  SELECT page, number, uids, data
    FROM search_slices
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND kind = $3::smallint
     AND page = ANY ($4::bigint[])
   ORDER BY page, number)sql"};

constexpr Statement kReadOutlines{"read_search_outlines", R"sql(
  SELECT page, number, uids, octet_length(data), CASE WHEN $5::boolean THEN grams ELSE '' END
    FROM search_slices
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND kind = $3::smallint
     AND page = ANY ($4::bigint[])
   ORDER BY page, number)sql"};

constexpr Statement kReadOutlined{"read_search_outlined", R"sql(
  SELECT slice.page, slice.number, slice.uids, slice.data
    FROM unnest($4::bigint[], $5::bigint[]) AS wanted(page, number)
    JOIN search_slices slice
      ON slice.account_id = $1::bigint AND slice.mailbox_id = $2::bigint AND slice.kind = $3::smallint
     AND slice.page = wanted.page AND slice.number = wanted.number)sql"};

// Of a message's octets before they were packed.
constexpr std::size_t kPlainOctetsMax = 64 * 1024;
static_assert(kPlainOctetsMax <= kChunkOctets);

// Messages that are no more than their first chunk, and little of that.
constexpr Statement kReadSmall{"read_small_messages", R"sql(
  SELECT message.uid, blob.encoding, blob.chunk
    FROM messages message
    JOIN blobs blob USING (account_id, blob_id)
   WHERE message.account_id = $1::bigint AND message.mailbox_id = $2::bigint
     AND message.uid = ANY ($3::bigint[])
     AND blob.size <= $4::bigint AND octet_length(blob.chunk) <= $5::bigint
   ORDER BY message.uid)sql"};

Result<std::vector<IndexSlice>> slices_from(const Rows& rows, SliceKind kind) {
  std::vector<IndexSlice> slices(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    IndexSlice& slice = slices[i];
    slice.kind = kind;
    slice.page = static_cast<std::uint32_t>(rows[i].get<std::int64_t>(0));
    slice.number = static_cast<std::uint16_t>(rows[i].get<std::int16_t>(1));
    TRY(slice.uids, decode_uids(rows[i].get<std::string_view>(2)));
    slice.packed = rows[i].get<std::string>(3);
  }
  return slices;
}

}  // namespace

Task<Result<std::vector<IndexSlice>>> PostgresSearchSource::slices(MailboxKey mailbox, SliceKind kind,
                                                                   PageNumbers pages) {
  Params params(mailbox.account, mailbox.mailbox, static_cast<std::int16_t>(kind), pages);
  CO_TRY(const Rows rows, co_await database_.query(Lane::bulk, kReadSlices, std::move(params)));
  co_return slices_from(rows, kind);
}

Task<Result<std::vector<SliceOutline>>> PostgresSearchSource::outlines(MailboxKey mailbox, SliceKind kind,
                                                                       PageNumbers pages, bool with_grams) {
  Params params(mailbox.account, mailbox.mailbox, static_cast<std::int16_t>(kind), pages, with_grams);
  CO_TRY(const Rows rows, co_await database_.query(Lane::bulk, kReadOutlines, std::move(params)));
  std::vector<SliceOutline> outlines(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    SliceOutline& outline = outlines[i];
    outline.page = static_cast<std::uint32_t>(rows[i].get<std::int64_t>(0));
    outline.number = static_cast<std::uint16_t>(rows[i].get<std::int16_t>(1));
    CO_TRY(outline.uids, decode_uids(rows[i].get<std::string_view>(2)));
    outline.packed_octets = static_cast<std::uint32_t>(rows[i].get<std::int32_t>(3));
    outline.grams = rows[i].get<std::string>(4);
  }
  co_return outlines;
}

Task<Result<std::vector<IndexSlice>>> PostgresSearchSource::slices_of(MailboxKey mailbox, SliceKind kind,
                                                                      std::vector<SliceOutline> outlines) {
  std::vector<std::int64_t> pages, numbers;
  for (const SliceOutline& outline : outlines) {
    pages.push_back(outline.page);
    numbers.push_back(outline.number);
  }
  Params params(mailbox.account, mailbox.mailbox, static_cast<std::int16_t>(kind), pages, numbers);
  CO_TRY(const Rows rows, co_await database_.query(Lane::bulk, kReadOutlined, std::move(params)));
  co_return slices_from(rows, kind);
}

Task<Result<std::vector<MessageFacts>>> PostgresSearchSource::facts(MailboxKey mailbox, UidSet uids,
                                                                    FetchDepth depth) {
  return messages_.facts(mailbox, std::move(uids), depth);
}

std::unique_ptr<MessageReader> PostgresSearchSource::open(AccountId account, const MessageFacts& message) {
  return messages_.open(account, message);
}

Task<Result<std::vector<SmallMessage>>> PostgresSearchSource::small_messages(MailboxKey mailbox,
                                                                             UidSet uids) {
  std::vector<std::int64_t> numbers;
  uids.each([&numbers](Uid uid) { numbers.push_back(raw(uid)); });
  Params params(mailbox.account, mailbox.mailbox, numbers, kPlainOctetsMax, kSmallOctetsMax);
  CO_TRY(const Rows rows, co_await database_.query(Lane::bulk, kReadSmall, std::move(params)));
  std::vector<SmallMessage> small(rows.size());
  auto unpack = [&rows, &small]() -> Result<void> {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      small[i].uid = rows[i].get<Uid>(0);
      const auto packed = rows[i].get<std::string_view>(2);
      TRY(small[i].octets, unpack_chunk(rows[i].get<std::int16_t>(1), packed, kPlainOctetsMax));
    }
    return {};
  };
  CO_TRY_VOID(co_await in_worker(database_.loop(), unpack));
  co_return small;
}

}  // namespace postern::postgres
