"""Evaluates a callout and sends the answer with Graph's own client, msgraph-sdk.

    pip install azure-identity msgraph-sdk    # and admit
    python resume.py admit.toml callout.json

It is whoever DefaultAzureCredential finds: the managed identity in Azure, `az login` elsewhere. The exit
code is 0 if Graph took the answer.
"""

import asyncio
import sys
from pathlib import Path
from urllib.parse import urljoin

from azure.identity.aio import DefaultAzureCredential
from kiota_abstractions.api_error import APIError
from kiota_abstractions.method import Method
from kiota_abstractions.request_adapter import RequestAdapter
from kiota_abstractions.request_information import RequestInformation
from msgraph import GraphServiceClient
from msgraph.generated.models.o_data_errors.o_data_error import ODataError

import admit


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


async def main(set_file: str, callout: str) -> str | None:
    """Evaluates and sends; what went wrong, or None."""
    policies = admit.PolicySet.from_file(set_file, prepare="each-time")
    report = policies.evaluate(Path(callout).read_bytes())
    print(report, file=sys.stderr)
    if report.no_answer_reason is not None:
        return f"nothing to send: {report.no_answer_reason.detail}"
    async with DefaultAzureCredential() as credential:
        try:
            await resume(report, GraphServiceClient(credential).request_adapter)
        except APIError as error:
            return f"not taken: {error}"
    return None


if __name__ == "__main__":
    sys.exit(asyncio.run(main(*sys.argv[1:])))
