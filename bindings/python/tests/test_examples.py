"""The examples, each in a copy of its folder as a user would have it, against servers on this machine."""

import ast
import asyncio
import contextlib
import http.client
import importlib.util
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import azure.functions as func
import httpx
import pandas
import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError
from conftest import CASES, COMPONENTS, CORPUS, CREATED, ROOT, instant, load
from msgraph import GraphServiceClient

import admit

EXAMPLES = ROOT / "bindings" / "python" / "examples"
OUTSIDER = CORPUS / "callouts" / "13-external-requestor.flat.json"
CONNECTION_TEST = CORPUS / "callouts" / "18-connection-test.flat.json"
NOOR = "0a000001-0004-400b-a011-2ac39fe6a35d"
PAYABLE = "0d000007-0007-4038-a062-d135f9f6dcc4"
ANSWERED = [case for case in CASES if case.is_answered]


class Loopback:
    """A server on this machine. It records requests, and answers what `reply` says of the path: status,
    headers, body."""

    def __init__(self):
        self.requests = []
        self.reply = lambda path: (204, {}, b"")
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                loopback.requests.append((self.command, self.path, self.headers, body))
                status, headers, content = loopback.reply(self.path)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(content)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = answer

            def log_message(self, *_):
                """Says nothing on standard error."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    """A proxy of the environment would not reach this machine's loopback."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def loopback():
    """In place of Graph, or of a service that knows facts."""
    with contextlib.closing(Loopback()) as server:
        yield server


def copy(example, to, *components):
    """The folder of an example, with the components that its README has copied into it."""
    folder = shutil.copytree(EXAMPLES / example, to / example)
    for component in components:
        shutil.copy(COMPONENTS / component, folder)
    return folder


def module(file):
    """A module as the file has it, imported anew."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    imported = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(imported)
    return imported


class Credential:
    """Gives a token, or raises."""

    error = None

    async def get_token(self, *scopes, **_):
        if self.error is not None:
            raise self.error
        return AccessToken("token-of-the-test", int(time.time()) + 3600)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        pass


@contextlib.asynccontextmanager
async def graph(loopback, credential):
    """Graph's own client, whole but for its address."""
    client = GraphServiceClient(credential)
    client.request_adapter.base_url = f"{loopback.url}/v1.0"
    try:
        yield client
    finally:
        await client.request_adapter._http_client.aclose()


def resumed(request, report):
    """Whether a recorded request is the report's, with the token of the test and nothing else changed."""
    method, path, headers, body = request
    asked = report.resume_request
    assert (method, path, body) == (asked.method, asked.path, report.resume_body)
    assert {name: headers[name] for name in asked.headers} == asked.headers
    assert headers.get_all("Content-Type") == ["application/json"]
    assert headers["Authorization"] == "Bearer token-of-the-test"
    assert headers["Content-Length"] == str(len(report.resume_body))
    assert headers["Content-Encoding"] is None
    return True


def test_what_the_examples_ask_for_is_there():
    """Their files of requirements, and the files that they have copied out of this repository."""
    known = (EXAMPLES.parent / "requirements.in").read_text(encoding="utf-8")
    for file in EXAMPLES.glob("*/requirements.txt"):
        first, *names = [line for line in file.read_text().splitlines() if not line.startswith("#")]
        assert first.startswith(f"./admit-{admit.__version__}-") and names
        for name in names:
            assert re.search(rf"^{name}\b", known, re.MULTILINE), name
    copied = [
        (file, pattern)
        for file in EXAMPLES.glob("*/*")
        if file.is_file()
        for pattern in re.findall(r"\bcp (\S+) \.", file.read_text(encoding="utf-8"))
    ]
    assert len(copied) == 4
    for file, pattern in copied:
        assert len(list(file.parent.glob(pattern))) == 1, pattern


# ---- msgraph_sdk ----


@pytest.fixture
def script(tmp_path):
    return module(copy("msgraph_sdk", tmp_path) / "resume.py")


def test_every_answer_of_the_corpus_is_sent_as_it_is(script, loopback):
    async def main():
        async with graph(loopback, Credential()) as client:
            for report in reports:
                await script.resume(report, client.request_adapter)

    reports = [load(case.set).evaluate(case.callout.read_bytes(), now=case.now) for case in ANSWERED]
    asyncio.run(main())
    assert len(loopback.requests) == len(reports) > 30
    assert all(map(resumed, loopback.requests, reports))
    # Beta's path as well as v1.0's, whatever the client's own version.
    assert {path.split("/")[1] for _, path, _, _ in loopback.requests} == {"v1.0", "beta"}


