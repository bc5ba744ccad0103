"""Any sentence-transformers model as an embedder; torch is imported only when one is opened."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from embeddings.encodable import encodable
from embeddings.prompts import Prompts, prompts_for
from rag.errors import BackendError, ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    from embeddings.options import EmbedderOptions
    from rag.types import Kind

MANY = 256  # texts from which on several processes are worth starting
SAMPLE = 65536  # bytes of each end of a file that its digest covers
MISSING_ONNX = "ONNX needs packages that are not installed; run `pip install 'sentence-transformers[onnx]'`"
MISSING = "`sentence-transformers` is not installed; run `pip install 'huwen[transformers]'`"


Pool = dict[Literal["input", "output", "processes"], Any]


class SentenceTransformersEmbedder:
    """Embeds with a transformer; texts longer than the model reads are cut by the model's own tokenizer."""

    def __init__(
        self, model: SentenceTransformer, *, identity: str, prompts: Prompts, batch: int, processes: int
    ) -> None:
        self._model = model
        self._prompts = prompts
        self._identity = identity
        self._batch = batch
        self._processes = processes
        self._pool: Pool | None = None

    @property
    def identity(self) -> str:
        """The model's name, its revision (or a digest of its files) and its dimension."""
        return self._identity

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return _dimension(self._model)

    def embed(self, texts: Sequence[str], *, kind: Kind) -> NDArray[np.float32]:
        """Return one unit row a text, zeros for a blank one. Raises `BackendError` when the model fails."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        told = [at for at, text in enumerate(texts) if text.strip()]
        if told:
            vectors[told] = self._encode([encodable(texts[at]) for at in told], prompt=self._prompts.of(kind))
        return vectors

    def _encode(self, texts: list[str], *, prompt: str) -> NDArray[np.float32]:
        try:
            vectors = self._model.encode(
                texts,
                prompt=prompt,
                batch_size=self._batch,
                show_progress_bar=False,
                normalize_embeddings=True,
                pool=self._pool_for(len(texts)),
            )
        except (RuntimeError, ValueError, IndexError) as error:
            raise BackendError(
                f"`{self._identity}` failed on {len(texts)} texts: {error}; try a smaller model, or `builtin`"
            ) from error
        return np.asarray(vectors, dtype=np.float32)

    def _pool_for(self, count: int) -> Pool | None:
        """Return the worker processes for a long list of texts; they are started once and end with this process."""
        if self._processes == 1 or count < MANY:
            return None
        if self._pool is None:
            devices = [str(self._model.device)] * self._processes
            self._pool = self._model.start_multi_process_pool(devices)
        return self._pool


def open_sentence_transformers(name: str, options: EmbedderOptions) -> SentenceTransformersEmbedder:
    """Open a model by its hub id or folder. Raises `ConfigError` with the command that brings what is missing."""
    folder = Path(name).expanduser()
    if (folder.is_absolute() or name.startswith(".")) and not folder.is_dir():
        raise ConfigError(f"no model folder at `{name}`; check the path after `sentence-transformers:`")
    local = folder.is_dir()
    model = _load(str(folder) if local else name, options)
    version = f"{folder.resolve().name}@{_digest(folder)}" if local else f"{name}@{_revision(model)}"
    return SentenceTransformersEmbedder(
        model,
        identity=f"sentence-transformers/{version}:{_dimension(model)}{_run_as(options)}",
        prompts=_prompts(model, name=folder.name),
        batch=options.batch,
        processes=options.processes,
    )


def _run_as(options: EmbedderOptions) -> str:
    """Return what of the options changes the vectors, as a part of the identity."""
    parts = ("" if options.dtype is None else options.dtype, "" if options.runtime == "torch" else options.runtime)
    return "".join(f":{part}" for part in parts if part)


def _load(place: str, options: EmbedderOptions) -> SentenceTransformer:
    try:
        from huggingface_hub.utils.tqdm import disable_progress_bars
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging
    except ImportError as error:
        raise ConfigError(f"{MISSING} ({error})") from error
    disable_progress_bars()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    kwargs = {} if options.dtype is None else {"dtype": options.dtype}
    try:
        return SentenceTransformer(place, device=options.device, model_kwargs=kwargs, backend=options.runtime)
    except (OSError, ValueError, RuntimeError, KeyError, ImportError) as error:
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        if options.runtime == "onnx" and not _has_onnx():
            raise ConfigError(f"{MISSING_ONNX} ({reason})") from error
        if (options.device is not None and options.device in reason) or "CUDA" in reason:
            raise ConfigError(
                f"the model `{place}` cannot run on `{options.device}`: {reason}; set `embedder_device` to `cpu`, or leave it out"
            ) from error
        raise ConfigError(
            f"the model `{place}` cannot be loaded: {reason}; run `hf download {place}` where there is a network, "
            "or give the path of a folder that holds it"
        ) from error


def _has_onnx() -> bool:
    return all(find_spec(name) is not None for name in ("optimum", "onnxruntime"))


def _dimension(model: SentenceTransformer) -> int:
    size = model.get_embedding_dimension()
    if size is None:
        raise ConfigError(
            "the model does not say how long its vectors are; choose another after `sentence-transformers:`"
        )
    return int(size)


def _prompts(model: SentenceTransformer, *, name: str) -> Prompts:
    """Return the prompts that the model's files bring, else those of its family."""
    own = Prompts(query=model.prompts.get("query") or "", document=model.prompts.get("document") or "")
    return own if own != Prompts() else prompts_for(name)


def _revision(model: SentenceTransformer) -> str:
    config = getattr(getattr(model[0], "auto_model", None), "config", None)
    return str(getattr(config, "_commit_hash", None) or "unknown")[:12]


def _digest(folder: Path) -> str:
    """Digest names, sizes and both ends of the folder's files: weights are too large to be read whole at each start."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()}\0{size}\0".encode())
        with path.open("rb") as file:
            digest.update(file.read(SAMPLE))
            file.seek(max(size - SAMPLE, 0))
            digest.update(file.read(SAMPLE))
    return digest.hexdigest()[:12]
