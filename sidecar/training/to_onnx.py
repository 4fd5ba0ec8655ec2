"""Writes the network of a tfjs-layers bundle as ONNX, weights and all.

    python3 sidecar/training/to_onnx.py sidecar/models/tumor_detection OUTPUT/model.onnx

Input and outputs keep their names; their layout is NCHW, as networks from PyTorch have it. Layers that the training
scripts use are known, any other is refused: a network that is nearly the same would be worse than none.
Needs the package `onnx`.
"""

import hashlib
import json
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

# IR 9 and opset 17 are read by every ONNX Runtime since 1.15.
IR_VERSION = 9
OPSET = 17
ACTIVATIONS = {"relu": "Relu", "sigmoid": "Sigmoid", "tanh": "Tanh"}


def read_bundle(folder):
    """The layers of model.json in their order, and each weight by its name."""
    described = json.loads((folder / "model.json").read_text())
    bytes_of_weights = (folder / "weights.bin").read_bytes()
    weights, start = {}, 0
    for spec in described["weightSpecs"]:
        if spec["dtype"] != "float32" or "quantization" in spec:
            raise SystemExit(f"{spec['name']} is not plain float32")
        count = int(np.prod(spec["shape"], dtype=np.int64))
        values = np.frombuffer(bytes_of_weights, "<f4", count, start).reshape(spec["shape"])
        weights[spec["name"]] = values
        start += count * 4
    if start != len(bytes_of_weights):
        raise SystemExit("weights.bin is longer than the weights that model.json names")
    return described["modelTopology"]["config"], weights, hashlib.sha256(bytes_of_weights).hexdigest()


class Graph:
    """Collects nodes and constants; a layer's answer is known by the layer's name."""

    def __init__(self, weights):
        self.weights = weights
        self.nodes = []
        self.constants = []

    def constant(self, name, values):
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, operator, inputs, output, **attributes):
        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, **attributes))

    def activate(self, activation, source, output):
        if activation == "softmax":
            self.node("Softmax", [source], output, axis=1)
        elif activation in ACTIVATIONS:
            self.node(ACTIVATIONS[activation], [source], output)
        else:
            raise SystemExit(f"the activation {activation} is not known")

    def add(self, kind, config, sources):
        adders = {
            "Conv2D": self.convolution,
            "MaxPooling2D": self.max_pooling,
            "UpSampling2D": self.up_sampling,
            "Concatenate": self.concatenation,
            "GlobalAveragePooling2D": self.global_average,
            "GlobalMaxPooling2D": self.global_maximum,
            "Dense": self.dense,
            "Activation": self.activation,
        }
        if kind not in adders:
            raise SystemExit(f"layers of the kind {kind} are not known")
        if config.get("data_format") not in (None, "channels_last", "channelsLast"):
            raise SystemExit(f"{config['name']} does not have its channels last")
        adders[kind](config, sources)

    def convolution(self, config, sources):
        name, strides = config["name"], config["strides"]
        if config["padding"] == "same" and list(strides) != [1, 1]:
            raise SystemExit(f"{name} pads and strides at once: frameworks differ in where they pad")
        kernel = self.constant(f"{name}/kernel", self.weights[f"{name}/kernel"].transpose(3, 2, 0, 1))
        inputs = [*sources, kernel]
        if config["use_bias"]:
            inputs.append(self.constant(f"{name}/bias", self.weights[f"{name}/bias"]))
        linear = config["activation"] == "linear"
        raw = name if linear else f"{name}/sum"
        self.node(
            "Conv",
            inputs,
            raw,
            kernel_shape=config["kernel_size"],
            strides=strides,
            dilations=config["dilation_rate"],
            auto_pad="SAME_UPPER" if config["padding"] == "same" else "VALID",
        )
        if not linear:
            self.activate(config["activation"], raw, name)

    def max_pooling(self, config, sources):
        if config["padding"] != "valid":
            raise SystemExit(f"{config['name']} pads")
        self.node(
            "MaxPool", sources, config["name"], kernel_shape=config["pool_size"], strides=config["strides"]
        )

    def up_sampling(self, config, sources):
        if config.get("interpolation", "nearest") != "nearest":
            raise SystemExit(f"{config['name']} interpolates")
        name = config["name"]
        scales = self.constant(f"{name}/scales", np.array([1, 1, *config["size"]], np.float32))
        self.node(
            "Resize",
            [*sources, "", scales],
            name,
            mode="nearest",
            coordinate_transformation_mode="asymmetric",
            nearest_mode="floor",
        )

    def concatenation(self, config, sources):
        if config["axis"] not in (-1, 3):
            raise SystemExit(f"{config['name']} does not put channels together")
        self.node("Concat", sources, config["name"], axis=1)

    def global_average(self, config, sources):
        self.global_pooling("GlobalAveragePool", config["name"], sources)

    def global_maximum(self, config, sources):
        self.global_pooling("GlobalMaxPool", config["name"], sources)

    def global_pooling(self, operator, name, sources):
        self.node(operator, sources, f"{name}/pooled")
        self.node("Flatten", [f"{name}/pooled"], name, axis=1)

    def dense(self, config, sources):
        name, linear = config["name"], config["activation"] == "linear"
        kernel = self.constant(f"{name}/kernel", self.weights[f"{name}/kernel"])
        inputs = [*sources, kernel]
        if config["use_bias"]:
            inputs.append(self.constant(f"{name}/bias", self.weights[f"{name}/bias"]))
        raw = name if linear else f"{name}/sum"
        self.node("Gemm", inputs, raw)
        if not linear:
            self.activate(config["activation"], raw, name)

    def activation(self, config, sources):
        self.activate(config["activation"], sources[0], config["name"])


def convert(folder):
    config, weights, digest = read_bundle(folder)
    graph = Graph(weights)
    inputs = {name for name, _, _ in config["input_layers"]}
    for layer in config["layers"]:
        if layer["name"] not in inputs:
            sources = [source for source, *_ in layer["inbound_nodes"][0]]
            graph.add(layer["class_name"], layer["config"], sources)
    outputs = [name for name, _, _ in config["output_layers"]]
    shapes = {layer["name"]: layer["config"].get("batch_input_shape") for layer in config["layers"]}
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            folder.name,
            [
                helper.make_tensor_value_info(
                    name, TensorProto.FLOAT, ["planes", shapes[name][3], "rows", "columns"]
                )
                for name in sorted(inputs)
            ],
            # Their shapes are inferred below.
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="neuronova to_onnx.py",
    )
    # Tells whether it was made of the weights that are there now.
    helper.set_model_props(model, {"weights_sha256": digest})
    model = onnx.shape_inference.infer_shapes(model, strict_mode=True)
    onnx.checker.check_model(model, full_check=True)
    return model


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    onnx.save(convert(pathlib.Path(sys.argv[1])), sys.argv[2])
