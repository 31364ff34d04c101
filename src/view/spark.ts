// A row of numbers as a row of bars, one column each. Draws nothing else.

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
