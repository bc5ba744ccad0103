"""Settings: what a user may choose, read from a TOML file and the environment by the entry points."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from rag.errors import ConfigError
from rag.presets import EXTRACTIVE, PRESETS

if TYPE_CHECKING:
    from collections.abc import Mapping

ENV_PREFIX = "HUWEN_"
FRACTION = Field(ge=0.0, le=1.0)
Column = Literal["id", "title", "text", "source", "published", "url"]


class Settings(BaseModel):
    """Every choice with its default. A key of `huwen.toml`, or `HUWEN_` and the key in capitals in the environment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    index: Path = Field(default=Path(".huwen"), description="Folder of the index.")
    embedder: str = Field(
        default="builtin", description="Embedding model: `builtin`, `sentence-transformers:NAME` or `openai:NAME`."
    )
    llm: str = Field(
        default=EXTRACTIVE,
        description="Who writes answers: `extractive`, or `SERVER:MODEL`, where SERVER is "
        f"{', '.join(f'`{name}`' for name in PRESETS)}; `openai` with `llm_base_url` is any server with its interface.",
    )
    unsupported: Literal["drop", "mark"] = Field(
        default="drop", description="What becomes of a model's sentence that its sources do not support."
    )
    llm_base_url: str | None = Field(default=None, description="Base URL of an OpenAI-compatible chat server.")
    llm_api_key: SecretStr | None = Field(
        default=None, description="Its key; where this is not set, the server's own variable, such as `OPENAI_API_KEY`."
    )
    llm_keys: dict[str, SecretStr] = Field(
        default={}, description="Keys by server, as the environment has them; a key goes to its own server only."
    )
    llm_helps: tuple[Literal["condense", "split", "translate", "imagine"], ...] = Field(
        default=("condense",),
        description="How a language model helps the search: `condense` completes a follow-up, `split` parts a question, "
        "`translate` puts it into the other language, `imagine` writes what an answer might say.",
    )
    llm_deadline_s: float = Field(default=60.0, gt=0, description="Seconds for one whole answer, retries included.")
    embedder_base_url: str | None = Field(
        default=None, description="Base URL of an OpenAI-compatible embeddings server."
    )
    embedder_api_key: SecretStr | None = Field(
        default=None, description="Its key; `OPENAI_API_KEY` where this is not set."
    )
    embedder_dimensions: int | None = Field(
        default=None, ge=1, description="Length of vectors to ask an `openai:` model for; `None` is the model's own."
    )
    embedder_batch: int = Field(default=32, ge=1, description="Texts that a sentence-transformers model takes at once.")
    embedder_device: str | None = Field(
        default=None, description="Where it runs: `cpu`, `cuda`, `cuda:1`, `mps`; `None` is the best there is."
    )
    embedder_dtype: Literal["float32", "float16", "bfloat16"] | None = Field(
        default=None, description="Its numbers; `None` is as its files have them."
    )
    embedder_runtime: Literal["torch", "onnx"] = Field(default="torch", description="What runs it.")
    embedder_processes: int = Field(default=1, ge=1, le=64, description="Processes that share a long list of texts.")
    embedder_cache: Path | None = Field(
        default=None,
        description="File that remembers vectors by model and text, of any model but `builtin`; where it is not set, "
        "`huwen/vectors.sqlite` in the user's cache folder.",
    )
    reranker: str = Field(
        default="learned", description="What orders the best passages: `learned`, or `cross-encoder:NAME-OR-PATH`."
    )
    reranked: int = Field(default=20, ge=1, le=200, description="Passages that a cross-encoder reads for a question.")
    columns: dict[Column, str] = Field(
        default={},
        description="Names of the fields that hold an export's `id`, `title`, `text`, `source`, `published`, `url`; "
        "the others are guessed.",
    )
    chunk_tokens: int = Field(default=256, ge=32, le=2048, description="Largest size of a chunk in tokens.")
    candidates: int = Field(
        default=100, ge=50, le=1000, description="Hits that each arm of the search brings to the fusion."
    )
    dense_weight: Annotated[float, FRACTION] = Field(
        default=0.3, description="Weight of the cosine beside the lexical share in the fusion."
    )
    passages: int = Field(default=8, ge=5, le=50, description="Passages that the answerer reads.")
    prompt_tokens: int = Field(
        default=6000, ge=500, description="Largest size of a prompt in tokens, as counted by tiktoken."
    )
    token_encoding: str = Field(
        default="builtin",
        description="tiktoken encoding that counts prompt tokens; any but `builtin` must be in its cache.",
    )


def load_settings(path: Path | None, *, environment: Mapping[str, str]) -> Settings:
    """Return the settings of the file at `path` (none is the defaults), overridden by `environment`.

    Raises `ConfigError` naming the file or variable, the key and the value that cannot be used.
    """
    values: dict[str, object] = {} if path is None else _file_values(path)
    for key in Settings.model_fields.keys() - {"llm_keys"}:
        given = environment.get(ENV_PREFIX + key.upper())
        if given is not None:
            values[key] = given
    if "embedder_api_key" not in values and "OPENAI_API_KEY" in environment:
        values["embedder_api_key"] = environment["OPENAI_API_KEY"]
    if "embedder_cache" not in values:
        values["embedder_cache"] = _cache_file(environment)
    if "llm_keys" not in values:
        values["llm_keys"] = {
            name: environment[preset.key_variable]
            for name, preset in PRESETS.items()
            if preset.key_variable is not None and environment.get(preset.key_variable)
        }
    return _validated(values, where="the environment" if path is None else f"`{path}` and the environment")


def with_changes(settings: Settings, changes: Mapping[str, object]) -> Settings:
    """Return the settings with some values replaced, validated again; a value of `None` replaces nothing."""
    given = {key: value for key, value in changes.items() if value is not None}
    return _validated(settings.model_dump() | given, where="the options")


def _cache_file(environment: Mapping[str, str]) -> Path | None:
    """Return where vectors are remembered by default, `None` for a user without a home."""
    folder, home = environment.get("XDG_CACHE_HOME"), environment.get("HOME")
    if folder:
        return Path(folder) / "huwen" / "vectors.sqlite"
    return Path(home) / ".cache" / "huwen" / "vectors.sqlite" if home else None


def _file_values(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"no configuration file at `{path}`; create it or leave out --config") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"`{path}` cannot be read as TOML: {error}") from error


def _validated(values: Mapping[str, object], *, where: str) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        problems = "; ".join(_problem(dict(row)) for row in error.errors(include_url=False, include_context=False))
        raise ConfigError(f"settings from {where} cannot be used: {problems}") from None


def _problem(row: Mapping[str, object]) -> str:
    location = row["loc"]
    key = str(location[0]) if isinstance(location, tuple) and location else "?"
    if row["type"] == "extra_forbidden":
        return f"`{key}` is not a setting; `huwen doctor` lists them"
    value = "" if key.endswith(("_key", "_keys")) else f" (got {row['input']!r})"
    return f"`{key}`: {row['msg']}{value}"
