// A text as a QR code, dark on light in either colour scheme: cameras want it so.
import { qrOf } from "../qr";

export function QrCode({ text, label }: { text: string; label: string }) {
  const modules = qrOf(text);
  if (modules === null) return null;
  const margin = 4;
  const size = modules.length + 2 * margin;
  const path = modules
    .flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x + margin} ${y + margin}h1v1h-1z`] : [])))
    .join("");
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
