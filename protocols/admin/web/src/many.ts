// The same for many, a few at a time: what was refused is told at the end, and nothing is tried again by itself.
import { asRefusal } from "./hooks";

const atOnceMax = 6;

export interface Failed<T> {
  item: T;
  why: string;
}

export async function forEach<T>(
  items: T[],
  work: (item: T) => Promise<void>,
  onStep: (done: number) => void,
  stopped: () => boolean = () => false,
): Promise<Array<Failed<T>>> {
  const failed: Array<Failed<T>> = [];
  let next = 0;
  let done = 0;
  const worker = async () => {
    while (next < items.length && !stopped()) {
      const item = items[next++]!;
      try {
        await work(item);
      } catch (error) {
        const refusal = asRefusal(error);
        const members = Object.values(refusal.members).join("; ");
        failed.push({ item, why: members || refusal.message });
      }
      onStep(++done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnceMax, items.length) }, worker));
  return failed;
}
