"""Requests that fit the pair: schemas cannot say what shape, label or document that is."""

import json
import os
import urllib.request
import zlib
from pathlib import Path

import schemathesis
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

SERVER = os.environ["SLUICE_ADDRESS"]
SAMPLES = Path(__file__).parents[2] / "registry/plugins/fashion-mnist/samples"
IMAGES = [path.read_bytes() for path in sorted(SAMPLES.glob("000*.png"))]
# The last four are too much for some of the networks.
VALUES = [0, 1, -0.81, 1e-30, 7, 255, 1e9, -1e30, 3e38, -3e38]
TENSOR = {"name": "image", "datatype": "FP32"}


def get(path):
    with urllib.request.urlopen(SERVER + path) as response:
        return json.load(response)


PAIRS = {pair["name"]: pair for pair in get("/v1/pairs")["pairs"]}
POLICIES = {name: get(f"/v1/pairs/{name}/policy") for name in PAIRS}
# An inference request with one item as binary data after it.
JSON = json.dumps(
    {"inputs": [{**TENSOR, "shape": [1, 1, 28, 28], "parameters": {"binary_data_size": 3136}}]}
).encode()
BINARY = [JSON + number * 784 for number in (b"\0\0\0\0", b"\0\0\x80\x3f", b"\xff\xff\x7f\x7f")]
for media_type in ("image/png", "image/jpeg", "image/webp"):
    schemathesis.openapi.media_type(media_type, st.sampled_from([*IMAGES, IMAGES[0][:99], b""]))
schemathesis.openapi.media_type("application/octet-stream", st.sampled_from(BINARY))
# Ids of requests that have no label yet.
ids = []


@schemathesis.hook
def map_case(context, case):
    """Makes three of four requests that fit the schema fit the pair as well."""
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return case
    drawn = zlib.crc32(repr((case.body, case.headers)).encode())
    name = case.operation.path.rsplit("/", 1)[-1]
    path = case.path_parameters or {}
    pair = path.get("pair") or path.get("model")
    if name in ("classify", "infer"):
        # What these say of the body is never a matter of chance.
        for header in ("Inference-Header-Content-Length", "Content-Encoding"):
            case.headers.pop(header, None)
    if case.media_type == "application/octet-stream":
        case.headers["Inference-Header-Content-Length"] = str(len(JSON))
    if pair not in PAIRS or drawn % 4 == 0:
        return case
    drawn //= 4
    if name in ("classify", "infer"):
        choose(case, pair, drawn)
        if case.media_type == "application/json":
            case.body = tensors(drawn) if name == "infer" else tensor(drawn)
        ids.append(f"drawn-{drawn}")
        case.headers["X-Request-Id"] = ids[-1]
    elif name == "feedback" and ids and isinstance(case.body, dict):
        case.body = {"id": ids.pop(), "label": drawn % 10}
    elif name in ("policy", "canary", "validate") and case.method in ("PUT", "POST"):
        case.body = {**POLICIES[pair], "active": point(pair, drawn)}
    elif name == "policy" and case.method == "PATCH":
        case.body = {"active": point(pair, drawn)}
    elif name == "canary" and case.method == "PATCH":
        case.body = {"share": [0.25, "50%", "100%"][drawn % 3]}
    return case


def choose(case, pair, drawn):
    """A policy or a point or neither, as there may be but one."""
    for header in ("Sluice-Operating-Point", "Sluice-Max-Loss"):
        case.headers.pop(header, None)
    case.query.pop("policy", None)
    match drawn % 4:
        case 1:
            case.headers["Sluice-Operating-Point"] = point(pair, drawn)
        case 2:
            case.headers["Sluice-Max-Loss"] = ["1%", "0.05"][drawn % 2]
        case 3 if case.operation.path.endswith("classify"):
            case.query["policy"] = f"always:{list(PAIRS[pair]['models'])[0]}"


def point(pair, drawn):
    points = POLICIES[pair]["points"]
    return points[drawn % len(points)]["id"]


def tensor(drawn):
    return {"shape": [1, 28, 28], "data": [VALUES[drawn % len(VALUES)]] * 784}


def tensors(drawn):
    count = 1 + drawn % 3
    data = [VALUES[drawn % len(VALUES)]] * 784 * count
    return {"id": str(drawn), "inputs": [{**TENSOR, "shape": [count, 1, 28, 28], "data": data}]}
