// Does the rows by a lab and by typing, as an unprivileged user, and prints where the two differ. Not a test: lab-typed.test.ts starts it.
import { performed, typed } from './typed.ts';
import { ROWS } from './typed-rows.ts';

const [dir = ''] = process.argv.slice(2);
for (const [op, rows] of Object.entries(ROWS)) {
  for (const row of rows) {
    const [lab, hand] = [await performed(row, dir), await typed(row, dir)].map((seen) =>
      JSON.stringify(seen),
    );
    console.log(JSON.stringify({ row: `${op}: ${row.name}`, lab, hand }));
  }
}
