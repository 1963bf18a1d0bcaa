# SPDX-License-Identifier: MIT
"""A headless Chromium, driven by its DevTools protocol through a pipe."""

import base64
import json
import os
import pathlib
import subprocess
import tempfile
import threading

PROTOCOL_INPUT, PROTOCOL_OUTPUT = 3, 4  # the file descriptors that Chromium looks at
SECONDS_TO_ANSWER = 60


class Browser:
    """One page. To be used as a context: the browser ends with it."""

    def __init__(self, program):
        self.problems = []  # texts of exceptions and of errors in the console
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._unread = b""
        self._last_id = 0
        self._start(program)
        targets = self._ask("Target.getTargets")["targetInfos"]
        target = next(target["targetId"] for target in targets if target["type"] == "page")
        attached = self._ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")

    def _start(self, program):
        self._session = None
        read_by_browser, self._to_browser = os.pipe()
        self._from_browser, written_by_browser = os.pipe()
        command = [program, "--headless=new", "--remote-debugging-pipe", "--no-first-run"]
        command += ["--disable-gpu", "--hide-scrollbars", f"--user-data-dir={self._folder.name}"]
        if os.geteuid() == 0:
            command.append("--no-sandbox")  # it does not start as root with it
        # The shell gives the pipes the numbers that are wanted.
        script = f'exec "$@" {PROTOCOL_INPUT}<&{read_by_browser} {PROTOCOL_OUTPUT}>&{written_by_browser}'
        self._process = subprocess.Popen(
            ["bash", "-c", script, "bash", *command, "about:blank"],
            pass_fds=(read_by_browser, written_by_browser),
            stderr=subprocess.DEVNULL,
        )
        os.close(read_by_browser)
        os.close(written_by_browser)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait()
        os.close(self._to_browser)
        os.close(self._from_browser)
        self._folder.cleanup()

    def _read_message(self):
        while b"\0" not in self._unread:
            part = os.read(self._from_browser, 1 << 20)
            if not part:
                raise RuntimeError("Chromium ended, or did not answer in time")
            self._unread += part
        text, self._unread = self._unread.split(b"\0", 1)
        return json.loads(text)

    def _note(self, message):
        details = message.get("params", {})
        if message.get("method") == "Runtime.exceptionThrown":
            self.problems.append(json.dumps(details["exceptionDetails"]))
        elif message.get("method") == "Log.entryAdded" and details["entry"]["level"] == "error":
            self.problems.append(details["entry"]["text"])
        elif message.get("method") == "Network.requestWillBeSent":
            url = details["request"]["url"]
            if not url.startswith(("file:", "data:")):
                self.problems.append("asks the network for " + url)

    def _await(self, is_wanted):
        watchdog = threading.Timer(SECONDS_TO_ANSWER, self._process.kill)
        watchdog.start()
        try:
            while True:
                message = self._read_message()
                self._note(message)
                if is_wanted(message):
                    return message
        finally:
            watchdog.cancel()

    def _ask(self, method, **parameters):
        self._last_id += 1
        asked = {"id": self._last_id, "method": method, "params": parameters}
        if self._session:
            asked["sessionId"] = self._session
        os.write(self._to_browser, json.dumps(asked).encode() + b"\0")
        answer = self._await(lambda message: message.get("id") == asked["id"])
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    call = _ask

    def open(self, path, fragment=""):
        """Shows a file, loaded anew."""
        self.call("Page.navigate", url="about:blank")
        self._await(lambda message: message.get("method") == "Page.loadEventFired")
        self.call("Page.navigate", url=pathlib.Path(path).resolve().as_uri() + fragment)
        self._await(lambda message: message.get("method") == "Page.loadEventFired")

    def show_as(self, width, height, scheme):
        """From now on: a window of so many pixels, "light" or "dark"."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=False,
        )
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.call("Emulation.setEmulatedMedia", features=[feature])

    def run(self, expression):
        """The value of a JavaScript expression in the page."""
        answer = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def press(self, key):
        """A key of the keyboard, as "Enter", "/" or "a"."""
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        codes = {"Enter": 13, "Escape": 27, "Tab": 9, "Home": 36, "ArrowLeft": 37}
        codes.update({"ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40})
        code = codes.get(key, 0)
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, text=text,
                  windowsVirtualKeyCode=code)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def screenshot(self, path, full=False):
        answer = self.call("Page.captureScreenshot", captureBeyondViewport=full)
        pathlib.Path(path).write_bytes(base64.b64decode(answer["data"]))
