# Builds on this kernel what a plan of topology.ts says: processes and threads in namespaces of their own, fds, bind mounts, zombies. Reads the
# plan (JSON) from stdin, prints `ns SYMBOL TYPE:[INODE]` and `fd PROCESS INDEX NUMBER`, then `ready`, and waits until it is killed.
# Decides nothing by itself. Python, because only a program without threads of its own may make a user namespace (unshare(2)): Node has some.
import ctypes
import json
import os
import signal
import sys
import threading
import time

libc = ctypes.CDLL(None, use_errno=True)
# include/uapi/linux/sched.h
FLAGS = {
    'mnt': 0x00020000,
    'cgroup': 0x02000000,
    'uts': 0x04000000,
    'ipc': 0x08000000,
    'user': 0x10000000,
    'pid': 0x20000000,
    'net': 0x40000000,
    'time': 0x00000080,
}
MS_BIND = 4096
MS_REC_PRIVATE = 16384 | 262144
PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15
held = []


def call(result, what):
    if result != 0:
        raise OSError(ctypes.get_errno(), what + ': ' + os.strerror(ctypes.get_errno()))


def tell(*words):
    # One write of less than PIPE_BUF is not mixed with another process' (pipe(7)).
    os.write(1, (' '.join(str(word) for word in words) + '\n').encode())


def name(text):
    libc.prctl(PR_SET_NAME, text.encode(), 0, 0, 0)


def unshare(types, symbols, own):
    if 'user' in types:
        call(libc.unshare(FLAGS['user']), 'unshare user')
        for file, text in (('setgroups', 'deny'), ('uid_map', '0 0 1'), ('gid_map', '0 0 1')):
            fd = os.open('/proc/self/' + file, os.O_WRONLY)
            os.write(fd, text.encode())
            os.close(fd)
    flags = 0
    for one in types:
        if one != 'user':
            flags |= FLAGS[one]
    if flags != 0:
        call(libc.unshare(flags), 'unshare ' + ' '.join(types))
    if 'mnt' in types:
        call(libc.mount(b'none', b'/', None, MS_REC_PRIVATE, None), 'mount --make-rprivate /')
    for one in types:
        # A pid namespace has no number before its first process: that one tells it.
        if one != 'pid':
            link = 'time_for_children' if one == 'time' else one
            tell('ns', symbols[one], os.readlink(own + '/ns/' + link))


def fork(body):
    """Runs `body` in a child and waits until it has said that all is built; the child's pid."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(read)
            while held:
                os.close(held.pop())
            body(write)
            code = 0
        except BaseException as error:
            os.write(2, ('topology: %s\n' % error).encode())
        finally:
            os._exit(code)
    os.close(write)
    said = os.read(read, 1)
    os.close(read)
    if said == b'':
        raise RuntimeError('a child ended before it was built')
    return pid


def thread(plan, label):
    built = threading.Event()
    errors = []

    def body():
        try:
            name(label)
            unshare(plan['types'], plan['symbols'], '/proc/thread-self')
        except BaseException as error:
            errors.append(error)
        built.set()
        while True:
            time.sleep(3600)

    threading.Thread(target=body, daemon=True).start()
    built.wait()
    if errors:
        raise errors[0]


def ended(symbol):
    def body(write):
        if symbol is not None:
            tell('ns', symbol, os.readlink('/proc/self/ns/pid'))
        os.write(write, b'.')

    return body


def build(plan, built):
    name(plan['name'])
    for at, op in enumerate(plan['ops']):
        kind = op['op']
        if kind == 'unshare':
            unshare(op['types'], op['symbols'], '/proc/self')
        elif kind == 'fd':
            held.append(os.open('/proc/self/ns/' + op['type'], os.O_RDONLY))
            tell('fd', plan['name'], at, held[-1])
        elif kind == 'pin':
            link = ('/proc/self/ns/' + op['type']).encode()
            call(libc.mount(link, op['path'].encode(), None, MS_BIND, None), 'mount --bind ' + op['type'])
        elif kind == 'child':
            fork(lambda write: run(op['process'], op['firstOf'], write))
        elif kind == 'zombie':
            # waitid(2) with WNOWAIT: it has ended, and is left as it is.
            def body(write):
                name(op['name'])
                ended(op['firstOf'])(write)

            os.waitid(os.P_PID, fork(body), os.WEXITED | os.WNOWAIT)
        elif kind == 'reaped':
            os.waitpid(fork(ended(op['firstOf'])), 0)
        elif kind == 'thread':
            thread(op, op['name'])
    # A change of credentials clears it (prctl(2)), so it comes last. Each dies with its parent, and all with the test.
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    built()
    while True:
        signal.pause()


def run(plan, symbol, write):
    if symbol is not None:
        tell('ns', symbol, os.readlink('/proc/self/ns/pid'))
    build(plan, lambda: os.write(write, b'.'))


build(json.load(sys.stdin), lambda: tell('ready'))
