"""Writes what ships for the quick start and the tests: 60 test images as PNG, and PyTorch's answers to them.

    python samples.py --data <folder with the four IDX files>

Run it after both train.py. 48 images are the first of the test set; 12 are hard: the first after those on which small
is unsure (difference of its two largest probabilities below 0.2), 8 that large gets right and 4 that it does not.
"""

import argparse
import base64
import importlib.util
import json
from pathlib import Path
from types import ModuleType

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

import recipe
import train

HERE = Path(__file__).parent
PLUGINS = HERE.parents[1]
FIXTURES = PLUGINS.parents[1] / "tests" / "fixtures" / "reference"
LABELS = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]


def restore(model: nn.Module, checkpoint: Path) -> nn.Module:
    state = torch.load(checkpoint, weights_only=True)
    if state["epoch"] != state["epochs"]:
        raise ValueError(f"{checkpoint} is of epoch {state['epoch']} of {state['epochs']}: run train.py to its end first")
    model.load_state_dict(state["model"])
    return model.eval()


def load_module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("exits_train", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def choose(small: Tensor, large: Tensor, labels: Tensor) -> list[int]:
    top = small.softmax(1).topk(2).values
    unsure = top[:, 0] - top[:, 1] < 0.2
    right = large.argmax(1) == labels
    rest = torch.arange(len(labels)) >= 48

    def first(mask: Tensor, count: int) -> list[int]:
        return torch.nonzero(mask & rest)[:count, 0].tolist()

    return sorted([*range(48), *first(unsure & right, 8), *first(unsure & ~right, 4)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the four IDX files")
    data = recipe.load(parser.parse_args().data)
    work = HERE / "work"
    networks = {
        "small": restore(train.small_network(), work / "small.pt"),
        "medium": restore(train.residual_network(10), work / "medium.pt"),
        "large": restore(train.residual_network(32), work / "large.pt"),
    }
    exits_train = load_module(PLUGINS / "fashion-mnist-exits" / "train" / "train.py")
    exits = restore(exits_train.EarlyExitNetwork(), PLUGINS / "fashion-mnist-exits" / "train" / "work" / "exits.pt")

    rows = choose(
        recipe.predict(networks["small"], data.test), recipe.predict(networks["large"], data.test), data.test.labels
    )
    part = recipe.Part(data.test.images[rows], data.test.labels[rows])
    names = [f"{index + 1:04}.png" for index in range(len(rows))]

    folder = HERE.parent / "samples"
    folder.mkdir(exist_ok=True)
    for name, image in zip(names, part.images):
        Image.fromarray(image.numpy()).save(folder / name, optimize=True)
    labels = {name: LABELS[label] for name, label in zip(names, part.labels)}
    (folder / "labels.json").write_text(json.dumps(labels, indent=2) + "\n")

    stages = recipe.predict(exits, part)
    answers = {
        "fashion-mnist": {name: recipe.predict(network, part) for name, network in networks.items()},
        "fashion-mnist-exits": {name: stages[:, index] for index, name in enumerate(exits_train.STAGES)},
    }
    FIXTURES.mkdir(parents=True, exist_ok=True)
    pixels = base64.b64encode(part.images.numpy().tobytes()).decode()
    write(FIXTURES / "samples.json", {"names": names, "test_rows": rows, "pixels": pixels})
    for pair, logits in answers.items():
        rounded = {node: np.round(value.numpy().astype(float), 5).tolist() for node, value in logits.items()}
        write(FIXTURES / f"{pair}.json", rounded)


def write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
