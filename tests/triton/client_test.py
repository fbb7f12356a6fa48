"""Triton's own Python client against a running server: `client_test.py <host:port>`.

Everything is compared with what `/v1/pairs/{pair}/classify` answers to the same sample images.
"""

import base64
import itertools
import json
import pathlib
import sys
import unittest
import urllib.request

import numpy as np
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

ROOT = pathlib.Path(__file__).parents[2]
SAMPLES = ROOT / "registry/plugins/fashion-mnist/samples"
PAIRS = ["fashion-mnist", "fashion-mnist-exits"]
OUTPUTS = ["logits", "probabilities", "label", "label_index", "route", "cost"]

ADDRESS = sys.argv.pop()
reference = json.loads((ROOT / "tests/fixtures/reference/samples.json").read_text())
NAMES = reference["names"]
PIXELS = np.frombuffer(base64.b64decode(reference["pixels"]), np.uint8).reshape(-1, 28, 28, 1)
IMAGES = ((PIXELS.astype(np.float64) / 255 - 0.286) / 0.353).astype(np.float32)
IMAGES = IMAGES.reshape(-1, 1, 28, 28)


def classify(pair, name):
    """Probabilities in the order of the labels, the label and the route of a sample's file."""
    request = urllib.request.Request(
        f"http://{ADDRESS}/v1/pairs/{pair}/classify?top_k=10",
        data=(SAMPLES / name).read_bytes(),
        headers={"content-type": "image/png"},
    )
    with urllib.request.urlopen(request) as response:
        answer = json.load(response)
    predictions = sorted(answer["predictions"], key=lambda one: one["index"])
    probabilities = np.array([one["probability"] for one in predictions])
    return probabilities, answer["predictions"][0]["label"], ">".join(answer["route"]["path"])


def tensor(name, rows, binary):
    """An input for the client."""
    array = {"image": IMAGES, "pixels": PIXELS}[name][rows]
    given = triton.InferInput(name, list(array.shape), {"image": "FP32", "pixels": "UINT8"}[name])
    return given.set_data_from_numpy(array, binary_data=binary)


def wanted(binary, names=OUTPUTS):
    """Outputs for the client."""
    return [triton.InferRequestedOutput(name, binary_data=binary) for name in names]


def texts(array):
    """Strings of a tensor of BYTES, which the client leaves as they come."""
    return [one.decode() if isinstance(one, bytes) else one for one in array.ravel()]


