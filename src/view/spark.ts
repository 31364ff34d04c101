// Numbers as bars: a course over time, and a part of a whole. Draws nothing else.

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** Bars from the least to the greatest number, low ones where nothing moves; an empty text for fewer than two numbers, which show no course. */
export function spark(numbers: readonly number[]): string {
  if (numbers.length < 2) return '';
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const range = Math.max(1, most - least);
  return numbers
    .map((number) => BARS[Math.round(((number - least) / range) * (BARS.length - 1))] ?? BARS[0])
    .join('');
}

const GAUGE_COLUMNS = 10;

/** A part of a whole, as a bar of ten columns and in percent; more than the whole fills the bar. */
export function gauge(part: number): string {
  const full = Math.max(0, Math.min(GAUGE_COLUMNS, Math.round(part * GAUGE_COLUMNS)));
  return `[${'█'.repeat(full)}${'░'.repeat(GAUGE_COLUMNS - full)}] ${Math.round(part * 100)} %`;
}
