"""The demo network for Triton's Python backend: an ONNX file, run by ONNX Runtime."""

import os
import sys

# Triton's own Python does not know the environment that the packages are in.
sys.path.append(os.environ["SERVED_PACKAGES"])

import onnxruntime  # noqa: E402
import triton_python_backend_utils as triton  # noqa: E402


class TritonPythonModel:
    def initialize(self, args):
        self._session = onnxruntime.InferenceSession(
            os.environ["SERVED_NETWORK"], providers=["CPUExecutionProvider"]
        )
        self._names = [output.name for output in self._session.get_outputs()]

    def execute(self, requests):
        return [self._answer(request) for request in requests]

    def _answer(self, request):
        inputs = {tensor.name(): tensor.as_numpy() for tensor in request.inputs()}
        try:
            answers = self._session.run(self._names, inputs)
        except Exception as error:
            refusal = triton.TritonError(str(error), triton.TritonError.INVALID_ARG)
            return triton.InferenceResponse(error=refusal)
        tensors = [triton.Tensor(name, answer) for name, answer in zip(self._names, answers)]
        return triton.InferenceResponse(tensors)
