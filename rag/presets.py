"""Chat servers by name: where each listens and which variable holds its key; opens none of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

EXTRACTIVE = "extractive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A server with OpenAI's chat interface. `url` is `None` for OpenAI itself; `key_variable` where it wants no key."""

    url: str | None
    key_variable: str | None


PRESETS: Mapping[str, Preset] = {
    "openai": Preset(url=None, key_variable="OPENAI_API_KEY"),
    "deepseek": Preset(url="https://api.deepseek.com/v1", key_variable="DEEPSEEK_API_KEY"),
    "dashscope": Preset(url="https://dashscope.aliyuncs.com/compatible-mode/v1", key_variable="DASHSCOPE_API_KEY"),
    "ollama": Preset(url="http://127.0.0.1:11434/v1", key_variable=None),
    "vllm": Preset(url="http://127.0.0.1:8000/v1", key_variable=None),
    "llamacpp": Preset(url="http://127.0.0.1:8080/v1", key_variable=None),
    "lmstudio": Preset(url="http://127.0.0.1:1234/v1", key_variable=None),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec:
    """What `llm = "ollama:qwen2.5:7b"` says: a server and the model's name there."""

    server: str
    model: str
    preset: Preset


def read_model_spec(spec: str) -> ModelSpec:
    """Return the server and the model that a setting names. Raises `ConfigError`."""
    server, _, model = spec.partition(":")
    if server not in PRESETS or not model:
        known = ", ".join(f"`{name}:MODEL`" for name in PRESETS)
        raise ConfigError(f"`llm` must be `{EXTRACTIVE}` or one of {known} (got `{spec}`)")
    return ModelSpec(server=server, model=model, preset=PRESETS[server])
