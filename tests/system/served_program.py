# SPDX-License-Identifier: MIT
"""The built program with its endpoints up, for tests that ask it from outside."""

import os
import re
import signal
import subprocess
import tempfile
import threading

START_TIME = 60  # seconds; far above what a start takes, under sanitizers too


class ServedProgram:
    """Runs from `with` to its end. `port` is the one that it listens on."""

    def __init__(self, program, *options, strategy="optimized", address="127.0.0.1", tasks=1):
        self.arguments = [os.path.abspath(program), f"--strategy={strategy}", f"--tasks={tasks}"]
        self.arguments += ["--duration=1h", f"--listen={address}:0", "--report=none", *options]
        self.port = None
        self.said = ""
        self.has_ended = False
        self.changed = threading.Condition()

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen(
            self.arguments, stderr=subprocess.PIPE, text=True, cwd=self.folder.name
        )
        threading.Thread(target=self.listen, daemon=True).start()
        with self.changed:
            self.changed.wait_for(lambda: self.port or self.has_ended, START_TIME)
        if not self.port:
            self.__exit__()
            raise RuntimeError(f"{self.arguments} does not listen: {self.said}")
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(START_TIME)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            self.folder.cleanup()

    def listen(self):
        for line in self.process.stderr:
            with self.changed:
                self.said += line
                found = re.search(r"http://\S+:(\d+)/", line)
                if found and not self.port:
                    self.port = int(found[1])
                self.changed.notify_all()
        with self.changed:
            self.has_ended = True
            self.changed.notify_all()
