"""The client's own `resume` call sends what a host sends that posts the body as it is."""

import asyncio
import http.client
import json
import unittest

import httpx
from kiota_abstractions.authentication import AnonymousAuthenticationProvider
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph_core import GraphClientFactory

from emitted import Answer, answers
from loopback import Graph, Posted
from reading import duration, read


def changes(ours, theirs, place="") -> dict[str, tuple]:
    """Where two JSON values differ, by JSON pointer; what is absent is None."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        pairs = {name: (ours.get(name), theirs.get(name)) for name in {**ours, **theirs}}
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        pairs = dict(enumerate(zip(ours, theirs)))
    else:
        return {} if ours == theirs else {place: (ours, theirs)}
    found = {}
    for name, (one, other) in pairs.items():
        found |= changes(one, other, f"{place}/{name}")
    return found


def known_damage(answer: Answer) -> dict[str, tuple]:
    """What the client changes when it writes what it read. When it is mended, the tests say so."""
    known = {}
    if answer.data["stage"] == "assignmentRequestDeterminingApprovalRequirements":
        known["/data/stage"] = (answer.data["stage"], None)
    for name, value in (answer.stage or {}).items():
        if name.startswith("duration"):
            # Python's text of a timedelta: `2 days, 0:00:00`.
            known[f"/data/approvalStage/{name}"] = (value, str(duration(value)))
    return known


class Resume(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.graph = Graph()
        self.addCleanup(self.graph.close)

    async def post_by_client(self, answer: Answer):
        # A proxy of the environment would not reach this machine's loopback.
        async with httpx.AsyncClient(trust_env=False) as connection:
            adapter = GraphRequestAdapter(
                AnonymousAuthenticationProvider(),
                GraphClientFactory.create_with_default_middleware(client=connection),
            )
            adapter.base_url = f"http://{self.graph.address}/{answer.version}"
            entitlement = GraphServiceClient(
                request_adapter=adapter
            ).identity_governance.entitlement_management
            request = entitlement.assignment_requests.by_access_package_assignment_request_id(
                answer.path.split("/")[-2]
            )
            return await request.resume.post(read(answer.body))

    def post_as_it_is(self, answer: Answer):
        connection = http.client.HTTPConnection(self.graph.address)
        connection.request("POST", answer.path, answer.body, answer.headers)
        connection.getresponse().close()
        connection.close()

    def test_sends_the_same(self):
        for answer in answers():
            with self.subTest(answer.case):
                self.graph.posted.clear()
                self.post_as_it_is(answer)
                self.assertIsNone(asyncio.run(self.post_by_client(answer)), "204 has no content")

                ours, theirs = self.graph.posted
                self.assertEqual(ours, Posted(answer.path, "application/json", answer.body))
                self.assertEqual(theirs.path, ours.path)
                self.assertEqual(theirs.content_type, ours.content_type)
                found = changes(json.loads(ours.body), json.loads(theirs.body))
                self.assertEqual(found, known_damage(answer))

    def test_tells_a_refusal(self):
        self.graph.refusal = b'{"error": {"code": "UnknownError", "message": ""}}'
        with self.assertRaises(ODataError) as raised:
            asyncio.run(self.post_by_client(answers()[0]))
        self.assertEqual(raised.exception.response_status_code, 400)
        self.assertEqual(raised.exception.error.code, "UnknownError")
