"""What both Fashion-MNIST recipes share: data and split, augmentation, training loop, ONNX export with its check.

Everything random is drawn from generators seeded by (seed, epoch), so a run that was interrupted and resumed
draws the same numbers as one that was not.
"""

import gzip
import hashlib
import struct
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterator

import numpy as np
import onnxruntime
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tqdm import tqdm

SEED = 2017
TRAIN_COUNT = 48_000  # of the 60,000 training images; the last 12,000 are held out of all network training
MEAN, STD = 0.286, 0.353  # of pixel / 255, as declared in pair.ts



def read_idx(path: Path) -> np.ndarray:
    """Reads one gzipped IDX file of unsigned bytes; the array has the shape that the header declares."""
    with gzip.open(path) as file:
        data = file.read()
    magic, = struct.unpack(">I", data[:4])
    if magic >> 8 != 0x08:
        raise ValueError(f"{path}: expected an IDX file of unsigned bytes, got magic {magic:#x}")
    rank = magic & 0xFF
    shape = struct.unpack(f">{rank}I", data[4 : 4 + 4 * rank])
    return np.frombuffer(data, np.uint8, offset=4 + 4 * rank).reshape(shape)


@dataclass
class Part:
    """Images as uint8 [n, 28, 28] and labels as int64 [n]."""

    images: Tensor
    labels: Tensor


@dataclass
class Data:
    train: Part
    held_out: Part
    test: Part


def load(folder: Path) -> Data:
    """The three parts: 48,000 for training, 12,000 held out for policies, 10,000 for reports."""

    def part(prefix: str, rows: slice) -> Part:
        images = read_idx(folder / f"{prefix}-images-idx3-ubyte.gz")[rows]
        labels = read_idx(folder / f"{prefix}-labels-idx1-ubyte.gz")[rows]
        return Part(torch.from_numpy(images.copy()), torch.from_numpy(labels.astype(np.int64)))

    return Data(
        train=part("train", slice(0, TRAIN_COUNT)),
        held_out=part("train", slice(TRAIN_COUNT, None)),
        test=part("t10k", slice(None)),
    )


def normalise(images: Tensor) -> Tensor:
    """uint8 [n, 28, 28] → float32 [n, 1, 28, 28], as pair.ts declares it."""
    return ((images.float() / 255 - MEAN) / STD).unsqueeze(1)


def augment(images: Tensor, generator: torch.Generator, erase: float = 0.0) -> Tensor:
    """Random crops after padding by 2, random mirroring, and noise in a random rectangle with probability `erase`."""
    n = len(images)

    def draw(low: int, high: int) -> Tensor:
        return torch.randint(low, high, (n, 1), generator=generator)

    grid = torch.arange(28)
    rows, columns = draw(0, 5) + grid, draw(0, 5) + grid
    columns = torch.where(draw(0, 2).bool(), columns, columns.flip(1))
    padded = F.pad(images, (2, 2, 2, 2))
    out = padded[torch.arange(n)[:, None, None], rows[:, :, None], columns[:, None, :]]
    if erase > 0:
        def inside(size: Tensor) -> Tensor:
            start = (torch.rand((n, 1), generator=generator) * (28 - size + 1)).long()
            return (grid >= start) & (grid < start + size)

        hit = torch.rand((n, 1, 1), generator=generator) < erase
        mask = inside(draw(4, 13))[:, :, None] & inside(draw(4, 13))[:, None, :] & hit
        noise = torch.randint(0, 256, out.shape, generator=generator, dtype=torch.uint8)
        out = torch.where(mask, noise, out)
    return out


def generator(*key: int) -> torch.Generator:
    """A generator whose stream depends on all parts of the key."""
    digest = hashlib.sha256(repr((SEED, *key)).encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:7], "big"))


def convolution(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


class Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(convolution(width, width), convolution(width, width))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x)