class ClientTest(unittest.TestCase):
    def setUp(self):
        self.client = triton.InferenceServerClient(ADDRESS)
        self.addCleanup(self.client.close)

    def refused(self, status, part, call, *args, **kwargs):
        with self.assertRaises(InferenceServerException) as raised:
            call(*args, **kwargs)
        self.assertIn(part, raised.exception.message())
        self.assertEqual(raised.exception.status(), str(status))

    def test_health(self):
        self.assertTrue(self.client.is_server_live())
        self.assertTrue(self.client.is_server_ready())
        for pair in PAIRS:
            self.assertTrue(self.client.is_model_ready(pair))
            self.assertTrue(self.client.is_model_ready(pair, "1"))
            self.assertFalse(self.client.is_model_ready(pair, "2"))
        self.assertFalse(self.client.is_model_ready("no-such-pair"))

    def test_metadata(self):
        self.assertIn("binary_tensor_data", self.client.get_server_metadata()["extensions"])
        for pair in PAIRS:
            metadata = self.client.get_model_metadata(pair)
            self.assertEqual(metadata, self.client.get_model_metadata(pair, "1"))
            self.assertEqual(metadata["versions"], ["1"])
            inputs = {one["name"]: (one["datatype"], one["shape"]) for one in metadata["inputs"]}
            self.assertEqual(inputs["image"], ("FP32", [-1, 1, 28, 28]))
            self.assertEqual(inputs["pixels"], ("UINT8", [-1, -1, -1, -1]))
            self.assertEqual([one["name"] for one in metadata["outputs"]], OUTPUTS)

    def test_repository_index(self):
        index = self.client.get_model_repository_index()
        self.assertEqual([(one["name"], one["version"], one["state"]) for one in index],
                         [(pair, "1", "READY") for pair in PAIRS])

    def test_single_items_are_answered_as_files(self):
        """To the last bit, in every form of input and output."""
        forms = list(itertools.product(["image", "pixels"], [True, False], [True, False]))
        for pair in PAIRS:
            for row, name in enumerate(NAMES):
                probabilities, label, route = classify(pair, name)
                logits = []
                for kind, binary_in, binary_out in forms:
                    given = tensor(kind, slice(row, row + 1), binary_in)
                    result = self.client.infer(pair, [given], outputs=wanted(binary_out))
                    np.testing.assert_array_equal(result.as_numpy("probabilities")[0], probabilities)
                    self.assertEqual(texts(result.as_numpy("label")), [label])
                    self.assertEqual(texts(result.as_numpy("route")), [route])
                    logits.append(result.as_numpy("logits"))
                    self.assertEqual(logits[-1].dtype, np.float32)
                    self.assertEqual(result.as_numpy("label_index").dtype, np.int64)
                    self.assertEqual(result.as_numpy("label_index")[0], logits[-1].argmax())
                for other in logits[1:]:
                    np.testing.assert_array_equal(other, logits[0])
        print(f"\n{len(PAIRS)} pairs, {len(NAMES)} samples, {len(forms)} forms: equal")

    def test_batches_of_64_are_answered_as_files(self):
        rows = np.arange(64) % len(NAMES)
        for pair in PAIRS:
            probabilities, labels, routes = zip(*(classify(pair, NAMES[row]) for row in rows))
            self.assertGreaterEqual(len(set(routes)), 2)
            largest, logits = 0, []
            for kind, binary in itertools.product(["image", "pixels"], [True, False]):
                given = tensor(kind, rows, binary)
                result = self.client.infer(pair, [given], outputs=wanted(binary), request_id="b64")
                self.assertEqual(result.get_response()["id"], "b64")
                self.assertEqual(texts(result.as_numpy("label")), list(labels))
                self.assertEqual(texts(result.as_numpy("route")), list(routes))
                difference = np.abs(result.as_numpy("probabilities") - np.array(probabilities)).max()
                self.assertLessEqual(difference, 1e-4)
                largest = max(largest, difference)
                logits.append(result.as_numpy("logits"))
            for other in logits[1:]:
                np.testing.assert_array_equal(other, logits[0])
            one = np.concatenate([
                self.client.infer(pair, [tensor("pixels", [row], True)]).as_numpy("logits")
                for row in rows
            ])
            apart = np.abs(logits[0] - one).max()
            self.assertLessEqual(apart, 1e-4)
            print(f"\n{pair}: batch of 64 against single items: probabilities differ by at most "
                  f"{largest:.1e}, logits by {apart:.1e}")

    def test_defaults_version_and_parameters(self):
        given = tensor("image", slice(0, 2), True)
        for policy, route in [("always:small", "small,small"), ("always:large", "large,large")]:
            result = self.client.infer("fashion-mnist", [given], "1", parameters={"policy": policy})
            answer = result.get_response()
            self.assertEqual([one["name"] for one in answer["outputs"]], ["logits"])
            self.assertEqual(answer["parameters"], {"policy": policy, "route": route})
            self.assertEqual((answer["model_name"], answer["model_version"]), ("fashion-mnist", "1"))
            self.assertNotIn("id", answer)

    def test_asynchronous_calls(self):
        with triton.InferenceServerClient(ADDRESS, concurrency=8) as client:
            calls = [client.async_infer(PAIRS[0], [tensor("pixels", [row], True)]) for row in range(20)]
            for row, call in enumerate(calls):
                expected = self.client.infer(PAIRS[0], [tensor("pixels", [row], True)])
                np.testing.assert_array_equal(
                    call.get_result().as_numpy("logits"), expected.as_numpy("logits"))

    def test_compression(self):
        expected = self.client.infer(PAIRS[0], [tensor("image", slice(0, 8), True)])
        for binary, algorithm in itertools.product([True, False], ["gzip", "deflate"]):
            result = self.client.infer(
                PAIRS[0],
                [tensor("image", slice(0, 8), binary)],
                outputs=wanted(binary),
                request_compression_algorithm=algorithm,
                response_compression_algorithm=algorithm,
            )
            np.testing.assert_array_equal(result.as_numpy("logits"), expected.as_numpy("logits"))

    def test_classification(self):
        output = triton.InferRequestedOutput("logits", class_count=3)
        result = self.client.infer(PAIRS[0], [tensor("pixels", slice(0, 4), True)], outputs=[output])
        logits = self.client.infer(PAIRS[0], [tensor("pixels", slice(0, 4), True)]).as_numpy("logits")
        for row, classes in enumerate(result.as_numpy("logits")):
            indices = [int(one.decode().split(":")[1]) for one in classes]
            self.assertEqual(indices, list(np.argsort(-logits[row])[:3]))

    def test_errors_carry_the_server_s_words(self):
        infer, given = self.client.infer, tensor("image", slice(0, 1), True)
        self.refused(404, "expected one of fashion-mnist", infer, "no-such-pair", [given])
        self.refused(404, 'version "3"', infer, PAIRS[0], [given], "3")
        self.refused(404, 'version "3"', self.client.get_model_metadata, PAIRS[0], "3")
        self.refused(422, "outputs[0].name", infer, PAIRS[0], [given], outputs=wanted(True, ["features"]))
        self.refused(422, "expected one", infer, PAIRS[0], [given, tensor("pixels", [0], True)])
        self.refused(422, "always:huge", infer, PAIRS[0], [given], parameters={"policy": "always:huge"})
        doubled = triton.InferInput("image", [1, 1, 28, 28], "FP64")
        doubled.set_data_from_numpy(IMAGES[:1].astype(np.float64))
        self.refused(422, 'is "FP64", expected "FP32"', infer, PAIRS[0], [doubled])
        row = triton.InferInput("image", [1, 784], "FP32").set_data_from_numpy(IMAGES[:1].reshape(1, 784))
        self.refused(422, "[1,784], expected [-1,1,28,28]", infer, PAIRS[0], [row])
        large = triton.InferInput("pixels", [257, 28, 28, 1], "UINT8")
        large.set_data_from_numpy(np.zeros([257, 28, 28, 1], np.uint8))
        self.refused(422, "a batch of 1 to 256", infer, PAIRS[0], [large])
        self.assertTrue(infer(PAIRS[0], [given]).as_numpy("logits").any())


if __name__ == "__main__":
    unittest.main()
