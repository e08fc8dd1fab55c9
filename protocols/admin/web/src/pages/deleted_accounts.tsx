// Accounts of a domain that were deleted and can still be brought back whole.
import type { DeletedAccount } from "../../generated/contract";
import { call } from "../client";
import { countText, octetsText } from "../format";
import { useCall } from "../hooks";
import { attempt } from "../parts/notices";
import { Card, Foreign, Time } from "../parts/show";
import { Table, type Column } from "../parts/table";
import { useSigned } from "../session";

/** Nothing, while there are none. */
export function DeletedAccounts({ domain }: { domain: string }) {
  const { may } = useSigned();
  const deleted = useCall("listDeletedAccounts", { domain });
  const items = deleted.value?.items ?? [];
  if (items.length === 0) return null;
  const restore = (account: string) =>
    attempt(async () => {
      await call("restoreAccount", { domain }, { account });
      await deleted.reload();
    }, `${account} is back`);
  const columns: Column<DeletedAccount>[] = [
    { title: "Account", main: true, cell: (one) => <Foreign text={one.address} /> },
    {
      title: "Deleted",
      cell: (one) => (
        <>
          <Time at={one.deleted_at} />
          {one.by && (
            <span class="under">
              by <Foreign text={one.by} />
            </span>
          )}
        </>
      ),
    },
    { title: "Kept", cell: (one) => <Time at={one.kept_until} /> },
    { title: "Messages", numeric: true, cell: (one) => countText(one.messages) },
    { title: "Storage", numeric: true, cell: (one) => octetsText(one.octets) },
    ...(may("recovery:write")
      ? [
          {
            title: "",
            cell: (one: DeletedAccount) => (
              <span class="row-actions">
                <button
                  type="button"
                  class="quiet small"
                  aria-label={`Bring back ${one.address}`}
                  onClick={() => void restore(one.address)}
                >
                  Bring back
                </button>
              </span>
            ),
          },
        ]
      : []),
  ];
  return (
    <Card title="Deleted accounts">
      <p class="hint">Their addresses stay theirs, and they come back whole, with their passwords.</p>
      <Table caption={`Deleted accounts of ${domain}`} items={items} keyOf={(one) => one.address} columns={columns} />
    </Card>
  );
}
