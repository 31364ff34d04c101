// A program for the tests of the terminal helpers: draws a few lines, says which key came, and ends on q.
const out = (text) => process.stdout.write(text);

out('\u001B[?1049h\u001B[2J\u001B[H');
out(
  '\u001B[1;31mred\u001B[0m \u001B[48;5;21mon blue\u001B[0m \u001B[38;2;1;2;3mrgb\u001B[0m \u001B[7minverse\u001B[0m\r\n',
);
out('命名空间|\r\n');
const size = () => out(`\u001B[3;1H\u001B[Ksize ${process.stdout.columns}x${process.stdout.rows}`);
size();
out(
  `\u001B[4;1Hstate ${process.env.XDG_STATE_HOME ? 'own' : 'none'} colours ${process.env.NO_COLOR ?? 'free'} cursor`,
);
process.stdout.on('resize', size);
process.stdin.setRawMode(true);
process.stdin.on('data', (data) => {
  const key = data.toString();
  out(`\u001B[5;1H\u001B[Kkey ${JSON.stringify(key)}`);
  if (key === 'a') out('\u001B[?1h');
  if (key === 'q') {
    out('\u001B[?1049l');
    process.exit(7);
  }
});
