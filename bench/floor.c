/* The floor: the system calls that src/host/processes.ts makes for each process, and nothing else: stat held open, eight links, cgroup, owner,
 * and stat read, once each. Prints the number of processes and of links read. */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *LINKS[] = {"mnt", "cgroup", "uts", "ipc", "user", "pid", "net", "time"};
static char buffer[65536];

int main(void) {
  DIR *proc = opendir("/proc");
  if (!proc) return 1;
  int base = dirfd(proc);
  long processes = 0, links = 0;
  char path[64];
  for (struct dirent *entry; (entry = readdir(proc));) {
    if (!isdigit((unsigned char)entry->d_name[0])) continue;
    snprintf(path, sizeof path, "%s/stat", entry->d_name);
    int held = openat(base, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (held < 0) continue;
    for (size_t i = 0; i < sizeof LINKS / sizeof *LINKS; i++) {
      snprintf(path, sizeof path, "%s/ns/%s", entry->d_name, LINKS[i]);
      if (readlinkat(base, path, buffer, 4096) > 0) links++;
    }
    snprintf(path, sizeof path, "%s/cgroup", entry->d_name);
    int cgroup = openat(base, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (cgroup >= 0) {
      (void)!read(cgroup, buffer, sizeof buffer);
      close(cgroup);
    }
    struct statx owner;
    (void)!statx(base, entry->d_name, 0, STATX_BASIC_STATS, &owner);
    if (pread(held, buffer, sizeof buffer, 0) > 0) processes++;
    close(held);
  }
  closedir(proc);
  printf("%ld processes %ld links\n", processes, links);
  return 0;
}
