"""The back-end against llama.cpp's own server, with a model made on the spot that says two sentences it was built to say."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tokenizers import pre_tokenizers

from rag.answer.grounding import ground_claim
from rag.answer.llm.answerer import LLMAnswerer
from rag.answer.llm.failures import PromptTooLongError
from rag.answer.llm.openai import OpenAIChat
from rag.assembly import open_assistant
from rag.config import Settings
from rag.types import Turn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from rag.protocols import Answerer
    from rag.types import Passage, Question

END, USER = "<|end|>", "<|user|>"
# Each is one token of the model, which says them one after the other. The last one is a lie.
GOOD = "2023年，上海工业战略性新兴产业总产值占规上工业总产值的比重为43.9%。[1]"
LIE = "这一比重为51.2%。[1]"
SAYS = (GOOD, LIE)
WIDTH = 64
ROOMY, NARROW = 16384, 6144
PROMPT = (Turn(role="system", content="规则"), Turn(role="user", content="hi"))
TEMPLATE = "{% for turn in messages %}" + USER + "{{ turn['content'] }}{% endfor %}" + USER
SERVE = """
import sys, threading, xllamacpp
wanted = xllamacpp.CommonParams()
wanted.model.path, wanted.n_ctx, wanted.n_parallel = sys.argv[1], int(sys.argv[2]), 1
wanted.cpuparams.n_threads, wanted.warmup, wanted.verbosity = 1, False, 0
server = xllamacpp.Server(wanted)
print(server.listening_address, flush=True)
threading.Event().wait()
"""


def byte_level(text: str) -> str:
    """The text in the alphabet in which byte-level tokens are written."""
    (piece,) = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False).pre_tokenize_str(text)
    return str(piece[0])


def write_model(path: Path) -> None:
    """Random embeddings, and an output layer that leads from the end of the prompt through `SAYS` to the end mark."""
    from gguf import GGUFWriter

    alphabet, said = sorted(pre_tokenizers.ByteLevel.alphabet()), [byte_level(text) for text in SAYS]
    vocab = {token: number for number, token in enumerate([END, USER, *alphabet, *said])}
    writer = GGUFWriter(path, "llama")
    writer.add_context_length(ROOMY)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(WIDTH)
    writer.add_head_count(2)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(list(vocab))
    writer.add_token_types([3, 3, *(1 for _ in alphabet), *(1 for _ in said)])
    writer.add_token_merges(["a b"])
    writer.add_eos_token_id(vocab[END])
    writer.add_bos_token_id(vocab[END])
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)
    for name, tensor in tensors(vocab, said).items():
        writer.add_tensor(f"{name}.weight", tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def tensors(vocab: dict[str, int], said: list[str]) -> dict[str, NDArray[np.float32]]:
    embeddings = np.random.default_rng(0).normal(size=(len(vocab), WIDTH)).astype(np.float32)
    output = np.zeros_like(embeddings)
    for before, after in zip([USER, *said], [*said, END], strict=True):
        output[vocab[after]] = embeddings[vocab[before]]
    square, ones = np.zeros((WIDTH, WIDTH), np.float32), np.ones(WIDTH, np.float32)
    found = {"token_embd": embeddings, "output": output, "output_norm": ones}
    found |= {f"blk.0.{name}": square for name in ("attn_q", "attn_k", "attn_v", "attn_output")}
    found |= {f"blk.0.{name}": square for name in ("ffn_gate", "ffn_up", "ffn_down")}
    return found | {"blk.0.attn_norm": ones, "blk.0.ffn_norm": ones}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    for package in ("xllamacpp", "gguf"):
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    path = tmp_path_factory.mktemp("tiny_gguf") / "tiny.gguf"
    write_model(path)
    return path


@contextmanager
def served(model: Path, context: int) -> Iterator[str]:
    """The base URL of a running server."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(model), str(context)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip()
        assert address, "llama.cpp's server did not start"
        yield f"{address}/v1"
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stdout.close()


@pytest.fixture(scope="module")
def roomy(model: Path) -> Iterator[str]:
    with served(model, ROOMY) as url:
        yield url


@pytest.fixture(scope="module")
def narrow(model: Path) -> Iterator[str]:
    with served(model, NARROW) as url:
        yield url


def chat(url: str) -> OpenAIChat:
    return OpenAIChat(name="llamacpp:any", model="any", base_url=url, api_key=None, deadline_s=20)


def test_llama_cpp_streams_its_answer_and_its_usage(roomy: str) -> None:
    completion = chat(roomy).stream(PROMPT)
    assert [piece for piece in completion if piece] == list(SAYS)
    assert completion.usage is not None
    assert completion.usage.prompt_tokens == len("规则hi".encode()) + 3
    assert completion.usage.completion_tokens == len(SAYS) + 1


def test_of_what_llama_cpp_says_only_the_supported_sentence_arrives(
    roomy: str, question: Question, passages: tuple[Passage, ...], no_fallback: Answerer
) -> None:
    answerer = LLMAnswerer(
        llm=chat(roomy),
        count_tokens=len,
        prompt_tokens=9_000,
        ground=ground_claim,
        deadline_s=20.0,
        fallback=no_fallback,
    )
    emitted: list[str] = []
    answer = answerer.answer(question, passages, emit=emitted.append)
    assert (answer.status, answer.text) == ("answered", GOOD.replace("[1]", " [1]"))
    assert "".join(emitted) == answer.text
    assert [claim.supported for claim in answer.claims] == [True, False]


def test_a_prompt_beyond_the_context_of_llama_cpp_is_told_from_other_errors(narrow: str) -> None:
    with pytest.raises(PromptTooLongError, match="lower `prompt_tokens`"):
        "".join(chat(narrow).stream([Turn(role="user", content="x" * 2 * NARROW)]))


def test_passages_are_dropped_until_the_context_of_llama_cpp_holds_the_prompt(narrow: str, sample_index: Path) -> None:
    settings = Settings(index=sample_index, llm="llamacpp:any", llm_base_url=narrow, llm_deadline_s=20)
    with open_assistant(settings) as assistant:
        answer = assistant.ask("2023年上海工业战略性新兴产业总产值占规上工业总产值的比重是多少？")
    assert (answer.llm, answer.status) == ("llamacpp:any", "answered")
    shown = re.findall(r"^<<<\w+ \[", answer.prompt[-1].content, re.MULTILINE)
    assert 1 <= len(shown) < len(answer.passages)
    assert answer.usage is not None
    assert answer.usage.prompt_tokens < NARROW


def test_the_models_that_the_page_tells_to_look_up_are_listed(roomy: str) -> None:
    with urllib.request.urlopen(f"{roomy}/models", timeout=5) as response:
        assert json.load(response)["data"]
