// The words that test files and their runner share.

/** Begins the line that `maybe` prints for a test that cannot run here: `SKIP <file> <name>: <reason>`. */
export const SKIP = 'SKIP';
