// A round number at or above the largest value of a plot, so that its scale does not tremble. Pure.
export function niceCeiling(value: number, binary = false): number {
  if (!(value > 0)) return 1;
  const unit = binary ? 1024 ** Math.floor(Math.log2(value) / 10) : 1;
  const power = unit * 10 ** Math.floor(Math.log10(value / unit));
  const factor = [1, 2, 2.5, 5, 10].find((one) => one * power >= value * 0.999) ?? 10;
  return factor * power;
}
