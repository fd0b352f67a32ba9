"""
Exports a sentence-transformers model: a loaded model in, the files of an `OnnxEmbedder` out.

It is done once, when an index is built, so that answering needs neither torch nor transformers. Within
`index` this is the only importer of torch itself.

The graph of a plain BERT, which the shipped model is, is put together by `index.bert_graph`; that of any
other model is torch's. torch has two exporters. The one used here (`dynamo=False`) needs the package
onnx; the other needs onnxscript and onnx-ir besides, takes 7 s instead of 2, and its graphs of the
shipped model were not faster. It is also the older one, which is why a graph is held to the model before
it counts.
"""

import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from index.embedding import plain
from index.encoder_files import (
    ENCODER_FILES,
    GRAPH_FILE,
    TOKENIZER_FILE,
    WEIGHTS_FILE,
    EncoderSettings,
    write_settings,
)
from index.errors import EmbedderError
from index.onnx_encoder import INPUTS, OUTPUT, OnnxEmbedder
from index.weights import ModelFiles

SAME_COSINE = 0.9999
"""
Least cosine between a model's vector and the exported one's for the same text. Of 500 questions and
500 passages of the shipped document the least was above 0.9999999; a graph that hides the wrong
tokens, or pools in another way, is far below.
"""

PROBES = (
    "",
    "hair",
    "What are the side effects of chemotherapy?",
    "My mother’s scan shows it has spread to the bones – what now, and who can we ask? " * 3,
    "tamoxifén, ﬁbrosis • 5–10 mg/m² 乳がん 😀",
    "a long story of treatments, tests, tiredness and questions " * 200,
)
"""Texts on which model and export must agree, one by one and together."""

QUERY_PROMPTS = ("query",)
DOCUMENT_PROMPTS = ("document", "passage", "corpus")
"""Names under which the library looks for what it puts before a text, in its order."""

_MODULES = (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])


class ExportError(EmbedderError):
    """A model cannot be exported; it still works through sentence-transformers."""


def export_encoder(model: Any, files: ModelFiles, folder: Path) -> None:
    """
    Write a model as an encoder that needs no torch.

    Args:
        model: The SentenceTransformer, on the CPU, made of a transformer, a pooling and perhaps a
            normalisation.
        files: Where it came from.
        folder: Existing folder that the files named in ENCODER_FILES are written to. They are on
            the disk when this returns.

    Raises:
        ExportError: The model is of another make, or what was exported does not do the same. Nothing
            is left in the folder.
        OSError: The disk does not take it. Nothing is left in the folder.

    """
    settings = _settings(model, files)
    finished = False
    try:
        _export(model, settings, folder)
        write_settings(settings, folder)
        _hold_to_model(model, files, folder)
        for name in ENCODER_FILES:
            _settle(folder / name)
        finished = True
    except (OSError, ExportError):
        raise
    # Whatever the libraries raise over a model they do not know, it means the same to the caller.
    except Exception as error:
        msg = f"model {files.name} cannot be exported: {first_line(error)}"
        raise ExportError(msg) from error
    finally:
        if not finished:
            for name in ENCODER_FILES:
                (folder / name).unlink(missing_ok=True)


def _settings(model: Any, files: ModelFiles) -> EncoderSettings:
    """Return the settings of a model, if it is one that can be exported."""
    makes = [type(module).__name__ for module in model]
    theirs = all(type(module).__module__.startswith("sentence_transformers.") for module in model)
    if makes not in _MODULES or not theirs:
        msg = f"model {files.name} cannot be exported: it is made of {', '.join(makes)}"
        raise ExportError(msg)
    obstacle = _obstacle(model)
    if obstacle is not None:
        msg = f"model {files.name} cannot be exported: {obstacle}"
        raise ExportError(msg)
    return EncoderSettings(
        name=files.name,
        digest=files.sha256,
        dimension=model.get_embedding_dimension(),
        max_tokens=int(model.get_max_seq_length() or 256),
        pad_id=model.tokenizer.pad_token_id,
        query_prompt=_prompt(model, *QUERY_PROMPTS),
        document_prompt=_prompt(model, *DOCUMENT_PROMPTS),
    )


