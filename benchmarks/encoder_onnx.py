"""Write the fine-tuned encoder as two ONNX files that onnxruntime 1.20 and later run: its tokens, its network.

Weights are stored in 8 bits with one scale for each output; onnxruntime turns them into floats when it loads the file.
Whole-number products were tried: on a processor with AVX2 they were hardly faster, and they changed probabilities far
more than the storage does.
"""

import base64
import re
import struct
from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save

HAN = re.compile("[\u3400-\u9fff]")
SPACE = "\u2581"  # how SentencePiece writes a space
IR_VERSION, OPSET = 8, 17
HEADS, EPSILON, PLACES = 12, 1e-12, 160
_CONTROL, _UNKNOWN, _NORMAL = 3, 2, 1  # kinds of a piece


def required_pieces(tokenizer: dict[str, Any], used: set[int]) -> list[int]:
    """Return which pieces of multilingual-e5's vocabulary Chinese text needs, in their order: about a twelfth.

    Kept are those that the training texts use, every single Han character, piece of GB 2312's Han characters,
    character of ASCII or of GB 2312, and number. The first four (start, padding, end, unknown) come along.
    """

    def needed(number: int, piece: str) -> bool:
        bare = piece.replace(SPACE, "")
        if number in used or number < 4 or not bare:
            return True
        if len(bare) == 1:
            return bool(HAN.match(bare)) or bare.isascii() or _in_gb2312(bare)
        numeral = re.fullmatch(r"[0-9.,%年月日]+", bare) is not None
        return numeral or (_in_gb2312(bare) and all(map(HAN.match, bare)))

    return [number for number, (piece, _) in enumerate(tokenizer["model"]["vocab"]) if needed(number, piece)]


def _in_gb2312(text: str) -> bool:
    try:
        return bool(text.encode("gb2312"))
    except UnicodeError:
        return False


def write_tokens(tokenizer: dict[str, Any], kept: list[int], path: Path) -> None:
    """Write a graph of one node that cuts texts into pieces; the numbers it returns are positions in ``kept``."""
    node = helper.make_node(
        "SentencepieceTokenizer",
        ["texts", "n_best", "alpha", "no", "no", "no"],
        ["tokens", "starts"],
        domain="ai.onnx.contrib",
        model=_sentencepiece(tokenizer, kept),
    )
    values = helper.make_tensor_value_info
    graph = helper.make_graph(
        [node],
        "tokens",
        [values("texts", TensorProto.STRING, [None])],
        [values("tokens", TensorProto.INT32, [None]), values("starts", TensorProto.INT64, [None])],
        [
            helper.make_tensor("n_best", TensorProto.INT64, [1], [0]),
            helper.make_tensor("alpha", TensorProto.FLOAT, [1], [1.0]),
            helper.make_tensor("no", TensorProto.BOOL, [1], [False]),
        ],
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.contrib", 1)]
    save(helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="banmian"), path)


def _sentencepiece(tokenizer: dict[str, Any], kept: list[int]) -> bytes:
    """Return a SentencePiece model (sentencepiece_model.proto) with the kept pieces and the tokenizer's normaliser."""
    vocabulary = tokenizer["model"]["vocab"]
    kinds = {0: _CONTROL, 1: _CONTROL, 2: _CONTROL, 3: _UNKNOWN}
    pieces = []
    for number in kept:
        text, score = vocabulary[number]
        kind = kinds.get(number, _NORMAL)
        body = _bytes(1, text.encode()) + b"\x15" + struct.pack("<f", score) + _number(3, kind)
        pieces.append(_bytes(1, body))
    unigram = _number(3, 1) + _number(40, 3) + _number(41, 0) + _number(42, 2) + _number(43, 1)
    rules = next(part for part in tokenizer["normalizer"]["normalizers"] if part["type"] == "Precompiled")
    table = base64.b64decode(rules["precompiled_charsmap"])
    # The last three: a space before the text, repeated spaces as one, spaces as a character of their own.
    normaliser = _bytes(1, b"nmt_nfkc") + _bytes(2, table) + _number(3, 1) + _number(4, 1) + _number(5, 1)
    return b"".join(pieces) + _bytes(2, unigram) + _bytes(3, normaliser)


def _varint(number: int) -> bytes:
    return bytes([number]) if number < 128 else bytes([number & 127 | 128]) + _varint(number >> 7)