def test_nothing_is_sent_where_there_is_no_answer(script, loopback):
    async def main():
        async with graph(loopback, Credential()) as client:
            for case in silent:
                report = load(case.set).evaluate(case.callout.read_bytes(), now=case.now)
                await script.resume(report, client.request_adapter)

    silent = [case for case in CASES if not case.is_answered]
    assert len(silent) > 10
    asyncio.run(main())
    assert loopback.requests == []


@pytest.fixture
def partners(tmp_path):
    """A set file that knows no calendar."""
    return copy("azure_function", tmp_path, "partner_domains.wasm") / "admit.toml"


def run(script, monkeypatch, loopback, *files):
    """What `main` of the script returns."""

    async def main():
        async with graph(loopback, Credential()) as client:
            monkeypatch.setattr(script, "GraphServiceClient", lambda credential: client)
            monkeypatch.setattr(script, "DefaultAzureCredential", Credential)
            return await script.main(*files)

    return asyncio.run(main())


def test_the_script(script, monkeypatch, loopback, partners, payload):
    assert run(script, monkeypatch, loopback, partners, CREATED) is None
    [sent] = loopback.requests
    assert resumed(sent, load(partners).evaluate(payload))
    nothing = run(script, monkeypatch, loopback, partners, CONNECTION_TEST)
    assert nothing == "nothing to send: the service tries the endpoint; nothing is asked"
    assert len(loopback.requests) == 1
    refusal = b'{"error": {"code": "UnknownError", "message": "nothing is waiting"}}'
    loopback.reply = lambda path: (400, {"Content-Type": "application/json"}, refusal)
    refused = run(script, monkeypatch, loopback, partners, CREATED)
    assert refused == "not taken: nothing is waiting (status 400)"


def test_the_script_from_the_command_line(script, partners):
    command = [sys.executable, script.__file__, partners, CONNECTION_TEST]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert "nothing to send: " in ended.stderr


def test_the_examples_send_alike():
    def sending(file):
        tree = ast.parse((EXAMPLES / file).read_text(encoding="utf-8"))
        return [ast.unparse(node) for node in tree.body if getattr(node, "name", "") == "resume"]

    assert sending("azure_function/function_app.py") == sending("msgraph_sdk/resume.py") != []


# ---- azure_function ----


def app(file):
    """The module of a function, and what the host of functions would index: it does so once."""
    imported = module(file)
    [imported.indexed] = imported.app.get_functions()
    return imported


@pytest.fixture
def function(tmp_path):
    return app(copy("azure_function", tmp_path, "partner_domains.wasm") / "function_app.py")


def call(function, loopback, *bodies, credential=None):
    """What the function answers to one request after the other."""

    async def main():
        async with graph(loopback, credential or Credential()) as client:
            function.graph = client
            answers = []
            for body in bodies:
                request = func.HttpRequest("POST", "/api/answer", body=body)
                answers.append(await function.indexed.get_user_function()(request))
            return answers

    answers = asyncio.run(main())
    assert all(answer.mimetype == "application/json" for answer in answers)
    return [(answer.status_code, json.loads(answer.get_body())) for answer in answers]


def test_what_the_host_of_functions_reads(function):
    trigger, reply = (binding.get_dict_repr() for binding in function.indexed.get_bindings())
    assert (trigger["type"], trigger["route"]) == ("httpTrigger", "answer")
    assert [str(getattr(method, "value", method)) for method in trigger["methods"]] == ["POST"]
    assert str(getattr(trigger["authLevel"], "value", trigger["authLevel"])).upper() == "FUNCTION"
    assert reply["type"] == "http"
    assert json.loads((EXAMPLES / "azure_function" / "host.json").read_bytes())["version"] == "2.0"


def test_the_function_answers_and_sends(function, loopback, payload, caplog):
    caplog.set_level(logging.INFO)
    approved, denied = call(function, loopback, payload, OUTSIDER.read_bytes())
    sent = [function.policies.evaluate(body) for body in (payload, OUTSIDER.read_bytes())]
    assert [report.decision for report in sent] == [admit.Decision.APPROVE, admit.Decision.DENY]
    assert all(map(resumed, loopback.requests, sent)) and len(loopback.requests) == 2
    assert approved == (200, {"key": sent[0].key, "sent": True})
    assert denied == (200, {"key": sent[1].key, "sent": True})
    # The log has the reports, without what they say about people.
    kept = [line for line in caplog.messages if line.startswith("report ")]
    assert [json.loads(line[7:])["key"] for line in kept] == [report.key for report in sent]
    [reason] = sent[1].reasons
    assert "mail domain" in reason.detail
    for text in ("token-of-the-test", reason.detail, "contoso.example", NOOR):
        assert text not in caplog.text


