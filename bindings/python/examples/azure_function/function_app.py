"""An Azure Function that a Logic App gives its callouts to: it evaluates each, and posts what is to be
answered to Graph with its own managed identity. README.md says how to run and deploy it.
"""

import json
import logging
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import azure.functions as func
import httpx
from azure.core.exceptions import AzureError
from azure.identity.aio import ManagedIdentityCredential
from kiota_abstractions.api_error import APIError
from kiota_abstractions.method import Method
from kiota_abstractions.request_adapter import RequestAdapter
from kiota_abstractions.request_information import RequestInformation
from msgraph import GraphServiceClient
from msgraph.generated.models.o_data_errors.o_data_error import ODataError

import admit

# Once, while the app starts: a set that cannot be used fails the start, and not a request.
policies = admit.PolicySet.from_file(Path(__file__).with_name("admit.toml"))
graph = GraphServiceClient(ManagedIdentityCredential())
# Whoever can call this can make up a callout that is approved, so nobody may without a key.
app = func.FunctionApp(http_auth_level=func.AuthLevel.FUNCTION)


@app.route(route="answer", methods=["POST"])
async def answer(request: func.HttpRequest) -> func.HttpResponse:
    """Evaluates a callout and sends the answer. It replies when Graph has: what runs on after the reply
    may be cut off with the process, and then nobody would try again."""
    try:
        report = await policies.aevaluate(request.get_body())
    except admit.AdmitError as error:
        # Without its detail, which may repeat what stands in the payload.
        logging.error("no callout: %s at %s", error.slug, error.path)
        status = 500 if isinstance(error, admit.InternalError) else 400
        return reply(status, error=error.slug, at=error.path)
    logging.info("report %s", report.to_json(redact=True))
    if report.no_answer_reason is not None:
        logging.warning("%s: not answered: %s", report.key, report.no_answer_reason.code)
        return reply(200, key=report.key, sent=False, noAnswer=report.no_answer_reason.code)
    try:
        await resume(report, graph.request_adapter)
    except (APIError, AzureError, httpx.HTTPError) as error:
        logging.error("%s: not sent: %s", report.key, error)
        # Graph's refusal is final. Throttling, an outage, a token or a connection that is missing may
        # pass, and a Logic App tries again after 5xx: the same answer, which Graph takes once.
        said = error.response_status_code if isinstance(error, APIError) else None
        final = said is not None and said < 500 and said not in (408, 429)
        return reply(424 if final else 502, key=report.key, sent=False, error="resume", status=said)
    return reply(200, key=report.key, sent=True)


async def resume(report: admit.Report, adapter: RequestAdapter) -> None:
    """Posts a report's answer, where there is one. The body is the report's bytes: a typed body of the
    SDK loses the stage that asks for approvers, and writes durations that Graph cannot read."""
    request = report.resume_request
    if request is None:
        return
    sent = RequestInformation(Method(request.method))
    sent.url = urljoin(adapter.base_url, request.path)  # a path of the library, from `/`: Graph's host stays
    sent.headers.add_all(request.headers)
    sent.content = request.content
    await adapter.send_no_response_content_async(sent, {"XXX": ODataError})


def reply(status: int, /, **members: Any) -> func.HttpResponse:
    return func.HttpResponse(json.dumps(members), status_code=status, mimetype="application/json")