def _obstacle(model: Any) -> str | None:
    """Return what about a model `OnnxEmbedder` does not do; None where there is nothing."""
    tokenizer = model.tokenizer
    if getattr(tokenizer, "backend_tokenizer", None) is None:
        return "its tokenizer has no fast form"
    if tokenizer.pad_token_id is None:
        return "its tokenizer has no token to pad with"
    if "left" in (tokenizer.padding_side, tokenizer.truncation_side):
        return "it reads texts from their end"
    prompted = _prompt(model, *QUERY_PROMPTS) or _prompt(model, *DOCUMENT_PROMPTS)
    if prompted and not getattr(model[1], "include_prompt", True):
        return "its prompts are left out of the pooling"
    return None


def _prompt(model: Any, *names: str) -> str:
    """Return what the library puts before a text, by the first of these names that the model has."""
    name = next((name for name in names if name in model.prompts), model.default_prompt_name)
    return model.prompts.get(name) or ""


def _export(model: Any, settings: EncoderSettings, folder: Path) -> None:
    """Write tokenizer and graph, with pooling and normalisation in it, and its weights beside it."""
    # They take a second, and only an index build without an encoder needs them.
    import onnx  # noqa: PLC0415

    from index.bert_graph import bert_graph, is_plain_bert  # noqa: PLC0415

    (folder / TOKENIZER_FILE).write_text(model.tokenizer.backend_tokenizer.to_str(), encoding="utf-8")
    # Two texts of different lengths, so that batch, length and padding are all seen.
    example = model.preprocess(["hello world", "a"])
    names = [name for name in INPUTS if name in example]
    path = folder / GRAPH_FILE
    if is_plain_bert(model, settings.dimension):
        graph = bert_graph(model, names)
    else:
        _trace(model, settings, {name: example[name] for name in names}, path)
        graph = onnx.load(path)
    # What is there already would be written on.
    path.unlink(missing_ok=True)
    (folder / WEIGHTS_FILE).unlink(missing_ok=True)
    onnx.save_model(graph, path, save_as_external_data=True, location=WEIGHTS_FILE)


def _trace(model: Any, settings: EncoderSettings, example: dict[str, Any], path: Path) -> None:
    """Write the graph that torch makes of a model by watching it read an example."""
    import torch  # noqa: PLC0415

    class Graph(torch.nn.Module):
        """Token numbers in, unit vectors out."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *features: torch.Tensor) -> torch.Tensor:
            pooled = self.model(dict(zip(example, features, strict=True)))["sentence_embedding"]
            # The shape is said again, so that the graph knows it whatever the pooling did.
            kept = pooled[:, : settings.dimension].reshape(-1, settings.dimension)
            return torch.nn.functional.normalize(kept, p=2.0, dim=-1)

    axes = {name: {0: "texts", 1: "tokens"} for name in example} | {OUTPUT: {0: "texts"}}
    with warnings.catch_warnings(), torch.no_grad():
        # It warns of its age, and of each size that might be fixed, which the probes would show.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Graph().eval(),
            tuple(example.values()),
            path,
            input_names=list(example),
            output_names=[OUTPUT],
            dynamic_axes=axes,
            dynamo=False,
        )


def _hold_to_model(model: Any, files: ModelFiles, folder: Path) -> None:
    """Refuse an export that does not do what the model does."""
    embedder = OnnxEmbedder(folder, files, workers=1)
    texts = [plain(text) for text in PROBES]
    tokens = model.tokenizer(texts, truncation=False, verbose=False)["input_ids"]
    if [embedder.count_tokens(text) for text in texts] != [len(ids) for ids in tokens]:
        msg = f"model {files.name} cannot be exported: its tokens come out differently"
        raise ExportError(msg)
    queries = model.encode_query(texts, normalize_embeddings=True, show_progress_bar=False)
    documents = model.encode_document(texts, normalize_embeddings=True, show_progress_bar=False)
    alone = np.concatenate([embedder.embed_queries([text]) for text in texts])
    for name, expected, found in (
        ("question", queries, alone),
        ("question among others", queries, embedder.embed_queries(texts)),
        ("text of a document", documents, embedder.embed_documents(texts)),
    ):
        least = float(np.min(np.sum(expected * found, axis=1)))
        # Written this way round, so that a vector of NaN is refused.
        if not least >= SAME_COSINE:
            msg = f"model {files.name} cannot be exported: a {name} has cosine {least:.6f} to its own"
            raise ExportError(msg)


def _settle(path: Path) -> None:
    """See a file onto the disk, so that a rename of its folder never comes before its content."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def first_line(error: Exception) -> str:
    """Return the first line of what an error says, or else its kind."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