def test_the_function_sends_nothing_that_is_no_answer(function, loopback):
    expiring = CORPUS / "callouts" / "08-assignment-14-days-before-expiry.flat.json"
    determining = CORPUS / "callouts" / "07-determining-approval.flat.json"
    bodies = [file.read_bytes() for file in (CONNECTION_TEST, expiring, determining)]
    answers = call(function, loopback, *bodies)
    reports = [function.policies.evaluate(body) for body in bodies]
    assert loopback.requests == []
    for (status, said), report in zip(answers, reports, strict=True):
        reason = report.no_answer_reason.code
        assert (status, said) == (200, {"key": report.key, "sent": False, "noAnswer": reason})


@pytest.mark.parametrize(
    ("change", "slug", "at"),
    [
        (lambda payload: b"", "callout-syntax", "line 1 column 1"),
        (lambda payload: b"Noor Halvorsen", "callout-syntax", "line 1 column 1"),
        (lambda payload: b"{}", "callout-missing", ""),
        (lambda payload: payload.replace(b"c0de0001-0001", b"Noor"), "callout-id", "/AccessPackageAssign"),
        (lambda payload: payload + b" " * 1024 * 1024, "callout-limit", ""),
    ],
    ids=["empty", "text", "object", "id", "long"],
)
def test_the_function_refuses_what_is_no_callout(function, loopback, payload, caplog, change, slug, at):
    [(status, said)] = call(function, loopback, change(payload))
    assert (status, said["error"]) == (400, slug)
    assert (said["at"] or "").startswith(at)
    assert set(said) == {"error", "at"}
    assert "Noor" not in json.dumps(said) + caplog.text
    assert loopback.requests == []


@pytest.mark.parametrize(
    ("graph_says", "status"),
    [(400, 424), (401, 424), (403, 424), (404, 424), (409, 424), (500, 502), (502, 502)],
)
def test_the_function_tells_what_may_pass_from_what_is_final(
    function, loopback, payload, caplog, graph_says, status
):
    loopback.reply = lambda path: (graph_says, {"Content-Type": "text/html"}, b"<p>token-of-the-test</p>")
    [(got, said)] = call(function, loopback, payload)
    key = function.policies.evaluate(payload).key
    assert (got, said) == (status, {"key": key, "sent": False, "error": "resume", "status": graph_says})
    assert f"(status {graph_says})" in caplog.text
    assert "token-of-the-test" not in caplog.text
    # A Logic App tries again after 502, and Graph takes the same answer then.
    loopback.reply = lambda path: (204, {}, b"")
    assert call(function, loopback, payload) == [(200, {"key": key, "sent": True})]
    assert len({body for _, _, _, body in loopback.requests}) == 1


def test_the_function_waits_where_graph_says_so(function, loopback, payload):
    replies = [(429, {"Retry-After": "1"}, b""), (204, {}, b"")]
    loopback.reply = lambda path: replies.pop(0)
    [(status, said)] = call(function, loopback, payload)
    assert (status, said["sent"], replies) == (200, True, [])
    assert loopback.requests[0][3] == loopback.requests[1][3] != b""


def test_the_function_without_graph_or_token(function, loopback, payload):
    credential = Credential()
    credential.error = ClientAuthenticationError("no identity")
    [(status, said)] = call(function, loopback, payload, credential=credential)
    assert (status, said["sent"], said["status"]) == (502, False, None)
    assert loopback.requests == []
    loopback.close()
    [(status, said)] = call(function, loopback, payload)
    assert (status, said["sent"], said["status"]) == (502, False, None)


