#!/usr/bin/env node
// The entry: argv to one command, its exit code; the only place that ends the process.
import { main } from './commands/main.ts';

// A reader that goes away (`nscope ns | head`) is no error. A command that holds a lab listens too, and closes it before the program ends.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (process.stdout.listenerCount('error') > 1) return;
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
// Where stderr is gone (`2>&1 | head`) there is nobody to tell, and a lab may be open.
process.stderr.on('error', () => {});

const code = await main(process.argv.slice(2));
// Output into a pipe is written asynchronously: end only when it is out.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
