"""Serves the demo network in the form of TensorFlow Serving's REST API, for want of that server itself.

    python tensorflow_serving_form.py NETWORK.onnx MODEL PORT

Written by its documentation (https://www.tensorflow.org/tfx/serving/api_rest): model status and metadata, and predict with tensors
by column ("inputs") and by row ("instances"). Channels are last, as Keras has them; the ONNX network has them first.
"""

import json
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import onnxruntime

network, name, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
session = onnxruntime.InferenceSession(network, providers=["CPUExecutionProvider"])
INPUT = session.get_inputs()[0].name
OUTPUTS = [output.name for output in session.get_outputs()]


class Refused(Exception):
    pass


def run(nested):
    try:
        values = np.array(nested, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise Refused(f"Invalid argument: {error}") from error
    if values.ndim != 4:
        raise Refused(f"Invalid argument: input must be 4-dimensional[{','.join(map(str, values.shape))}]")
    try:
        answers = session.run(OUTPUTS, {INPUT: np.ascontiguousarray(values.transpose(0, 3, 1, 2))})
    except Exception as error:
        raise Refused(f"Invalid argument: {error}") from error
    last = [answer.transpose(0, 2, 3, 1) if answer.ndim == 4 else answer for answer in answers]
    return {output: answer.tolist() for output, answer in zip(OUTPUTS, last)}


def predict(body):
    if "inputs" in body:
        inputs = body["inputs"]
        named = inputs if isinstance(inputs, dict) else {INPUT: inputs}
        if list(named) != [INPUT]:
            raise Refused(f"Failed to process element: inputs must be [{INPUT}]")
        outputs = run(named[INPUT])
        return {"outputs": outputs if len(outputs) > 1 else outputs[OUTPUTS[0]]}
    rows = [row[INPUT] if isinstance(row, dict) else row for row in body["instances"]]
    outputs = run(rows)
    if len(outputs) == 1:
        return {"predictions": outputs[OUTPUTS[0]]}
    return {"predictions": [dict(zip(outputs, row)) for row in zip(*outputs.values())]}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if re.fullmatch(rf"/v1/models/{name}(/versions/1)?", self.path):
            status = {"error_code": "OK", "error_message": ""}
            self.answer(200, {"model_version_status": [{"version": "1", "state": "AVAILABLE", "status": status}]})
        elif re.fullmatch(rf"/v1/models/{name}(/versions/1)?/metadata", self.path):
            signature = {
                "inputs": {INPUT: {"dtype": "DT_FLOAT", "name": f"{INPUT}:0"}},
                "outputs": {output: {"dtype": "DT_FLOAT", "name": f"{output}:0"} for output in OUTPUTS},
                "method_name": "tensorflow/serving/predict",
            }
            self.answer(
                200,
                {
                    "model_spec": {"name": name, "signature_name": "", "version": "1"},
                    "metadata": {"signature_def": {"signature_def": {"serving_default": signature}}},
                },
            )
        else:
            self.answer(404, {"error": f"Could not find any versions of model {self.path}"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not re.fullmatch(rf"/v1/models/{name}(/versions/1)?:predict", self.path):
            self.answer(404, {"error": f"Servable not found for request: {self.path}"})
            return
        try:
            self.answer(200, predict(json.loads(body)))
        except (Refused, KeyError, json.JSONDecodeError) as error:
            self.answer(400, {"error": str(error)})

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
print("listening", flush=True)
server.serve_forever()
