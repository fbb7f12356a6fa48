"""Trains one network with three exits, cuts it into stage files, and checks the cut network against the uncut one.

    python train.py --data <folder with the four IDX files>

All exits are trained together; the earlier ones learn from the last one's logits as well (self-distillation).
Checkpoints lie in work/; a second call resumes. Prints the figures of the model card.
"""

import argparse
import json
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "fashion-mnist" / "train"))

import recipe  # noqa: E402
from recipe import Batch, Head, Residual, convolution  # noqa: E402

WEIGHTS = (0.5, 0.7, 1.0)  # of the exits' losses
STAGES = ("stage1", "stage2", "stage3")


class Stage(nn.Module):
    """A piece of the trunk and the exit on top of it: features in, (logits, features) out."""

    def __init__(self, trunk: nn.Module, exit_head: nn.Module) -> None:
        super().__init__()
        self.trunk = trunk
        self.exit_head = exit_head

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        features = self.trunk(x)
        return self.exit_head(features), features


class LastStage(Stage):
    """Like Stage, but nothing reads its features."""

    def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]
        return super().forward(x)[0]


class EarlyExitNetwork(nn.Module):
    """The uncut network: images [b, 1, 28, 28] → logits of every exit [b, 3, 10]."""

    def __init__(self) -> None:
        super().__init__()
        self.stage1 = Stage(
            nn.Sequential(convolution(1, 16), convolution(16, 32), nn.MaxPool2d(2), Residual(32)),
            nn.Sequential(nn.MaxPool2d(2), convolution(32, 64), Head(64)),
        )
        self.stage2 = Stage(
            nn.Sequential(convolution(32, 64), Residual(64)),
            nn.Sequential(nn.MaxPool2d(2), convolution(64, 128), Head(128)),
        )
        self.stage3 = LastStage(
            nn.Sequential(
                convolution(64, 128), nn.MaxPool2d(2), convolution(128, 256), nn.MaxPool2d(2), Residual(256)
            ),
            Head(256),
        )

    def forward(self, images: Tensor) -> Tensor:
        first, features = self.stage1(images)
        second, features = self.stage2(features)
        return torch.stack([first, second, self.stage3(features)], 1)


def loss(model: nn.Module, batch: Batch) -> Tensor:
    images, labels, _ = batch
    exits = model(images).float()
    last = exits[:, -1].detach()
    total = exits.new_zeros(())
    for index, weight in enumerate(WEIGHTS):
        total = total + weight * F.cross_entropy(exits[:, index], labels)
        if index + 1 < len(WEIGHTS):
            total = total + weight * recipe.distillation(exits[:, index], last, temperature=2.0)
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the four IDX files")
    parser.add_argument("--out", type=Path, default=HERE.parent, help="where the ONNX files go")
    options = parser.parse_args()
    data = recipe.load(options.data)

    def epoch_data(epoch: int) -> tuple[Tensor, None]:
        return recipe.augment(data.train.images, recipe.generator(4, epoch), erase=0.4), None

    torch.manual_seed(recipe.SEED + 3)
    model = recipe.fit(
        "exits", EarlyExitNetwork(), epoch_data, data.train.labels, loss, HERE / "work", epochs=18, peak_lr=0.2
    )

    images = recipe.normalise(data.test.images[:1000])
    test, held_out = recipe.predict(model, data.test), recipe.predict(model, data.held_out)
    value, card = images, {}
    for index, name in enumerate(STAGES):
        stage = getattr(model, name)
        last = name == STAGES[-1]
        path = options.out / f"{name}.onnx"
        # Within one ONNX file an input and an output cannot share a name, so stage2 reads features_in, writes features.
        inputs = ["image" if index == 0 else "features_in"]
        outputs = ["logits"] if last else ["logits", "features"]
        count = recipe.macs(stage, value[:1])
        recipe.export(stage, value[:1], inputs, outputs, path)
        answer = recipe.run_onnx(path, {inputs[0]: value.numpy()})
        difference = abs(answer["logits"] - test[:1000, index].numpy()).max()
        if difference > 1e-4:
            raise ValueError(f"{path.name} differs from the uncut network by {difference}; expected at most 1e-4")
        if not last:
            value = torch.from_numpy(answer["features"])
        card[name] = {
            "test_accuracy": recipe.accuracy(test[:, index], data.test),
            "held_out_accuracy": recipe.accuracy(held_out[:, index], data.held_out),
            "macs": count,
            "bytes": path.stat().st_size,
            "onnx_difference_1000": float(difference),
            "sha256": recipe.sha256(path),
        }
    (HERE / "card.json").write_text(json.dumps(card, indent=2) + "\n")
    print(json.dumps(card, indent=2))
    print("Next: put the sha256 values into pair.ts, then `deno task test`.")


if __name__ == "__main__":
    main()
