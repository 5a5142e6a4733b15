"""A FastAPI service behind the Logic App of docs/entra.md: a callout in, the report out. The Logic App
sends the answer. What people hold already is asked of another service, at DUTIES_URL.

    cp ../../../../tests/corpus/components/separation_of_duties.wasm .    # what admit.toml names
    cp ../../../../target/python-venv/wheels/admit-*.whl .                # what `make python` built
    pip install --requirement requirements.txt
    DUTIES_URL=https://duties.contoso.example uvicorn app:app

It says why people were refused: let in nobody but the Logic App's identity, in front of it.
"""

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse

import admit

LIMIT = 1024 * 1024  # no callout is larger

# Its time limit is below the policy's deadline, which ends a lookup as well, but without saying why.
duties = httpx.AsyncClient(base_url=os.environ["DUTIES_URL"], timeout=1)
log = logging.getLogger("uvicorn.error")


async def held(person: str) -> Any:
    """What someone holds: `{"packages": [...]}`. None says that nobody knows this person, whatever else
    goes wrong is raised: a fault, which denies, and never the empty answer "holds nothing"."""
    response = await duties.get(f"/held/{quote(person, safe='')}")
    if response.status_code == 404:
        return None
    return response.raise_for_status().json()


# Once, while the service starts: a set that cannot be used fails the start, and not a request.
policies = admit.PolicySet.from_file(Path(__file__).with_name("admit.toml"), facts={"held": held})


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with duties:
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/evaluate")
async def evaluate(request: Request) -> Response:
    """The report of a callout. Where `answer` is null, nothing is to be sent."""
    payload = bytearray()
    async for chunk in request.stream():  # not `body()`, which reads whatever comes
        payload += chunk
        if len(payload) > LIMIT:
            raise HTTPException(413)
    try:
        report = await policies.aevaluate(bytes(payload))
    except admit.AdmitError as error:
        # Without its detail, which may repeat what stands in the payload.
        status = 500 if isinstance(error, admit.InternalError) else 400
        return JSONResponse({"error": error.slug, "at": error.path}, status)
    for failure in report.fact_errors:
        log.error("%s: %s failed: %r", report.key, failure.collection, failure.exception)
    log.info("report %s", report.to_json(redact=True))
    return Response(report.to_json(), media_type="application/json")
