"""Trains the three networks of the example and writes the data set; needs torch, onnx and scikit-learn.

    python train.py

The digits are those of scikit-learn (load_digits), 8×8 pixels: 597 to train on, 800 for the trace to learn and certify
from, 400 to judge with. Everything is seeded.
"""

import gzip
import struct
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from sklearn.datasets import load_digits
from torch import nn

HERE = Path(__file__).resolve().parent.parent
TRAIN, HELD_OUT = 597, 800
MEAN, STD = 0.3, 0.37


def write_idx(name: str, array: np.ndarray) -> None:
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    with gzip.GzipFile(HERE / "dataset" / f"{name}.gz", "wb", mtime=0) as file:
        file.write(header + array.astype(np.uint8).tobytes())


def conv(channels_in: int, channels_out: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, 3, padding=1), nn.BatchNorm2d(channels_out), nn.ReLU()
    )


NETWORKS = {
    "tiny": lambda: nn.Sequential(nn.Flatten(), nn.Linear(64, 10)),
    "middle": lambda: nn.Sequential(conv(1, 8), nn.MaxPool2d(2), conv(8, 16), nn.Flatten(), nn.Linear(256, 10)),
    "big": lambda: nn.Sequential(
        conv(1, 32), conv(32, 48), conv(48, 48), nn.MaxPool2d(2), conv(48, 64), nn.Dropout(0.3),
        nn.Flatten(), nn.Linear(1024, 10),
    ),
}


def main() -> None:
    digits = load_digits()
    order = np.random.default_rng(0).permutation(len(digits.target))
    # 0 to 16 becomes 0 to 255, as images have it.
    images = np.round(digits.images[order] * 255 / 16).astype(np.uint8)
    labels = digits.target[order].astype(np.uint8)
    first = TRAIN + HELD_OUT
    (HERE / "dataset").mkdir(exist_ok=True)
    write_idx("train-images-idx3-ubyte", images[:first])
    write_idx("train-labels-idx1-ubyte", labels[:first])
    write_idx("t10k-images-idx3-ubyte", images[first:])
    write_idx("t10k-labels-idx1-ubyte", labels[first:])
    Image.fromarray(images[first:][labels[first:] == 7][0]).save(HERE / "seven.png")

    x = torch.tensor((images / 255 - MEAN) / STD, dtype=torch.float32)[:, None]
    y = torch.tensor(labels, dtype=torch.long)
    for name, make in NETWORKS.items():
        torch.manual_seed(0)
        network = make()
        optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=1e-2)
        epochs = 60
        for epoch in range(epochs):
            for group in optimizer.param_groups:
                group["lr"] = 3e-3 * (1 - epoch / epochs)
            network.train()
            for batch in torch.randperm(TRAIN).split(32):
                shift = [int(v) for v in torch.randint(-1, 2, (2,))] if name == "big" else [0, 0]
                loss = nn.functional.cross_entropy(network(x[batch].roll(shift, (2, 3))), y[batch])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
        network.eval()
        with torch.no_grad():
            right = network(x).argmax(1) == y
        held_out, test = right[TRAIN:first].float().mean(), right[first:].float().mean()
        print(f"{name}: {held_out:.2%} of the {HELD_OUT} held out, {test:.2%} of the {len(y) - first} test digits")
        torch.onnx.export(
            network, x[:1], HERE / f"{name}.onnx", input_names=["image"], output_names=["scores"],
            dynamic_axes={"image": {0: "batch"}, "scores": {0: "batch"}}, opset_version=17, dynamo=False,
        )


main()