class Head(nn.Module):
    """Global max pooling, then a linear layer: [n, c, h, w] → [n, 10].

    The maxima are large at first; without the scale, training at a high learning rate starts very slowly.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.linear = nn.Linear(width, 10, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x.amax((2, 3))) * 0.125


Batch = tuple[Tensor, Tensor, Tensor | None]  # images [b, 1, 28, 28], labels [b], teacher logits [b, 10]
Loss = Callable[[nn.Module, Batch], Tensor]


def fit(
    name: str,
    model: nn.Module,
    epoch_data: Callable[[int], tuple[Tensor, Tensor | None]],
    labels: Tensor,
    loss: Loss,
    work: Path,
    *,
    epochs: int,
    peak_lr: float,
    batch_size: int = 256,
    weight_decay: float = 5e-4,
) -> nn.Module:
    """Nesterov SGD, warm-up then linear decay to zero; a checkpoint after every epoch, from which a new call resumes."""
    work.mkdir(parents=True, exist_ok=True)
    checkpoint = work / f"{name}.pt"
    model = model.to(memory_format=torch.channels_last)
    decay = [p for p in model.parameters() if p.ndim > 1]
    plain = [p for p in model.parameters() if p.ndim <= 1]
    optimiser = torch.optim.SGD(
        [{"params": decay, "weight_decay": weight_decay}, {"params": plain, "weight_decay": 0.0}],
        lr=peak_lr, momentum=0.9, nesterov=True,
    )
    steps = len(labels) // batch_size
    first = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        if state["epochs"] != epochs:
            raise ValueError(f"{checkpoint} is of a run of {state['epochs']} epochs, not {epochs}: delete it to start anew")
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        first = state["epoch"]

    def lr_at(step: int) -> float:
        progress = step / (epochs * steps)
        return peak_lr * min(progress / 0.2, (1 - progress) / 0.8)

    for epoch in range(first, epochs):
        model.train()
        images, teacher = epoch_data(epoch)
        order = torch.randperm(len(labels), generator=generator(1, epoch))
        total, started = 0.0, time.monotonic()
        bar = tqdm(range(steps), desc=f"{name} {epoch + 1}/{epochs}", mininterval=2, dynamic_ncols=True)
        for step in bar:
            rows = order[step * batch_size : (step + 1) * batch_size]
            batch = (
                normalise(images[rows]).contiguous(memory_format=torch.channels_last),
                labels[rows],
                None if teacher is None else teacher[rows],
            )
            for group in optimiser.param_groups:
                group["lr"] = lr_at(epoch * steps + step + 1)
            with torch.autocast("cpu", torch.bfloat16):
                value = loss(model, batch)
            optimiser.zero_grad()
            value.backward()
            optimiser.step()
            total += value.item()
            bar.set_postfix(loss=f"{total / (step + 1):.4f}", refresh=False)
        print(f"{name} epoch {epoch + 1}: loss {total / steps:.4f}, {time.monotonic() - started:.0f} s", flush=True)
        state = {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "epoch": epoch + 1, "epochs": epochs}
        torch.save(state, checkpoint.with_suffix(".tmp"))
        checkpoint.with_suffix(".tmp").replace(checkpoint)
    return model.eval()


def distillation(logits: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    """KL(teacher ‖ student) at a temperature, scaled by its square (Hinton, Vinyals, Dean 2015, section 2)."""
    student = F.log_softmax(logits.float() / temperature, 1)
    target = F.log_softmax(teacher.float() / temperature, 1)
    return F.kl_div(student, target, reduction="batchmean", log_target=True) * temperature**2


def batches(part: Part, size: int = 500) -> Iterator[Tensor]:
    for start in range(0, len(part.images), size):
        yield normalise(part.images[start : start + size])


@torch.no_grad()
def predict(model: nn.Module, part: Part) -> Tensor:
    """float32 logits [n, 10] (or [n, exits, 10])."""
    model.eval()
    return torch.cat([model(x) for x in batches(part)])


def accuracy(logits: Tensor, part: Part) -> float:
    return (logits.argmax(-1) == part.labels).float().mean().item()


def macs(model: nn.Module, *inputs: Tensor) -> int:
    """Multiply-accumulates of the convolutions and linear layers for the given inputs."""
    count = 0

    def hook(module: nn.Module, _: tuple, output: Tensor) -> None:
        nonlocal count
        count += output.numel() * module.weight[0].numel()

    handles = [m.register_forward_hook(hook) for m in model.modules() if isinstance(m, (nn.Conv2d, nn.Linear))]
    with torch.no_grad():
        model(*inputs)
    for handle in handles:
        handle.remove()
    return count


def export(model: nn.Module, example: Tensor, inputs: list[str], outputs: list[str], path: Path) -> None:
    """Writes float32 ONNX, opset 17, with a dynamic batch dimension called `batch`."""
    model = model.eval().to(memory_format=torch.contiguous_format)
    torch.onnx.export(
        model, (example,), str(path), dynamo=False, opset_version=17, input_names=inputs, output_names=outputs,
        dynamic_axes={name: {0: "batch"} for name in [*inputs, *outputs]},
    )
    if path.stat().st_size > 10_000_000:
        raise ValueError(f"{path.name} has {path.stat().st_size} bytes; expected at most 10 MB")


def run_onnx(path: Path, feeds: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return dict(zip([o.name for o in session.get_outputs()], session.run(None, feeds)))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
