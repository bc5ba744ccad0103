"""Settings: what a user may choose, read from a TOML file and the environment by the entry points.

Plain dataclasses and checks of our own: importing pydantic and building one model of it would be a third of a cold answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rag.addresses import shown
from rag.config_values import Limits, Secret, checked, hints_of
from rag.errors import ConfigError
from rag.presets import EXTRACTIVE, PRESETS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.contract import Json

ENV_PREFIX = "HUWEN_"
MILVUS = "milvus:"
# Settings whose text may hold a password.
ADDRESSES = ("store", "milvus")
Column = Literal["id", "title", "text", "source", "published", "url"]
Help = Literal["condense", "split", "translate", "imagine"]


def _about(
    description: str, *, low: float | None = None, high: float | None = None, above: float | None = None
) -> dict[str, object]:
    """Return what a field tells of itself: its description and the limits of its value."""
    return {"description": description, "limits": Limits(low=low, high=high, above=above)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every choice with its default. A key of `huwen.toml`, or `HUWEN_` and the key in capitals in the environment.

    Raises `ConfigError` naming each value that cannot be used.
    """

    index: Path = field(
        default=Path(".huwen"),
        metadata=_about(
            "Folder of the index; `milvus:URI` searches in Milvus, a server or a file `NAME.db`, and keeps the articles in "
            "`.huwen`, `milvus:URI#FOLDER` in another folder."
        ),
    )
    store: str | None = field(
        default=None,
        repr=False,
        metadata=_about(
            "Where articles and revisions are kept: `postgresql://USER:PASSWORD@HOST/DATABASE`, with `#NAME` behind it for one "
            "index of several; where it is not set, a file in the folder of the index."
        ),
    )
    milvus: str | None = field(
        default=None, repr=False, metadata=_about("The Milvus of such an index; `index` sets it.")
    )
    embedder: str = field(
        default="builtin", metadata=_about("Embedding model: `builtin`, `sentence-transformers:NAME` or `openai:NAME`.")
    )
    llm: str = field(
        default=EXTRACTIVE,
        metadata=_about(
            "Who writes answers: `extractive`, or `SERVER:MODEL`, where SERVER is "
            f"{', '.join(f'`{name}`' for name in PRESETS)}; `openai` with `llm_base_url` is any server with its interface."
        ),
    )
    unsupported: Literal["drop", "mark"] = field(
        default="drop", metadata=_about("What becomes of a model's sentence that its sources do not support.")
    )
    llm_base_url: str | None = field(default=None, metadata=_about("Base URL of an OpenAI-compatible chat server."))
    llm_api_key: Secret | None = field(
        default=None,
        metadata=_about("Its key; where this is not set, the server's own variable, such as `OPENAI_API_KEY`."),
    )
    llm_keys: dict[str, Secret] = field(
        default_factory=dict,
        metadata=_about("Keys by server, as the environment has them; a key goes to its own server only."),
    )
    llm_helps: tuple[Help, ...] = field(
        default=("condense",),
        metadata=_about(
            "How a language model helps the search: `condense` completes a follow-up, `split` parts a question, "
            "`translate` puts it into the other language, `imagine` writes what an answer might say."
        ),
    )
    llm_deadline_s: float = field(
        default=60.0, metadata=_about("Seconds for one whole answer, retries included.", above=0)
    )
    llm_cassette: Path | None = field(
        default=None, metadata=_about("File of recorded replies; where it is set, a language model's come from it.")
    )
    llm_cassette_mode: Literal["replay", "record"] = field(
        default="replay", metadata=_about("`record` asks the model for replies that the file lacks, and adds them.")
    )
    embedder_base_url: str | None = field(
        default=None, metadata=_about("Base URL of an OpenAI-compatible embeddings server.")
    )
    embedder_api_key: Secret | None = field(
        default=None, metadata=_about("Its key; `OPENAI_API_KEY` where this is not set.")
    )
    embedder_dimensions: int | None = field(
        default=None,
        metadata=_about("Length of vectors to ask an `openai:` model for; `None` is the model's own.", low=1),
    )
    embedder_batch: int = field(
        default=32, metadata=_about("Texts that a sentence-transformers model takes at once.", low=1)
    )
    embedder_device: str | None = field(
        default=None, metadata=_about("Where it runs: `cpu`, `cuda`, `cuda:1`, `mps`; `None` is the best there is.")
    )
    embedder_dtype: Literal["float32", "float16", "bfloat16"] | None = field(
        default=None, metadata=_about("Its numbers; `None` is as its files have them.")
    )
    embedder_runtime: Literal["torch", "onnx"] = field(default="torch", metadata=_about("What runs it."))
    embedder_processes: int = field(
        default=1, metadata=_about("Processes that share a long list of texts.", low=1, high=64)
    )
    embedder_cache: Path | None = field(
        default=None,
        metadata=_about(
            "File that remembers vectors by model and text, of any model but `builtin`; where it is not set, "
            "`huwen/vectors.sqlite` in the user's cache folder."
        ),
    )
    reranker: str = field(
        default="learned", metadata=_about("What orders the best passages: `learned`, or `cross-encoder:NAME-OR-PATH`.")
    )
    reranked: int = field(
        default=20, metadata=_about("Passages that a cross-encoder reads for a question.", low=1, high=200)
    )
    columns: dict[Column, str] = field(
        default_factory=dict,
        metadata=_about(
            "Names of the fields that hold an export's `id`, `title`, `text`, `source`, `published`, `url`; "
            "the others are guessed."
        ),
    )
    chunk_tokens: int = field(default=256, metadata=_about("Largest size of a chunk in tokens.", low=32, high=2048))
    candidates: int = field(
        default=100, metadata=_about("Hits that each arm of the search brings to the fusion.", low=50, high=1000)
    )
    dense_weight: float = field(
        default=0.3, metadata=_about("Weight of the cosine beside the lexical share in the fusion.", low=0.0, high=1.0)
    )
    passages: int = field(default=8, metadata=_about("Passages that the answerer reads.", low=5, high=50))
    prompt_tokens: int = field(
        default=6000, metadata=_about("Largest size of a prompt in tokens, as counted by tiktoken.", low=500)
    )
    token_encoding: str = field(
        default="builtin",
        metadata=_about("tiktoken encoding that counts prompt tokens; any but `builtin` must be in its cache."),
    )

    def __post_init__(self) -> None:
        """Check every value, and make paths of texts."""
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        for name, value in _checked(given, where=None).items():
            object.__setattr__(self, name, value)


