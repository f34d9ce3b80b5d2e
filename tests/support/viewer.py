"""A viewer without a browser: Streamlit's own messages over the WebSocket, sent and read.

The protocol is that of `streamlit.proto`, which a browser speaks to the server; here it can also be
abused. One viewer belongs to one thread.
"""

import contextlib
import threading
import time
import uuid
from collections.abc import Sequence

import requests
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import DoubleArray, FileUploaderState, StringArray, UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

HANG_S = 120.0  # a hard limit that catches a hang, no goal
TOKEN = "_streamlit_xsrf"
TEXTS = ("markdown", "heading", "text", "alert", "html", "metric", "progress", "code")
MARKUP = ("heading", "markdown", "alert", "html")


class Hung(TimeoutError):
    """The server has not answered within the hard limit."""


class Viewer:
    """One open page. ``query`` is the link's part after the question mark: a browser keeps what is
    chosen there by itself, here it stays unless the page says otherwise.

    `rerun` gives the seconds until the page had been drawn; what is drawn is in ``elements``, by
    place, and in `text`, `exceptions`, `by_key`. ``headers`` go with the WebSocket's handshake.
    """

    def __init__(self, address: str, page: str = "", query: str = "", **headers: str) -> None:
        self.address, self.page, self.query = address, page, query
        self.elements: dict[tuple[int, ...], object] = {}
        self.blocks: dict[tuple[int, ...], object] = {}
        self.states: dict[str, WidgetState] = {}
        self.clocked: dict[str, float] = {}  # fragments that ask to be run again, and how often
        self.session_id = self.script = ""
        self.owners: dict[tuple[int, ...], str] = {}  # the fragment that draws a place, '' for none
        origin = headers.pop("Origin", address)
        self._until_closed = contextlib.ExitStack()
        connection = connect(
            f"{address.replace('http', 'ws')}/_stcore/stream",
            max_size=None,
            ping_interval=None,
            subprotocols=["streamlit"],
            origin=origin or None,
            additional_headers=headers or None,
        )
        self.socket = self._until_closed.enter_context(connection)

    def __enter__(self) -> "Viewer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Leaves as a browser does that is closed."""
        self._until_closed.close()

    def cut(self) -> None:
        """Is gone without a word, as a browser whose network breaks off."""
        self.socket.socket.close()

    def open(self) -> float:
        """Asks for the page the first time; gives the seconds until it was drawn."""
        return self.rerun()

    def go(self, page: str, query: str = "") -> float:
        """Follows a link to another page."""
        self.page, self.script, self.query = page, "", query
        return self.rerun()

    def rerun(self, fragment: str = "") -> float:
        """Runs the page, or one of its fragments, with the widgets' states; gives the seconds."""
        started = time.perf_counter()
        self.ask(fragment)
        self.wait()
        return time.perf_counter() - started

    def ask(self, fragment: str = "") -> None:
        """Sends the request of `rerun` and does not wait."""
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_script_hash = self.query, self.script
        state.page_name, state.fragment_id = self.page, fragment
        state.context_info.url = f"{self.address}/{self.page}"
        state.widget_states.widgets.extend(self.states.values())
        self.send(message)
        self.states = {i: s for i, s in self.states.items() if not s.HasField("trigger_value")}

    def wait(self, for_message: str = "script_finished") -> ForwardMsg:
        """Reads until a message of that kind; a run that makes way for another is no end."""
        deadline = time.monotonic() + HANG_S
        while True:
            try:
                data = self.socket.recv(timeout=max(deadline - time.monotonic(), 0))
            except TimeoutError:
                raise Hung(f"no {for_message} within {HANG_S:.0f} s") from None
            message = ForwardMsg.FromString(data)
            kind = message.WhichOneof("type")
            self._take(kind, message)
            early = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
            if kind == for_message and not (kind == "script_finished" and early):
                return message

    def play(self, seconds: float) -> None:
        """Does for so long what an open browser does by itself: runs the fragments on a clock."""
        until = time.monotonic() + seconds
        while self.clocked and time.monotonic() < until:
            time.sleep(min(self.clocked.values()))
            for fragment in list(self.clocked):
                self.rerun(fragment)

    def send(self, message: BackMsg | bytes) -> None:
        """Any message, or bytes that are none."""
        self.socket.send(message if isinstance(message, bytes) else message.SerializeToString())

    def clear_cache(self) -> None:
        """What any viewer's browser may send, and the server then does."""
        self.send(BackMsg(clear_cache=True))

    def set(self, key: str, value: object) -> None:
        """The value of the widget with this key (or label), for the next run.

        As the browser sends it: a slider's is a list of floats; that of a select slider, pills or a
        segmented control a list of strings; a number field's a float; a page number's an int; of
        all others a string or a bool.
        """
        id = self.id_of(key)
        self.states[id] = state_of(id, value)

    def click(self, key: str) -> None:
        """Presses the button with this key (or label) in the next run."""
        id = self.id_of(key)
        self.states[id] = WidgetState(id=id, trigger_value=True)

    def upload(self, key: str, name: str, content: bytes) -> float:
        """Brings a file to the field with this key and runs the page; gives the seconds."""
        return self.upload_all(key, [(name, content)])

    def upload_all(self, key: str, files: Sequence[tuple[str, bytes]]) -> float:
        """Brings several files, (name, bytes) each, at once; likewise."""
        started = time.perf_counter()
        state = FileUploaderState()
        for name, content in files:
            file = self.file_address(name)
            response = requests.put(
                self.address + file.upload_url, files={"file": (name, content)}, **self.token()
            )
            response.raise_for_status()
            state.uploaded_file_info.append(
                UploadedFileInfo(name=name, size=len(content), file_id=file.file_id, file_urls=file)
            )
        id = self.id_of(key)
        self.states[id] = WidgetState(id=id, file_uploader_state_value=state)
        self.rerun()
        return time.perf_counter() - started

    def file_address(self, name: str):
        """Where the server wants a file of this session put: FileURLs."""
        message = BackMsg()
        message.file_urls_request.request_id = uuid.uuid4().hex
        message.file_urls_request.session_id = self.session_id
        message.file_urls_request.file_names.append(name)
        self.send(message)
        return self.wait("file_urls_response").file_urls_response.file_urls[0]

    def token(self) -> dict[str, dict[str, str]]:
        """The header and the cookie that an upload must carry, as arguments for requests."""
        token = requests.get(f"{self.address}/_stcore/health", timeout=HANG_S).cookies[TOKEN]
        return {"headers": {"X-Xsrftoken": token}, "cookies": {TOKEN: token}}

    def by_key(self, key: str) -> object:
        """The widget (its message) with this key, else with this label; KeyError without one."""
        drawn = [*self.elements.values(), *self.blocks.values()]
        named = [one for one in drawn if getattr(one, "id", "").endswith(f"-{key}")]
        named += [one for one in drawn if getattr(one, "label", "") == key and hasattr(one, "id")]
        if not named:
            raise KeyError(f"no widget {key!r} on the page {self.page!r}")
        return named[0]

    def id_of(self, key: str) -> str:
        return self.by_key(key).id

    @property
    def kinds(self) -> list[str]:
        """The kind of each element in the order of the screen, as Streamlit calls it."""
        return [kind_of(element) for _, element in sorted(self.elements.items())]

    @property
    def exceptions(self) -> list[str]:
        """What went wrong on the page, Streamlit's words or ours; empty when it is well."""
        boxes = [one.message for one in self.drawn("exception")]
        ours = [one.body for one in self.drawn("alert") if "could not be drawn" in one.body]
        return boxes + ours

    def drawn(self, kind: str) -> list:
        """The elements of one kind in the order of the screen: "markdown", "slider", …"""
        return [one for _, one in sorted(self.elements.items()) if kind_of(one) == kind]

    @property
    def text(self) -> str:
        """The text of the page, its markup included."""
        drawn = [element for _, element in sorted(self.elements.items())]
        return "\n".join(one.body for one in drawn if kind_of(one) in TEXTS and has_body(one))

    def _take(self, kind: str, message: ForwardMsg) -> None:
        if kind == "new_session":
            self._begin(message)
        elif kind == "delta":
            self._draw(tuple(message.metadata.delta_path), message.delta)
        elif kind == "navigation":
            self.script = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self.clocked[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        elif kind == "stop_auto_rerun":
            for fragment in message.stop_auto_rerun.fragment_ids:
                self.clocked.pop(fragment, None)

    def _begin(self, message: ForwardMsg) -> None:
        """A new run: what it draws anew is gone from the page."""
        run = message.new_session
        self.session_id = run.initialize.session_id
        fragments = set(message.metadata.run.fragment_ids)
        gone = [p for p, owner in self.owners.items() if not fragments or owner in fragments]
        if not fragments:
            self.clocked.clear()
        for place in gone:
            del self.owners[place]
            self.elements.pop(place, None)
            self.blocks.pop(place, None)

    def _draw(self, place: tuple[int, ...], delta) -> None:
        self.owners[place] = delta.fragment_id
        if delta.HasField("add_block"):
            block = delta.add_block
            which = block.WhichOneof("type")
            self.blocks[place] = getattr(block, which) if which else block
        elif delta.HasField("new_element"):
            which = delta.new_element.WhichOneof("type")
            self.elements[place] = getattr(delta.new_element, which)


class Broken(RuntimeError):
    """A page that is not as it was, or shows an error."""


class Steady:
    """A viewer who reruns a page, the overview, without a pause in a thread of its own.

    Leaving it raises Broken when its page shows an error or has changed, and Hung when it hung;
    ``waits`` has the seconds of each rerun.
    """

    def __init__(self, address: str, page: str = "", query: str = "") -> None:
        self.waits: list[float] = []
        self._viewer = Viewer(address, page, query)
        self._failure: Exception | None = None
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Steady":
        self._viewer.open()
        self._text = self._viewer.text
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        self._viewer.close()
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            while not self._done.is_set() or not self.waits:
                self.waits.append(self._viewer.rerun())
                refuse_errors(self._viewer)
                if self._viewer.text != self._text:
                    raise Broken(f"the page has changed to {self._viewer.text!r}")
        except Exception as failure:
            self._failure = failure


def refuse_errors(viewer: Viewer) -> None:
    """Raises Broken when the viewer's page shows an error."""
    if viewer.exceptions:
        raise Broken(f"an error on page {viewer.page!r}: {viewer.exceptions[0]}")


def kind_of(element: object) -> str:
    """The kind of an element's message: "markdown", "slider", "exception", …"""
    return type(element).__name__.lower()


def has_body(element: object) -> bool:
    return hasattr(element, "body")


def state_of(id: str, value: object) -> WidgetState:
    """A widget's state with the kind of value that Python's type says."""
    if isinstance(value, bool):
        return WidgetState(id=id, bool_value=value)
    if isinstance(value, list):
        if all(isinstance(one, str) for one in value):
            return WidgetState(id=id, string_array_value=StringArray(data=value))
        return WidgetState(id=id, double_array_value=DoubleArray(data=value))
    kinds = {int: "int_value", float: "double_value", str: "string_value", bytes: "bytes_value"}
    return WidgetState(id=id, **{kinds[type(value)]: value})


__all__ = ["Broken", "ConnectionClosed", "Hung", "Steady", "Viewer", "refuse_errors", "state_of"]
