"""First process of a private mount and pid namespace: real accounts, a real /dev/log and real sshd, none of them the machine's own.

Started as `unshare --mount --pid --fork --kill-child --propagation private python3 sandbox.py <spec.json>`. When this process ends the
kernel ends every process of the namespace and drops its mounts, so that nothing is left behind whatever happened. It ends with its stdin.

stdin takes one JSON document a line, {"id": 1, "run": ["argv", ...]}, run inside; stdout answers {"id": 1, "code": 0, "output": ""}, and
carries each datagram that came to /dev/log as {"log": "<latin-1 text>", "at": <seconds since the epoch>}.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time


def mount(*args):
    subprocess.run(["mount", *args], check=True)


def private_folders():
    """Copies and empty folders over those that accounts, logins and logging write to."""
    mount("-t", "proc", "proc", "/proc")
    mount("-t", "tmpfs", "-o", "mode=755", "private", "/mnt")
    os.makedirs("/mnt/etc")
    subprocess.run(["cp", "-a", "/etc/.", "/mnt/etc"], check=True)
    os.makedirs("/mnt/dev")
    for name in ("null", "zero", "full", "random", "urandom", "tty"):
        with open(f"/mnt/dev/{name}", "w"):
            mount("--bind", f"/dev/{name}", f"/mnt/dev/{name}")
    for name in ("pts", "shm"):
        os.makedirs(f"/mnt/dev/{name}")
    mount("-t", "devpts", "-o", "newinstance,ptmxmode=0666,mode=620,gid=5", "devpts", "/mnt/dev/pts")
    os.symlink("pts/ptmx", "/mnt/dev/ptmx")
    os.symlink("/proc/self/fd", "/mnt/dev/fd")
    for folder in ("home", "run", "var/log"):
        os.makedirs(f"/mnt/{folder}")
    for folder in ("etc", "dev", "home", "run", "var/log"):
        mount("--rbind", f"/mnt/{folder}", f"/{folder}")
    os.makedirs("/run/sshd", mode=0o755)
    for record in ("/run/utmp", "/var/log/wtmp", "/var/log/btmp", "/var/log/lastlog"):
        with open(record, "w"):
            os.chmod(record, 0o600)
    if os.path.exists("/etc/nologin"):
        os.remove("/etc/nologin")


def syslog_socket():
    log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    log.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    log.bind("/dev/log")
    os.chmod("/dev/log", 0o666)
    return log


def write_files(files):
    for file in files:
        folder = os.path.dirname(file["path"])
        os.makedirs(folder, exist_ok=True)
        with open(file["path"], "w") as out:
            out.write(file["text"])
        os.chmod(file["path"], file["mode"])
        if file["owner"]:
            for path in (folder, file["path"]):
                shutil.chown(path, file["owner"])


lock = threading.Lock()


def say(document):
    with lock:
        sys.stdout.write(json.dumps(document) + "\n")
        sys.stdout.flush()


def receive(log):
    """In a thread of its own: a process that logs waits for us when ten datagrams are queued, also one that we wait for."""
    while True:
        say({"log": log.recv(65536).decode("latin-1"), "at": time.time()})


def alive():
    """Command names of all other processes of the namespace that have not ended; reaps those that have."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
    except ChildProcessError:
        pass
    names = []
    for pid in (entry for entry in os.listdir("/proc") if entry.isdigit() and entry != "1"):
        try:
            with open(f"/proc/{pid}/stat") as file:
                name, state = file.read().split("(", 1)[1].rsplit(") ", 1)
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state[0] != "Z":
            names.append(name)
    return names


def answer(request):
    if "alive" in request:
        return {"id": request["id"], "code": 0, "output": "\n".join(alive())}
    done = subprocess.run(request["run"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return {"id": request["id"], "code": done.returncode, "output": done.stdout.decode("utf-8", "replace")}


def main():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.umask(0o022)
    with open(sys.argv[1]) as file:
        spec = json.load(file)
    private_folders()
    threading.Thread(target=receive, args=(syslog_socket(),), daemon=True).start()
    for command in spec["accounts"]:
        subprocess.run(command["run"], input=command["input"].encode(), stdout=sys.stderr, check=True)
    write_files(spec["files"])
    for command in spec["daemons"]:
        subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=True)
    say({"ready": True})
    for line in sys.stdin:
        say(answer(json.loads(line)))
    os._exit(0)


main()
