"""The back-end against a real OpenAI-compatible server process: `transformers serve` with a model made on the spot."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from rag.answer.grounding import ground_claim
from rag.answer.llm.answerer import LLMAnswerer
from rag.answer.llm.openai import OpenAIChat
from rag.errors import BackendError
from rag.types import Turn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from rag.protocols import Answerer
    from rag.types import Passage, Question

pytestmark = pytest.mark.slow

START_LIMIT_S = 120.0
END, USER = "<|end|>", "<|user|>"
SAYS = "ok."
WIDTH = 64
SHAPE = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "hidden_size": WIDTH,
    "intermediate_size": WIDTH,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "num_key_value_heads": 2,
    "max_position_embeddings": 16384,
    "bos_token_id": 1,
    "eos_token_id": 0,
    "pad_token_id": 0,
    "tie_word_embeddings": False,
    "hidden_act": "silu",
    "dtype": "float32",
}


def write_tokenizer(folder: Path) -> dict[str, int]:
    """A token for each byte and two marks; return their numbers."""
    vocab = {token: number for number, token in enumerate([END, USER, *sorted(pre_tokenizers.ByteLevel.alphabet())])}
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([END, USER])
    tokenizer.save(str(folder / "tokenizer.json"))
    template = "{% for turn in messages %}" + USER + "{{ turn['content'] }}{% endfor %}" + USER
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "eos_token": END,
        "pad_token": END,
        "chat_template": template,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), "utf-8")
    return vocab


def write_model(folder: Path) -> None:
    """Random embeddings, and an output layer that leads from the end of the prompt through `SAYS` to the end mark."""
    from safetensors.numpy import save_file

    vocab = write_tokenizer(folder)
    random = np.random.default_rng(0)
    embeddings = random.normal(size=(len(vocab), WIDTH)).astype(np.float32)
    output = np.zeros_like(embeddings)
    for before, after in zip([USER, *SAYS], [*SAYS, END], strict=True):
        output[vocab[after]] = embeddings[vocab[before]]
    square, ones = np.zeros((WIDTH, WIDTH), np.float32), np.ones(WIDTH, np.float32)
    layer = "model.layers.0."
    names = [f"self_attn.{part}_proj" for part in "qkvo"] + [f"mlp.{part}_proj" for part in ("gate", "up", "down")]
    tensors: dict[str, NDArray[np.float32]] = {f"{layer}{name}.weight": square for name in names}
    tensors |= {f"{layer}{name}_layernorm.weight": ones for name in ("input", "post_attention")}
    tensors |= {"model.embed_tokens.weight": embeddings, "lm_head.weight": output, "model.norm.weight": ones}
    save_file(tensors, str(folder / "model.safetensors"), metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(SHAPE | {"vocab_size": len(vocab)}), "utf-8")
    limits = {"max_new_tokens": 16, "eos_token_id": 0, "pad_token_id": 0}
    (folder / "generation_config.json").write_text(json.dumps(limits), "utf-8")


def wait_until_healthy(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    ends = time.monotonic() + START_LIMIT_S
    while time.monotonic() < ends and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"transformers serve did not start:\n{log.read_text('utf-8')[-2000:]}")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The base URL of a running server, and the name of its model."""
    for package in ("transformers", "torch", "accelerate"):
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    folder = tmp_path_factory.mktemp("tiny_model")
    write_model(folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).with_name("transformers")), "serve", str(folder), "--device", "cpu"]
    log = folder / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port)],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(folder), "OMP_NUM_THREADS": "1"},
        )
        try:
            wait_until_healthy(process, port, log)
            yield f"http://127.0.0.1:{port}/v1", str(folder)
        finally:
            process.terminate()
            process.wait(timeout=20)


def chat(served: tuple[str, str]) -> OpenAIChat:
    url, model = served
    return OpenAIChat(name=f"openai:{model}", model=model, base_url=url, api_key=None, deadline_s=30)


def test_a_real_server_streams_its_answer_and_its_usage(served: tuple[str, str]) -> None:
    completion = chat(served).stream([Turn(role="system", content="规则"), Turn(role="user", content="hi")])
    assert "".join(completion) == SAYS
    assert completion.usage is not None
    assert completion.usage.prompt_tokens > 5
    assert completion.usage.completion_tokens >= len(SAYS)


def test_what_a_real_model_says_without_a_source_is_refused(
    served: tuple[str, str], question: Question, passages: tuple[Passage, ...], no_fallback: Answerer
) -> None:
    answerer = LLMAnswerer(
        llm=chat(served),
        count_tokens=len,
        prompt_tokens=9_000,
        ground=ground_claim,
        deadline_s=60.0,
        fallback=no_fallback,
    )
    answer = answerer.answer(question, passages, emit=lambda _: None)
    assert (answer.status, answer.reason) == ("refused", "unsupported")
    assert [claim.text for claim in answer.claims] == [SAYS]
    assert answer.usage is not None


def test_a_prompt_without_turns_is_an_error_of_the_server(served: tuple[str, str]) -> None:
    with pytest.raises(BackendError, match="answered"):
        "".join(chat(served).stream([]))
