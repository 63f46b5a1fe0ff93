"""Write resources/models/speaker.onnx from the weights of Resemblyzer. Done once; the result lies in the repository.

    python packaging/export_speaker.py WHEEL_OR_PRETRAINED_PT

Needs `torch` (for any processor), `onnx`, `onnxruntime` and `numpy` in an environment of its own: the first two are
no dependencies of Batchcast. The weights are `resemblyzer/pretrained.pt` in Resemblyzer-0.1.4-py3-none-any.whl
(Apache-2.0), to be had with `pip download --no-deps Resemblyzer==0.1.4`, and are checked by sha256.

The encoder is three LSTM layers of 256, a linear layer, ReLU and the division by the length. The first layer and the
linear one keep 16-bit weights; the second and third have 8-bit weights, one scale for each output, and run as ONNX
Runtime's DynamicQuantizeLSTM, which takes a third of the time. The first layer must not: its input, mel powers, spans
too many decades for 8 bits. The result is refused unless it agrees with PyTorch.
"""

import argparse
import hashlib
import io
import zipfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper

WEIGHTS_SHA256 = "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e"
LAYERS, HIDDEN, MELS = 3, 256, 40
EIGHT_BIT = {1, 2}  # layers
LEAST_COSINE = 0.999  # with PyTorch's embedding


