"""What passing a model's answer on costs: `python bench/relay.py [--requests N]`.

`huwen serve` over the samples (or HUWEN_CORPUS) asks a scripted model on loopback that quotes the first passage. Printed are:
how long after the model has sent the end of its first sentence a client of the stream has it, at a hundred pieces a second
(a sentence is certain only with the piece behind it, which shows that no further citation follows, and is then checked); what
relaying a request takes, which is what the HTTP door adds to the assistant and the chat client to a bare exchange with the
model; and, for comparison, what an answer takes beyond the search and the model: building the prompt and checking sentences.
A shared machine only ever adds time, so best and median are printed, with the load. Exits 1 where even the best is above its
limit: 50 ms for the first sentence, 5 ms for the chat client.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from loopback import DOCUMENTS, QUESTIONS, posted, scripted_model, serving

from rag.answer.llm.openai import OpenAIChat
from rag.assembly import sync_index
from rag.config import Settings
from rag.types import Turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loopback import ScriptedModel

REQUESTS, WARM_UP = 40, 4
PACE_S = 0.01
FIRST_MS, CLIENT_MS = 50.0, 5.0
PROMPT = (Turn(role="system", content="规则"), Turn(role="user", content="问题 " * 1500))


def main(requests: int) -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        sync_index(Settings(index=index), [DOCUMENTS], progress=lambda _: None)
        with scripted_model(pace_s=PACE_S) as model, serving(index, model) as served:
            firsts = [first_sentence_ms(served.port, model, number) for number in range(WARM_UP + requests)][WARM_UP:]
        with scripted_model(pace_s=0.0) as model, serving(index, model) as served:
            asked = [request_ms(served.port, model, number) for number in range(WARM_UP + requests)][WARM_UP:]
            client = [client_ms(model) for _ in range(WARM_UP + requests)][WARM_UP:]
    print(f"{requests} requests each; load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    first = shown("first sentence at the client, after the model sent its end", [total for total, _ in firsts])
    shown("  of which after the piece that makes it certain", [late for _, late in firsts])
    shown("the door: a request beyond the assistant's own time", [door for door, _ in asked])
    client_best = shown("the chat client's part of an exchange with the model", [mine for mine, _ in client])
    client_best -= shown("  a bare client's part of the same", [bare for _, bare in client])
    shown("an answer beyond the search and the model's own time", [work for _, work in asked])
    print(
        f"at best: first sentence {first:.1f} ms (limit {FIRST_MS:.0f}), the chat client beyond a bare one "
        f"{client_best:.1f} ms (limit {CLIENT_MS:.0f})"
    )
    return int(first > FIRST_MS or client_best > CLIENT_MS)


def first_sentence_ms(port: int, model: ScriptedModel, number: int) -> tuple[float, float]:
    """Return the milliseconds from the end of the model's first sentence, and from its next piece, to the client's."""
    messages = [{"role": "user", "content": QUESTIONS[number % len(QUESTIONS)]}]
    connection = posted(port, "/v1/chat/completions", {"messages": messages, "stream": True})
    response = connection.getresponse()
    got = 0.0
    for line in response:
        if line.startswith(b"data: {") and not got:
            choices = json.loads(line[6:]).get("choices") or [{"delta": {}}]
            got = time.monotonic() if choices[0]["delta"].get("content") else 0.0
    connection.close()
    call = model.calls[-1]
    assert call.first is not None
    assert call.certain is not None, "the first passage has one sentence only; take another question"
    return 1000 * (got - call.first), 1000 * (got - call.certain)


def request_ms(port: int, model: ScriptedModel, number: int) -> tuple[float, float]:
    """Return the milliseconds of a request outside the assistant, and of its answer outside search and model."""
    started = time.monotonic()
    connection = posted(port, "/api/ask", {"question": QUESTIONS[number % len(QUESTIONS)]})
    answer = json.load(connection.getresponse())
    took = 1000 * (time.monotonic() - started)
    connection.close()
    assert answer["status"] == "answered", answer["notice"]
    timings: dict[str, float] = answer["timings_ms"]
    return took - timings["total"], timings["answer"] - 1000 * spent(model)


def client_ms(model: ScriptedModel) -> tuple[float, float]:
    """Return the milliseconds of an exchange outside the model, by the chat client and by a bare one."""
    client = OpenAIChat(name="openai:any", model="any", base_url=model.url, api_key=None, deadline_s=10)
    "".join(client.stream(PROMPT))  # once for the certificates and the imports
    started = time.monotonic()
    "".join(client.stream(PROMPT))
    mine = time.monotonic() - started - spent(model)
    started = time.monotonic()
    body = {"messages": [{"role": turn.role, "content": turn.content} for turn in PROMPT]}
    connection = posted(urlsplit(model.url).port or 0, "/v1/chat/completions", body)
    connection.getresponse().read()
    connection.close()
    return 1000 * mine, 1000 * (time.monotonic() - started - spent(model))


def spent(model: ScriptedModel) -> float:
    """Return the seconds that the model took for its last call."""
    call = model.calls[-1]
    while call.done is None:
        time.sleep(0.0005)
    return call.done - call.arrived


def shown(what: str, values: Sequence[float]) -> float:
    """Print best, median, 95th percentile and worst; return the best."""
    ordered = sorted(values)
    median = statistics.median(ordered)
    late = ordered[int(0.95 * (len(ordered) - 1))]
    print(f"{what:<60}best {ordered[0]:6.1f} ms  median {median:6.1f}  p95 {late:6.1f}  most {ordered[-1]:6.1f}")
    return ordered[0]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    sys.exit(main(parser.parse_args().requests))