def test_the_identity_is_that_of_the_function(function, loopback, payload, monkeypatch):
    """The credential of the example itself, and an identity endpoint as Azure gives it to a function."""

    async def main():
        function.graph.request_adapter.base_url = f"{loopback.url}/v1.0"
        request = func.HttpRequest("POST", "/api/answer", body=payload)
        answer = await function.indexed.get_user_function()(request)
        await function.graph.request_adapter._http_client.aclose()
        await credential.close()
        return answer

    token = {"access_token": "token-of-the-test", "expires_on": str(int(time.time()) + 3600)}
    token |= {"resource": loopback.url, "token_type": "Bearer"}
    given = json.dumps(token).encode()
    json_type = {"Content-Type": "application/json"}
    loopback.reply = lambda path: (200, json_type, given) if "msi" in path else (204, {}, b"")
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{loopback.url}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "header-of-the-test")
    function = app(Path(function.__file__))  # which looks for its identity when it is imported
    provider = function.graph.request_adapter._authentication_provider.access_token_provider
    credential = provider._credentials
    assert type(credential).__name__ == "ManagedIdentityCredential"
    assert asyncio.run(main()).status_code == 200
    asked, sent = loopback.requests
    assert asked[2]["X-IDENTITY-HEADER"] == "header-of-the-test"
    assert resumed(sent, function.policies.evaluate(payload))


def test_a_set_that_cannot_be_used_fails_the_start_of_the_function(tmp_path):
    folder = copy("azure_function", tmp_path)
    with pytest.raises(admit.PolicyFileError, match=r"partner_domains\.wasm"):
        module(folder / "function_app.py")
    (folder / "admit.toml").write_text("rule = 'deny-overides'")
    with pytest.raises(admit.SetError):
        module(folder / "function_app.py")


# ---- fastapi_app ----


class Service:
    """The example under uvicorn, as a process of its own."""

    def __init__(self, folder, duties):
        command = [sys.executable, "-m", "uvicorn", "app:app", "--host", "127.0.0.1", "--port", "0"]
        env = {**os.environ, "DUTIES_URL": duties}
        self.folder = folder
        self.lines = []
        self._process = subprocess.Popen(
            command, cwd=folder, env=env, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        )
        self.url = None
        for line in self._process.stderr:
            self.lines.append(line)
            if found := re.search(r"running on (http://127\.0\.0\.1:\d+)", line):
                self.url = found[1]
                break
        # What it says later is read, too, so that it never waits for somebody to read it.
        self._reader = threading.Thread(target=lambda: self.lines.extend(self._process.stderr))
        self._reader.start()

    def says(self, text):
        """Whether it says a text, soon."""
        until = time.monotonic() + 10
        while not any(text in line for line in self.lines):
            if time.monotonic() > until:
                return False
            time.sleep(0.01)
        self.lines.clear()
        return True

    def stop(self):
        """Ends it, and gives what it has said."""
        self._process.terminate()
        code = self._process.wait(30)
        self._reader.join(30)
        self._process.stderr.close()
        return code, "".join(self.lines)


@pytest.fixture(scope="module")
def duties():
    """The service that knows what people hold: `/held/{object id}`."""
    with contextlib.closing(Loopback()) as server:
        yield server


@pytest.fixture(scope="module")
def service(tmp_path_factory, duties):
    folder = copy("fastapi_app", tmp_path_factory.mktemp("fastapi"), "separation_of_duties.wasm")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "127.0.0.1")
        patch.setenv("no_proxy", "127.0.0.1")
        started = Service(folder, duties.url)
    assert started.url, started.lines
    yield started
    started.stop()


def holds(*packages):
    """What the service of facts answers."""
    content = json.dumps({"packages": packages}).encode()
    return lambda path: (200, {"Content-Type": "application/json"}, content)


def post(service, body, **named):
    return httpx.post(f"{service.url}/evaluate", content=body, timeout=30, **named)


def test_the_service_answers_with_the_report(service, duties, payload):
    duties.requests.clear()
    duties.reply = holds()
    answer = post(service, payload)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    report = answer.json()
    assert report["decision"]["effect"] == "approve"
    assert report["answer"]["path"] == "/v1.0" + json.loads(payload)["CallbackUriPath"]
    assert [path for _, path, _, _ in duties.requests] == [f"/held/{NOOR}"]
    # Byte for byte what the package says.
    file = service.folder / "admit.toml"
    policies = admit.PolicySet.from_file(file, facts={"held": {NOOR: {"packages": []}}})
    assert policies.evaluate(payload, now=instant(report["now"])).to_json() == answer.text


def test_the_service_denies(service, duties, payload):
    duties.reply = holds(PAYABLE)
    report = post(service, payload).json()
    assert report["decision"]["reasons"][0]["code"] == "sod-conflict"
    assert report["answer"]["body"]["data"]["state"] == "denied"


