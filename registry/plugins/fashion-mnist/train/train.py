"""Trains small, medium and large, exports them to ONNX and checks them against PyTorch.

    python train.py --data <folder with the four IDX files>

Large learns from the labels; medium and small learn from large's logits as well (distillation). Checkpoints lie in
work/; a second call resumes. Prints the figures of the model card.
"""

import argparse
import json
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import recipe
from recipe import Batch, Data, Head, Residual, convolution

HERE = Path(__file__).parent
VIEWS = 8  # augmented copies of the training set for which large's logits are kept


def residual_network(width: int) -> nn.Sequential:
    """28×28 → 14×14 → 7×7 → 3×3, in the manner of DAWNBench's ResNet-9."""
    return nn.Sequential(
        convolution(1, width), convolution(width, 2 * width), nn.MaxPool2d(2), Residual(2 * width),
        convolution(2 * width, 4 * width), nn.MaxPool2d(2),
        convolution(4 * width, 8 * width), nn.MaxPool2d(2), Residual(8 * width),
        Head(8 * width),
    )


def small_network() -> nn.Sequential:
    return nn.Sequential(
        convolution(1, 16, 2), convolution(16, 32, 2), convolution(32, 32), nn.Flatten(), nn.Linear(32 * 7 * 7, 10)
    )


def train_large(data: Data, work: Path) -> nn.Module:
    def loss(model: nn.Module, batch: Batch) -> Tensor:
        images, labels, _ = batch
        return F.cross_entropy(model(images), labels)

    def epoch_data(epoch: int) -> tuple[Tensor, None]:
        return recipe.augment(data.train.images, recipe.generator(2, epoch), erase=0.4), None

    torch.manual_seed(recipe.SEED)
    model = residual_network(32)
    return recipe.fit("large", model, epoch_data, data.train.labels, loss, work, epochs=24, peak_lr=0.4)


@torch.no_grad()
def teacher_view(teacher: nn.Module, data: Data, view: int, work: Path) -> tuple[Tensor, Tensor]:
    """One augmented copy of the training set and the teacher's logits for it, kept in work/."""
    images = recipe.augment(data.train.images, recipe.generator(3, view))
    file = work / f"teacher-view-{view}.pt"
    if file.exists():
        return images, torch.load(file, weights_only=True)
    logits = []
    for start in range(0, len(images), 500):
        x = recipe.normalise(images[start : start + 500]).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            logits.append(teacher(x).float())
    torch.save(torch.cat(logits), file)
    return images, torch.cat(logits)


def train_student(name: str, model: nn.Module, epochs: int, teacher: nn.Module, data: Data, work: Path) -> nn.Module:
    def loss(student: nn.Module, batch: Batch) -> Tensor:
        images, labels, logits = batch
        answer = student(images)
        return 0.1 * F.cross_entropy(answer, labels) + 0.9 * recipe.distillation(answer, logits, temperature=2.0)

    def epoch_data(epoch: int) -> tuple[Tensor, Tensor]:
        return teacher_view(teacher, data, epoch % VIEWS, work)

    return recipe.fit(
        name, model, epoch_data, data.train.labels, loss, work, epochs=epochs, peak_lr=0.2, weight_decay=1e-4
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the four IDX files")
    parser.add_argument("--out", type=Path, default=HERE.parent, help="where the ONNX files go")
    options = parser.parse_args()
    work = HERE / "work"
    data = recipe.load(options.data)

    large = train_large(data, work)
    torch.manual_seed(recipe.SEED + 1)
    medium = train_student("medium", residual_network(10), 24, large, data, work)
    torch.manual_seed(recipe.SEED + 2)
    small = train_student("small", small_network(), 24, large, data, work)

    card = {}
    for name, model in {"small": small, "medium": medium, "large": large}.items():
        path = options.out / f"{name}.onnx"
        images = recipe.normalise(data.test.images[:1000])
        recipe.export(model, images[:1], ["image"], ["logits"], path)
        test = recipe.predict(model, data.test)
        difference = abs(recipe.run_onnx(path, {"image": images.numpy()})["logits"] - test[:1000].numpy()).max()
        if difference > 1e-3:
            raise ValueError(f"{path.name} differs from PyTorch by {difference} on 1,000 images; expected at most 1e-3")
        card[name] = {
            "test_accuracy": recipe.accuracy(test, data.test),
            "held_out_accuracy": recipe.accuracy(recipe.predict(model, data.held_out), data.held_out),
            "macs": recipe.macs(model, images[:1]),
            "bytes": path.stat().st_size,
            "onnx_difference_1000": float(difference),
            "sha256": recipe.sha256(path),
        }
    (options.out / "train" / "card.json").write_text(json.dumps(card, indent=2) + "\n")
    print(json.dumps(card, indent=2))
    print("Next: put the sha256 values into pair.ts, then `deno task test`.")


if __name__ == "__main__":
    main()
