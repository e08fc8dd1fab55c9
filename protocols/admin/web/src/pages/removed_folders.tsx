// Folders that were deleted: they come back as they were, with all that was in them then.
import type { RemovedFolder } from "../../generated/contract";
import { call } from "../client";
import { countText } from "../format";
import { useCall } from "../hooks";
import { attempt, tell } from "../parts/notices";
import { Empty, Foreign, Time } from "../parts/show";
import { Table, type Column } from "../parts/table";
import { useSigned } from "../session";

export function RemovedFolders({ address }: { address: string }) {
  const { may } = useSigned();
  const folders = useCall("listRemovedFolders", { account: address });
  const restore = (folder: RemovedFolder) =>
    attempt(async () => {
      const back = await call("restoreFolder", { account: address }, { folder: folder.id });
      tell(`${back.name} is back, with ${countText(back.messages)} ${back.messages === 1 ? "message" : "messages"}`);
      await folders.reload();
    });
  const columns: Column<RemovedFolder>[] = [
    { title: "Folder", main: true, cell: (one) => <Foreign text={one.name} /> },
    { title: "Deleted", cell: (one) => <Time at={one.removed_at} /> },
    { title: "Messages", numeric: true, cell: (one) => countText(one.messages) },
    { title: "Kept", cell: (one) => <Time at={one.kept_until} /> },
    ...(may("recovery:write")
      ? [
          {
            title: "",
            cell: (one: RemovedFolder) => (
              <span class="row-actions">
                <button
                  type="button"
                  class="quiet small"
                  aria-label={`Bring back ${one.name}`}
                  onClick={() => void restore(one)}
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
    <Table
      caption="Deleted folders"
      items={folders.value?.items ?? []}
      keyOf={(one) => one.id}
      loading={folders.loading}
      refusal={folders.refusal}
      empty={<Empty title="No folder was deleted" />}
      columns={columns}
    />
  );
}