def test_a_connection_test_has_no_answer(service):
    answer = post(service, CONNECTION_TEST.read_bytes())
    assert (answer.status_code, answer.json()["answer"]) == (200, None)


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (lambda path: (404, {}, b""), "no-record"),
        (lambda path: (500, {}, b'{"packages": []}'), "facts"),
        (lambda path: (302, {"Location": "/login"}, b'{"packages": []}'), "facts"),
        (lambda path: (200, {}, b""), "facts"),
        (lambda path: (200, {}, b'{"packages": null}'), "refused"),
        (lambda path: time.sleep(1.5) or (200, {}, b'{"packages": []}'), "facts"),
        (lambda path: (200, {}, b"null"), "no-record"),
    ],
    ids=["unknown", "broken", "elsewhere", "empty", "no list", "late", "null"],
)
def test_what_the_service_of_facts_does_not_say_denies(service, duties, payload, reply, code):
    duties.reply = reply
    report = post(service, payload).json()
    [outcome] = report["outcomes"]
    said = outcome["fault"]["kind"] if "fault" in outcome else outcome["verdict"]["code"]
    assert said == code
    assert report["answer"]["body"]["data"]["state"] == "denied"
    if code == "facts":
        assert service.says(f"{report['key']}: held failed: ")


@pytest.mark.parametrize(
    ("body", "slug", "at"),
    [(b"", "callout-syntax", "line 1"), (b'{"Noor": 1}', "callout-missing", "")],
    ids=["empty", "object"],
)
def test_the_service_refuses_what_is_no_callout(service, body, slug, at):
    answer = post(service, body)
    assert (answer.status_code, answer.json()["error"]) == (400, slug)
    assert (answer.json()["at"] or "").startswith(at)
    assert "Noor" not in answer.text


def test_the_service_reads_no_more_than_a_callout_has(service, payload):
    limit = 1024 * 1024
    # As much as is read: not a callout, and not too large.
    assert post(service, b" " * limit).status_code == 400
    assert post(service, b" " * (limit + 1)).status_code == 413
    # Without a length that is known before.
    assert post(service, iter([payload, b" " * limit])).status_code == 413
    # It is refused before it has ended.
    connection = http.client.HTTPConnection(service.url.removeprefix("http://"), timeout=30)
    with contextlib.closing(connection):
        connection.putrequest("POST", "/evaluate")
        connection.putheader("Content-Length", str(1 << 40))
        connection.endheaders(b" " * (limit + 1))
        assert connection.getresponse().status == 413


def test_the_service_goes_on_while_facts_are_awaited(service, duties, payload):
    async def main():
        async with httpx.AsyncClient(timeout=30) as client:
            posts = [client.post(f"{service.url}/evaluate", content=payload) for _ in range(4)]
            return await asyncio.gather(*posts)

    barrier = threading.Barrier(4, timeout=1)  # nobody is answered before all have asked
    said = holds()
    duties.reply = lambda path: (barrier.wait(), said(path))[1]
    assert [answer.json()["decision"]["effect"] for answer in asyncio.run(main())] == ["approve"] * 4


def test_a_set_that_cannot_be_used_fails_the_start_of_the_service(tmp_path):
    service = Service(copy("fastapi_app", tmp_path), "http://127.0.0.1:9")
    code, said = service.stop()
    assert service.url is None and code != 0
    assert "PolicyFileError" in said and "separation_of_duties.wasm" in said


# ---- README.md ----


def test_a_frame_has_all_that_reports_say():
    """As in the README, of reports of many kinds, what cannot be read among them."""
    results = []
    for case in CASES:
        results += load(case.set).evaluate_many([case.callout.read_bytes()], now=case.now)
    results += load(CASES[0].set).evaluate_many([b"{"])
    frame = pandas.json_normalize(
        [r.to_dict() if isinstance(r, admit.Report) else {"error": repr(r)} for r in results]
    )
    assert len(frame) == len(results) > 40
    for row, report in zip(frame.to_dict("records"), results, strict=True):
        if not isinstance(report, admit.Report):
            assert row["error"].startswith("CalloutSyntaxError(") and pandas.isna(row["key"])
            continue
        assert pandas.isna(row["error"])
        assert (row["key"], row["stage"]) == (report.key, report.stage)
        assert row["outcomes"] == report.to_dict()["outcomes"]
        if report.decision is None:
            assert pandas.isna(row["decision.effect"])
        else:
            assert row["decision.effect"] == str(report.decision)