def load_settings(path: Path | None, *, environment: Mapping[str, str]) -> Settings:
    """Return the settings of the file at `path` (none is the defaults), overridden by `environment`.

    Raises `ConfigError` naming the file or variable, the key and the value that cannot be used.
    """
    values: dict[str, object] = {} if path is None else _file_values(path)
    for one in fields(Settings):
        given = environment.get(ENV_PREFIX + one.name.upper())
        if given is not None and one.name != "llm_keys":
            values[one.name] = given
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
    return _settings(values, where="the environment" if path is None else f"`{path}` and the environment")


def with_changes(settings: Settings, changes: Mapping[str, object]) -> Settings:
    """Return the settings with some values replaced, checked again; a value of `None` replaces nothing."""
    given = {key: value for key, value in changes.items() if value is not None}
    return replace(settings, **_checked(given, where="the options")) if given else settings


def settings_json(settings: Settings) -> dict[str, Json]:
    """Return the settings as a run may record them: secrets masked, in addresses too."""
    held = {one.name: _json(getattr(settings, one.name)) for one in fields(settings)}
    return held | {name: shown(address) for name in ADDRESSES if isinstance(address := held[name], str)}


def _json(value: object) -> Json:
    if isinstance(value, dict):
        return {str(key): _json(held) for key, held in value.items()}
    if isinstance(value, tuple):
        return [_json(held) for held in value]
    return value if isinstance(value, bool | int | float) or value is None else str(value)


def _cache_file(environment: Mapping[str, str]) -> Path | None:
    """Return where vectors are remembered by default, `None` for a user without a home."""
    folder, home = environment.get("XDG_CACHE_HOME"), environment.get("HOME")
    if folder:
        return Path(folder) / "huwen" / "vectors.sqlite"
    return Path(home) / ".cache" / "huwen" / "vectors.sqlite" if home else None


def _file_values(path: Path) -> dict[str, object]:
    import tomllib

    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"no configuration file at `{path}`; create it or leave out --config") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"`{path}` cannot be read as TOML: {error}") from error


def _settings(values: Mapping[str, object], *, where: str) -> Settings:
    return Settings(**_checked(values, where=where))


def _checked(values: Mapping[str, object], *, where: str | None) -> dict[str, Any]:
    """Return the values as their fields hold them. Raises `ConfigError` with all that is wrong with them."""
    hints = hints_of(Settings)
    values = _with_place(values)
    found: dict[str, Any] = {}
    problems = []
    for key, value in values.items():
        if key not in hints:
            problems.append(f"`{key}` is not a setting; `huwen doctor` lists them")
            continue
        try:
            found[key] = checked(value, hint=hints[key], limits=_LIMITS[key])
        except ValueError as error:
            got = "" if key.endswith(("_key", "_keys")) else f" (got {value!r})"
            problems.append(f"`{key}`: {error}{got}")
    if problems:
        raise ConfigError(f"settings from {where or 'the program'} cannot be used: {'; '.join(problems)}")
    return found


def _with_place(values: Mapping[str, object]) -> Mapping[str, object]:
    """Return the values with an index in Milvus taken apart; an index that is a folder has none."""
    if "index" not in values or "milvus" in values:
        return values
    place = str(values["index"])
    if not place.startswith(MILVUS):
        return {**values, "milvus": None}
    # A path's slashes count once.
    uri, _, folder = re.sub(r"^(\w+:)/+(?=[^/])", r"\1//", place.removeprefix(MILVUS)).partition("#")
    if "://" not in uri and not uri.endswith(".db"):
        raise ConfigError(
            f"`index`: `{place}` names no Milvus; write milvus:http://HOST:19530, or milvus:NAME.db for a file of milvus-lite"
        )
    return {**values, "milvus": uri, "index": folder or ".huwen"}


_LIMITS: Mapping[str, Limits] = {one.name: one.metadata["limits"] for one in fields(Settings)}
