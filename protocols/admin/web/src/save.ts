// A CSV answer of the API, saved as a file.
import { attempt } from "./parts/notices";

export function saveCsv(path: string, name: string): Promise<boolean> {
  return attempt(async () => {
    const response = await fetch(path, { headers: { Accept: "text/csv" }, cache: "no-store" });
    if (!response.ok) throw new Error(`The server answered ${response.status}`);
    const url = URL.createObjectURL(await response.blob());
    const link = document.createElement("a");
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  });
}
