// A plot of a few series over time, drawn as SVG. Values of a series are in the order of `times`; null: not known.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { agoText } from "../format";
import { niceCeiling } from "../scale";

export interface Series {
  name: string;
  values: Array<number | null>;
}

interface PlotProps {
  title: string;
  times: number[]; // milliseconds since 1970
  series: Series[];
  text: (value: number) => string;
  timeText?: (time: number) => string;
  binary?: boolean; // the values are octets
}

const height = 150,
  left = 6,
  right = 62,
  top = 10,
  bottom = 22;

const ago = (time: number) => agoText(new Date(time).toISOString());

/** The width that there is, so that letters keep their size. */
function useWidth() {
  const frame = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(480);
  useLayoutEffect(() => {
    if (!frame.current) return;
    const watch = new ResizeObserver(([entry]) => setWidth(Math.max(200, Math.round(entry!.contentRect.width))));
    watch.observe(frame.current);
    return () => watch.disconnect();
  }, []);
  return { frame, width };
}

export function Plot({ title, times, series, text, timeText = ago, binary = false }: PlotProps) {
  const [at, setAt] = useState<number | null>(null);
  const { frame, width } = useWidth();
  const most = niceCeiling(Math.max(0, ...series.flatMap((one) => one.values.map((value) => value ?? 0))), binary);
  const span = Math.max(1, (times[times.length - 1] ?? 1) - (times[0] ?? 0));
  const x = (i: number) => left + (times.length < 2 ? 0 : ((times[i]! - times[0]!) / span) * (width - left - right));
  const y = (value: number) => top + (1 - value / most) * (height - top - bottom);
  const shown = at ?? times.length - 1;
  const follow = (event: PointerEvent) => {
    const box = (event.currentTarget as SVGElement).getBoundingClientRect();
    const wanted = ((event.clientX - box.left) / box.width) * width;
    let best = 0;
    times.forEach((_, i) => {
      if (Math.abs(x(i) - wanted) < Math.abs(x(best) - wanted)) best = i;
    });
    setAt(best);
  };
  const words = series.map((one) => `${one.name} ${valueText(one.values[shown], text)}`).join(", ");
  return (
    <figure class="plot" ref={frame}>
      <figcaption>{title}</figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`${title}: ${words || "nothing yet"}`}
        onPointerMove={follow}
        onPointerLeave={() => setAt(null)}
      >
        {[0, 0.5, 1].map((part) => (
          <g key={part}>
            <line class="grid" x1={left} x2={width - right} y1={y(part * most)} y2={y(part * most)} />
            <text class="scale" x={width - right + 6} y={y(part * most) + 4}>
              {text(part * most)}
            </text>
          </g>
        ))}
        {series.map((one, i) => (
          <path key={one.name} class={`line s${i}`} d={path(one.values, x, y)} />
        ))}
        {at !== null && <line class="now" x1={x(at)} x2={x(at)} y1={top} y2={height - bottom} />}
        {times.length > 1 &&
          [0, times.length - 1].map((i) => (
            <text key={i} class="scale" x={x(i)} y={height - 4} text-anchor={i === 0 ? "start" : "end"}>
              {timeText(times[i]!)}
            </text>
          ))}
      </svg>
      <ul class="legend">
        {series.map((one, i) => (
          <li key={one.name}>
            <span class={`key s${i}`} aria-hidden="true" />
            {one.name} <b>{valueText(one.values[shown], text)}</b>
          </li>
        ))}
        {at !== null && <li class="dim">{timeText(times[at]!)}</li>}
      </ul>
    </figure>
  );
}

function valueText(value: number | null | undefined, text: (value: number) => string): string {
  return value === null || value === undefined ? "–" : text(value);
}

function path(values: Array<number | null>, x: (i: number) => number, y: (value: number) => number): string {
  let pen = "M";
  return values
    .map((value, i) => {
      if (value === null) {
        pen = "M";
        return "";
      }
      const step = `${pen}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
      pen = "L";
      return step;
    })
    .join("");
}
