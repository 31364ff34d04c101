/* A crowd for the bench: `crowd N [GROUPS NAME DIRECTORY…]`. N idle processes that die with this one, every hundredth in a UTS namespace of its own
 * where that is allowed. With GROUPS they are spread over that many containers: each has a group NAME/docker/ID below every DIRECTORY (the root of a
 * cgroup hierarchy), and mount, UTS, IPC and pid namespaces. Says `ready`, and ends when its standard input does: all processes killed and waited
 * for, all groups removed. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char **tops;
static int hierarchies, groups;
static const char *name;
/* Our pid, and 0 in every child: in a pid namespace a child can have the same number. */
static pid_t keeper;

static void idle(void) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (;;) pause();
}

static pid_t fork_or_die(void) {
  pid_t pid = fork();
  if (pid < 0) {
    perror("fork");
    exit(1);
  }
  if (pid == 0) {
    keeper = 0;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_DFL);
  }
  return pid;
}

/* The directory of group `at`, of what is above the groups (-1), or of what is above that (-2). */
static const char *directory(const char *top, int at) {
  static char path[512];
  const char *below = at == -2 ? "" : "/docker";
  if (at < 0) snprintf(path, sizeof path, "%s/%s%s", top, name, below);
  else snprintf(path, sizeof path, "%s/%s%s/%064x", top, name, below, at + 1);
  return path;
}

static void join(int at) {
  char path[544];
  for (int h = 0; h < hierarchies; h++) {
    snprintf(path, sizeof path, "%s/cgroup.procs", directory(tops[h], at));
    FILE *procs = fopen(path, "w");
    if (!procs || fprintf(procs, "0") < 0 || fclose(procs) != 0) {
      perror(path);
      exit(1);
    }
  }
}

/* What starts the container (its shim, as it were), the container's first process, and the others. */
static void container(int at, int size) {
  join(at);
  if (unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID) != 0) perror("unshare");
  if (size > 1 && fork_or_die() == 0) {
    for (int i = 2; i < size; i++)
      if (fork_or_die() == 0) idle();
    idle();
  }
  idle();
}

static void make_groups(void) {
  for (int h = 0; h < hierarchies; h++) {
    for (int at = -2; at < groups; at++) {
      if (mkdir(directory(tops[h], at), 0755) == 0) continue;
      perror(directory(tops[h], at));
      exit(1);
    }
  }
}

/* A group is busy for a moment after its last process has been waited for. */
static void remove_groups(void) {
  for (int h = 0; h < hierarchies; h++) {
    for (int at = groups - 1; at >= -2; at--) {
      for (int tries = 0; rmdir(directory(tops[h], at)) != 0 && errno == EBUSY && tries < 500; tries++) usleep(10000);
    }
  }
}

static void end(void) {
  if (keeper == 0) return;
  /* What dies takes its children along (PDEATHSIG); they come to us to be waited for. */
  char path[64];
  snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)keeper);
  FILE *children = fopen(path, "r");
  for (int pid; children && fscanf(children, "%d", &pid) == 1;) kill(pid, SIGKILL);
  if (children) fclose(children);
  while (wait(NULL) > 0 || errno == EINTR) continue;
  if (groups > 0) remove_groups();
}

static void on_signal(int signal) {
  (void)signal;
  exit(1);
}

int main(int argc, char **argv) {
  int n = argc > 1 ? atoi(argv[1]) : 0;
  if (argc > 4) {
    groups = atoi(argv[2]);
    name = argv[3];
    tops = argv + 4;
    hierarchies = argc - 4;
  }
  keeper = getpid();
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  signal(SIGTERM, on_signal);
  signal(SIGINT, on_signal);
  atexit(end);
  if (groups > 0) make_groups();
  for (int at = 0; at < groups; at++) {
    int size = n / groups + (at < n % groups);
    if (size > 0 && fork_or_die() == 0) container(at, size);
  }
  for (int i = 0; groups == 0 && i < n; i++) {
    if (fork_or_die() != 0) continue;
    if (i % 100 == 0) (void)!unshare(CLONE_NEWUTS);
    idle();
  }
  printf("ready\n");
  fflush(stdout);
  char byte;
  for (;;) {
    ssize_t got = read(0, &byte, 1);
    if (got == 0 || (got < 0 && errno != EINTR)) return 0;
  }
}
