"""Replays a whole log through Debian's unmodified fail2ban, with the log's own times as the clock.

Usage: fail2ban_replay.py CONFIG_DIR LOG NOW OUT
fail2ban's package must be on PYTHONPATH; TZ must be UTC. CONFIG_DIR is fail2ban's own with a jail.local that names the log. NOW is a time
(seconds) at or after the last line: lines without a year get the one nearest before it. OUT gets one JSON object a ban: {"address",
"at" (seconds)}.

The jail is made by fail2ban's own reader, transmitter and server; only the thread that would wait for new lines is not started. Each line
is handed to the jail's filter when the clock (MyTime, which fail2ban has for its own tests) stands at the line's time, as if it were
read the moment it was written.
"""
import json
import logging
import sys

from fail2ban.client.jailreader import JailReader
from fail2ban.server.mytime import MyTime
from fail2ban.server.server import Server


def jail_of(config_dir, name):
    logging.getLogger("fail2ban").setLevel(logging.CRITICAL)
    reader = JailReader(name, basedir=config_dir)
    if not reader.read() or not reader.getOptions():
        sys.exit(f"{name}: fail2ban refuses the jail")
    server = Server()
    for command in reader.convert():
        if command[0] == "start":
            continue
        status, answer = server._Server__transm.proceed(command)
        if status != 0:
            sys.exit(f"{command}: {answer!r}")
    return server._Server__jails[name]


def bans(jail, log, now):
    jail_filter = jail.filter
    with open(log, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            MyTime.setTime(now)
            matched = jail_filter.dateDetector.matchTime(line)
            date = jail_filter.dateDetector.getTime(matched[0].group(1), matched) if matched[0] else None
            if date is not None:
                MyTime.setTime(date[0])
            jail_filter.processLineAndAdd(line.rstrip("\r\n"))
            ticket = jail.getFailTicket()
            while ticket:
                yield {"address": str(ticket.getID()), "at": ticket.getTime()}
                ticket = jail.getFailTicket()


if __name__ == "__main__":
    config_dir, log, now, out = sys.argv[1:]
    with open(out, "w", encoding="utf-8") as file:
        for ban in bans(jail_of(config_dir, "sshd"), log, float(now)):
            print(json.dumps(ban), file=file)