class Encoder(torch.nn.Module):
    """The network as Resemblyzer has it."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = torch.nn.LSTM(MELS, HIDDEN, LAYERS, batch_first=True)
        self.linear = torch.nn.Linear(HIDDEN, HIDDEN)

    def forward(self, mels: torch.Tensor) -> torch.Tensor:
        """Embeddings, shape (batch, 256), of mel spectrograms, shape (batch, frames, 40)."""
        _, (hidden, _) = self.lstm(mels)
        raw = torch.relu(self.linear(hidden[-1]))
        return raw / torch.linalg.vector_norm(raw, dim=1, keepdim=True)


class Graph:
    """The nodes and constants of the ONNX model, gathered one after the other."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self._weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def node(self, kind: str, inputs: list[str], outputs: list[str], **attributes: object) -> None:
        """One more node."""
        self.nodes.append(helper.make_node(kind, inputs, outputs, **attributes))

    def constant(self, name: str, values: np.ndarray) -> None:
        """A constant as it is."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))

    def half(self, name: str, values: np.ndarray) -> None:
        """A constant that is kept with 16 bits and used with 32."""
        self.constant(f"{name}_16", values.astype(np.float16))
        self.node("Cast", [f"{name}_16"], [name], to=TensorProto.FLOAT)

    def layer(self, number: int) -> None:
        """One LSTM layer, from `x{number}` to `y{number}` (all frames) and `h{number}` (the last)."""
        name, source = str(number), "lstm.{}_{}_l" + str(number)
        biases = [_onnx_order(self._weights[source.format("bias", part)]) for part in ("ih", "hh")]
        self.constant("B" + name, np.concatenate(biases)[None])
        outputs = ["y" + name if number + 1 < LAYERS else "", "h" + name]
        extra = []
        for letter, part in (("W", "ih"), ("R", "hh")):
            matrix = _onnx_order(self._weights[source.format("weight", part)])
            if number not in EIGHT_BIT:
                self.half(letter + name, matrix[None])
                continue
            scale = (np.abs(matrix).max(axis=1) / 127).astype(np.float32)
            self.constant(letter + name, np.round(matrix / scale[:, None]).T[None].astype(np.int8))
            self.constant(letter + "s" + name, scale[None])
            self.constant(letter + "z" + name, np.zeros((1, len(scale)), np.int8))
            extra += [letter + "s" + name, letter + "z" + name]
        inputs = ["x" + name, "W" + name, "R" + name, "B" + name]
        if extra:
            self.node(
                "DynamicQuantizeLSTM", inputs + [""] * 4 + extra, outputs, hidden_size=HIDDEN, domain="com.microsoft"
            )
        else:
            self.node("LSTM", inputs, outputs, hidden_size=HIDDEN)


def _onnx_order(matrix: np.ndarray) -> np.ndarray:
    """PyTorch has the gates as input, forget, cell, output; ONNX as input, output, forget, cell."""
    gate, forget, cell, output = np.split(matrix, 4)
    return np.concatenate([gate, output, forget, cell])


def model_of(weights: dict[str, np.ndarray]) -> onnx.ModelProto:
    """The whole model: `mels` (batch, frames, 40) to `embeddings` (batch, 256)."""
    graph = Graph(weights)
    graph.constant("directions", np.array([1], np.int64))
    graph.constant("direction", np.array([0], np.int64))
    graph.node("Transpose", ["mels"], ["x0"], perm=[1, 0, 2])
    for number in range(LAYERS):
        graph.layer(number)
        if number + 1 < LAYERS:
            graph.node("Squeeze", [f"y{number}", "directions"], [f"x{number + 1}"])
    graph.node("Squeeze", [f"h{LAYERS - 1}", "direction"], ["last"])
    graph.half("linear", weights["linear.weight"])
    graph.constant("bias", weights["linear.bias"])
    graph.node("Gemm", ["last", "linear", "bias"], ["raw"], transB=1)
    graph.node("Relu", ["raw"], ["positive"])
    graph.node("LpNormalization", ["positive"], ["embeddings"], axis=1, p=2)
    mels = helper.make_tensor_value_info("mels", TensorProto.FLOAT, ["batch", "frames", MELS])
    embeddings = helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ["batch", HIDDEN])
    built = helper.make_graph(graph.nodes, "speaker", [mels], [embeddings], graph.constants)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(built, opset_imports=opsets, ir_version=9, producer_name="export_speaker.py")


def read_weights(source: Path) -> bytes:
    """`pretrained.pt` from the wheel or as it is; stops the program where it is not the published one."""
    if source.suffix == ".whl":
        with zipfile.ZipFile(source) as wheel:
            content = wheel.read("resemblyzer/pretrained.pt")
    else:
        content = source.read_bytes()
    if hashlib.sha256(content).hexdigest() != WEIGHTS_SHA256:
        raise SystemExit(f"{source} does not hold the weights of Resemblyzer 0.1.4.")
    return content


def agreement(model: bytes, encoder: Encoder) -> float:
    """The lowest cosine between the model's embeddings and PyTorch's, on spectrograms with the decades of speech."""
    random = np.random.default_rng(4)
    tilt = np.exp(-np.linspace(0, 7, MELS))
    mels = (tilt * random.gamma(0.5, 0.5, (32, 160, 1)) * random.gamma(1, 1, (32, 160, MELS))).astype(np.float32)
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    with torch.no_grad():
        meant = encoder(torch.from_numpy(mels)).numpy()
    return float((session.run(None, {"mels": mels})[0] * meant).sum(axis=1).min())


def main() -> None:
    """Read, build, compare, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="the wheel, or pretrained.pt out of it")
    here = Path(__file__).resolve().parent.parent
    parser.add_argument("--out", type=Path, default=here / "resources" / "models" / "speaker.onnx")
    arguments = parser.parse_args()
    state = torch.load(io.BytesIO(read_weights(arguments.source)), map_location="cpu", weights_only=True)["model_state"]
    encoder = Encoder()
    encoder.load_state_dict({name: values for name, values in state.items() if name.startswith(("lstm.", "linear."))})
    content = model_of({name: values.numpy() for name, values in state.items()}).SerializeToString(deterministic=True)
    lowest = agreement(content, encoder)
    if lowest < LEAST_COSINE:
        raise SystemExit(f"The model does not agree with PyTorch: the lowest cosine is {lowest:.5f}.")
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_bytes(content)
    print(f"{arguments.out}: {len(content)} bytes, cosine with PyTorch at least {lowest:.5f}")  # noqa: T201
    print(f"sha256 {hashlib.sha256(content).hexdigest()}, to be set in studio/quality/speaker.py")  # noqa: T201


if __name__ == "__main__":
    main()
