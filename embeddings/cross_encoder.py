"""A cross-encoder of sentence-transformers as a reranker: it reads question and passage together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embeddings.encodable import encodable
from embeddings.sentence_transformers import MISSING
from rag.errors import BackendError, ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sentence_transformers import CrossEncoder

    from rag.protocols import Reranker
    from rag.search_types import Asked, Candidate

PREFIX = "cross-encoder:"
BATCH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossEncoderReranker:
    """Puts the best `reranked` candidates of another reranker into the order of a cross-encoder.

    The probabilities stay those of `first`, handed out in the new order: a cross-encoder's own scores are on a scale of
    each model's, and whether the passages answer at all is judged by a calibrated one.
    """

    model: CrossEncoder
    first: Reranker
    reranked: int

    def scores(self, asked: Asked, candidates: Sequence[Candidate]) -> list[float]:
        """Return for each candidate, in order, the probability, 0 to 1, that it answers. Raises `BackendError`."""
        scores = self.first.scores(asked, candidates)
        order = sorted(range(len(candidates)), key=lambda at: (-scores[at], candidates[at].chunk.chunk_id))
        best = order[: self.reranked]
        read = self._read(asked.text, [candidates[at] for at in best])
        by_reading = sorted(range(len(best)), key=lambda at: (-read[at], candidates[best[at]].chunk.chunk_id))
        moved = {best[at]: scores[place] for at, place in zip(by_reading, best, strict=True)}
        return [moved.get(at, score) for at, score in enumerate(scores)]

    def _read(self, question: str, candidates: Sequence[Candidate]) -> list[float]:
        pairs = [(encodable(question), encodable(f"{row.chunk.header}\n{row.chunk.text}")) for row in candidates]
        if not pairs:
            return []
        try:
            scores = np.asarray(self.model.predict(pairs, batch_size=BATCH, show_progress_bar=False), dtype=np.float64)
        except (RuntimeError, ValueError, IndexError) as error:
            raise BackendError(
                f"the cross-encoder failed on {len(pairs)} passages: {error}; set `reranker` to `learned` or a smaller model"
            ) from error
        if scores.shape != (len(pairs),) or not np.isfinite(scores).all():
            raise BackendError(
                f"the cross-encoder gave scores of shape {scores.shape}, or values that are not numbers; one number a "
                "passage is needed: choose a model with one label"
            )
        return [float(score) for score in scores]


def open_cross_encoder(spec: str, *, first: Reranker, reranked: int, device: str | None) -> CrossEncoderReranker:
    """Open the model that `spec` names after `cross-encoder:`. Raises `ConfigError` with the command that mends it."""
    name = spec.removeprefix(PREFIX).strip()
    if not spec.startswith(PREFIX) or not name:
        raise ConfigError(f"`{spec}` is no reranker; set `reranker` to `learned` or `{PREFIX}NAME-OR-PATH`")
    folder = Path(name).expanduser()
    if (folder.is_absolute() or name.startswith(".")) and not folder.is_dir():
        raise ConfigError(f"no model folder at `{name}`; check the path after `{PREFIX}`")
    try:
        from sentence_transformers import CrossEncoder
    except ImportError as error:
        raise ConfigError(f"{MISSING} ({error})") from error
    place = str(folder) if folder.is_dir() else name
    try:
        model = CrossEncoder(place, device=device)
    except (OSError, ValueError, RuntimeError, KeyError, ImportError) as error:
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        raise ConfigError(
            f"the cross-encoder `{place}` cannot be loaded: {reason}; run `hf download {place}` where there is a network, "
            "or give the path of a folder that holds it"
        ) from error
    return CrossEncoderReranker(model=model, first=first, reranked=reranked)