def _bytes(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


class Graph:
    """An ONNX graph in the making; every method returns the name of what it adds."""

    def __init__(self, eight_bits: bool) -> None:
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}
        self.eight_bits = eight_bits

    def constant(self, name: str, value: Any, kind: type = np.float32) -> str:
        """Add a constant."""
        self.constants[name] = numpy_helper.from_array(np.array(value, kind, order="C"), name)
        return name

    def add(self, kind: str, *inputs: str, **settings: Any) -> str:
        """Add an operator."""
        name = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **settings))
        return name

    def linear(self, x: str, name: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """Add a dense layer with weights of shape (n_out, n_in)."""
        matrix = self.add("Transpose", self.matrix(name, weight), perm=[1, 0])
        return self.add("Add", self.add("MatMul", x, matrix), self.constant(f"{name}.b", bias))

    def matrix(self, name: str, weight: np.ndarray) -> str:
        """Add a matrix; in 8 bits it is made of whole numbers and a scale for each row."""
        if not self.eight_bits:
            return self.constant(name, weight)
        whole, scale = eight_bits(weight)
        numbers = self.add("Cast", self.constant(f"{name}.q", whole, np.int8), to=TensorProto.FLOAT)
        return self.add("Mul", numbers, self.constant(f"{name}.scale", scale[:, None]))

    def norm(self, x: str, name: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """Add a normalisation of each token's vector."""
        inputs = (x, self.constant(f"{name}.w", weight), self.constant(f"{name}.b", bias))
        return self.add("LayerNormalization", *inputs, axis=-1, epsilon=EPSILON)

    def words(self, weight: np.ndarray) -> str:
        """Add the look-up of tokens' vectors, rows of ``weight``; only those looked up become floats."""
        if not self.eight_bits:
            return self.add("Gather", self.constant("word", weight), "ids")
        whole, scale = eight_bits(weight)
        rows = self.add("Gather", self.constant("word.q", whole, np.int8), "ids")
        scales = self.add("Gather", self.constant("word.scale", scale[:, None]), "ids")
        return self.add("Mul", self.add("Cast", rows, to=TensorProto.FLOAT), scales)


def eight_bits(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a matrix as whole numbers from -127 to 127, and what one step is worth in each row."""
    largest = np.abs(weight).max(axis=1)
    scale = np.where(largest > 0, largest, 1).astype(np.float32) / np.float32(127)
    return np.rint(weight / scale[:, None]).astype(np.int8), scale


def write_network(arrays: dict[str, np.ndarray], n_frozen: int, path: Path, *, eight_bits: bool = True) -> None:
    """Write the network: token numbers in, log-probabilities and mean vectors out.

    ``arrays``: ``word``, ``place``, ``ln.*``, ``layers.N.*`` and ``head.*`` by their names in torch.
    """
    graph = Graph(eight_bits)
    n_layers = 1 + max(int(name.split(".")[1]) for name in arrays if name.startswith("layers."))
    for axis in range(3):
        graph.constant(f"axis {axis}", [axis], np.int64)
    is_pad = graph.add("Equal", "ids", graph.constant("pad", 1, np.int64))
    seen = graph.add("Cast", graph.add("Not", is_pad), to=TensorProto.FLOAT)
    hidden = graph.add("Mul", graph.add("Cast", is_pad, to=TensorProto.FLOAT), graph.constant("far", -1e9))
    hidden = graph.add("Unsqueeze", hidden, graph.constant("axes 1 2", [1, 2], np.int64))
    length = graph.add("Shape", "ids", start=1, end=2)
    places = graph.add("Slice", graph.constant("place", arrays["place"][:PLACES]), "axis 0", length, "axis 0")
    x = graph.norm(graph.add("Add", graph.words(arrays["word"]), places), "ln", arrays["ln.weight"], arrays["ln.bias"])
    graph.constant("heads", [0, 0, 3, HEADS, arrays["word"].shape[1] // HEADS], np.int64)
    graph.constant("flat", [0, 0, arrays["word"].shape[1]], np.int64)
    means = []
    for number in range(n_layers):
        x = _layer(graph, arrays, f"layers.{number}.", x, hidden)
        if number + 1 in (n_frozen, n_layers):
            means.append(_mean(graph, x, seen))
    graph.nodes.append(helper.make_node("Concat", means, ["view"], axis=-1))
    scores = graph.linear(means[-1], "head", arrays["head.weight"], arrays["head.bias"])
    graph.nodes.append(helper.make_node("LogSoftmax", [scores], ["log_probs"], axis=-1))
    sizes = {"log_probs": len(arrays["head.bias"]), "view": 2 * arrays["word"].shape[1]}
    made = helper.make_graph(
        graph.nodes,
        "encoder",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["n", "length"])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", size]) for name, size in sizes.items()],
        list(graph.constants.values()),
    )
    opsets = [helper.make_opsetid("", OPSET)]
    save(helper.make_model(made, opset_imports=opsets, ir_version=IR_VERSION, producer_name="banmian"), path)


def _mean(graph: Graph, x: str, seen: str) -> str:
    """Add the mean over the tokens that are no padding."""
    total = graph.add("ReduceSum", graph.add("Mul", x, graph.add("Unsqueeze", seen, "axis 2")), "axis 1", keepdims=0)
    return graph.add("Div", total, graph.add("ReduceSum", seen, "axis 1", keepdims=1))


def _layer(graph: Graph, arrays: dict[str, np.ndarray], at: str, x: str, hidden: str) -> str:
    """Add one layer of the transformer."""

    def linear(inside: str, name: str) -> str:
        return graph.linear(inside, at + name, arrays[f"{at}{name}.weight"], arrays[f"{at}{name}.bias"])

    def norm(inside: str, name: str) -> str:
        return graph.norm(inside, at + name, arrays[f"{at}{name}.weight"], arrays[f"{at}{name}.bias"])

    three = graph.add("Reshape", linear(x, "qkv"), "heads")
    parts = [
        graph.add(
            "Transpose", graph.add("Gather", three, graph.constant(f"part {part}", part, np.int64), axis=2), perm=perm
        )
        for part, perm in enumerate(([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]))
    ]
    root = graph.constant("root", (arrays["word"].shape[1] / HEADS) ** -0.5)
    likeness = graph.add("MatMul", graph.add("Mul", parts[0], root), parts[1])
    shares = graph.add("Softmax", graph.add("Add", likeness, hidden), axis=-1)
    mixed = graph.add("Transpose", graph.add("MatMul", shares, parts[2]), perm=[0, 2, 1, 3])
    x = norm(graph.add("Add", x, linear(graph.add("Reshape", mixed, "flat"), "o")), "ln1")
    wide = linear(x, "f1")
    # GELU: half of x times (1 + erf(x / sqrt 2)); onnxruntime joins the five into one.
    bell = graph.add("Erf", graph.add("Div", wide, graph.constant("sqrt 2", 2**0.5)))
    bell = graph.add("Mul", wide, graph.add("Add", bell, graph.constant("one", 1)))
    return norm(graph.add("Add", x, linear(graph.add("Mul", bell, graph.constant("half", 0.5)), "f2")), "ln2")
