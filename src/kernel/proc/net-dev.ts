// /proc/PID/net/dev (proc_pid_net(5)): the interfaces of the process' network namespace. Their names alone; its counters are not read.

/** The names in the file's order, not sanitised. A name holds neither white space nor `:` (dev_valid_name of net/core/dev.c). */
export function parseNetDev(text: string): readonly string[] {
  return [...text.matchAll(/^[ \t]*([^\s:]+):/gm)].map(([, name = '']) => name);
}
